//! The assessment of a row does not depend on the other rows.

use std::sync::Arc;

use approx::assert_relative_eq;
use bilevel::formula::Model;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, FORMULA, Settings};
use bilevel::referee::{Bench, ColumnCache, Referee};
use rstest::rstest;

/// Values of the leader like those of a run: spread over the range, and then closer and closer to a point.
fn places([low, high]: [f64; 2]) -> Vec<f64> {
    let width = high - low;
    let far = (0..300).map(|row| low + width * f64::from(row) / 299.0);
    let near = (0..100).map(|row| low + 0.6 * width + width * 0.9_f64.powi(row) * 0.3);
    far.chain(near).collect()
}

#[rstest]
fn rows_are_judged_alike_in_any_order_and_as_by_a_search_of_their_own(
    #[values("pbgd", "valleys", "mb-3-14", "mb-3-21", "tanh-doublewell")] id: &str,
) {
    let entry = problem::find(id).expect("a benchmark");
    // as formulas, without closed-form solutions
    let draft = problem::example(entry).expect("it ships as formulas");
    let model = Model::parse(draft).expect("the draft is right");
    let problem = (FORMULA.build)(&Settings::of_model(model));
    let metadata = problem.metadata();
    let [x, y] = metadata.planes[0].range;
    let bounds = &metadata.bounds;
    let points: Vec<Point> = (1_i32..)
        .zip(places(x))
        .map(|(row, x)| {
            let share = (f64::from(row) * 0.618).fract();
            let mut point = Point::from_blocks(&[vec![x], vec![y[0] + share * (y[1] - y[0])]]);
            bounds.project(1, &mut point[1]);
            bounds.project(2, &mut point[2]);
            point
        })
        .collect();
    let token = WorkToken::default();
    let memory = Arc::<ColumnCache>::default();
    let bench = Bench::new(&*problem, &memory, &token);
    let mut backwards: Vec<_> = points.iter().rev().map(|at| bench.assess(at)).collect();
    backwards.reverse();
    let referee = Referee::new(&*problem, &token).without_closed_forms();
    for (at, said) in points.iter().zip(backwards) {
        let alone = Arc::<ColumnCache>::default();
        let alone = Bench::new(&*problem, &alone, &token).assess(at);
        assert_eq!(said, alone, "{at:?}");
        let ((found, _), searched) = (said.expect("an answer"), referee.assess(at));
        let searched = searched.expect("an answer");
        assert_relative_eq!(found.gap, searched.gap, epsilon = 1e-9, max_relative = 1e-9);
        assert_relative_eq!(
            found.reduced,
            searched.reduced,
            epsilon = 1e-7,
            max_relative = 1e-7
        );
    }
}

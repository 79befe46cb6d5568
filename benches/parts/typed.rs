//! Typed formulas against the same problems built in, and the time to read a long formula.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::numerics::{Levels, Point, WorkToken};
use bilevel::problem::{Problem, Settings, example, find};
use bilevel_files::ProblemSpec;

use crate::in_turn::{in_turn, median, ratio};

/// The number of points evaluated in a round.
const POINTS: usize = 400;
/// The length of the formula that is read.
const LONG: usize = 2000;

/// The measurements on one problem.
pub(crate) struct Findings {
    pub(crate) id: &'static str,
    /// Time of the typed problem over that of the built-in one, for a value and a gradient of every level.
    pub(crate) ratio: f64,
    /// Nanoseconds of both per objective and point.
    pub(crate) nanoseconds: [f64; 2],
}

/// Measures the problems with a limit.
pub(crate) fn measure() -> Vec<Findings> {
    ["coreset", "pbgd"].into_iter().filter_map(of).collect()
}

fn of(id: &'static str) -> Option<Findings> {
    let entry = find(id)?;
    let built_in = (entry.build)(&Settings::new(entry.parameters));
    let typed = ProblemSpec::typed(Model::parse(example(entry)?).ok()?).build();
    let points: Vec<Point> = (0..POINTS)
        .map(|number| {
            let mut point = built_in.metadata().start.clone();
            for (place, value) in point.values_mut().iter_mut().enumerate() {
                *value += ((number * 7 + place * 3) as f64 * 0.754_877_666).fract() - 0.5;
            }
            point
        })
        .collect();
    let evaluate = |problem: &Arc<dyn Problem>| {
        let token = WorkToken::default();
        let mut gradient = Point::zeros(points[0].shape());
        for point in &points {
            for level in 1..=point.shape().levels() {
                std::hint::black_box(problem.value(level, point, &token));
                problem.grad(level, point, Levels::ALL, &mut gradient, &token);
                std::hint::black_box(&gradient);
            }
        }
    };
    let [of_typed, of_built_in] = in_turn(
        200,
        &mut [&mut || evaluate(&typed), &mut || evaluate(&built_in)],
    );
    let calls = (POINTS * points[0].shape().levels()) as f64;
    Some(Findings {
        id,
        ratio: ratio(&of_typed, &of_built_in),
        nanoseconds: [&of_typed, &of_built_in].map(|times| 1e9 * median(&times.rounds) / calls),
    })
}

/// Milliseconds to read and check a problem with a formula of 2,000 characters.
pub(crate) fn reading() -> f64 {
    let terms: Vec<String> = (1..LONG)
        .map(|number| format!("sin({number}*x)*exp(-y^2/{number})"))
        .scan(0, |length, term| {
            *length += term.len() + 3;
            (*length < LONG).then_some(term)
        })
        .collect();
    let objective = format!("{:LONG$}", terms.join(" + "));
    let level = |name: &str, objective: &str| LevelDraft {
        variables: vec![name.to_owned()],
        objective: objective.to_owned(),
        ..LevelDraft::default()
    };
    let draft = Draft {
        levels: vec![level("x", &objective), level("y", "(y - x)^2")],
        ..Draft::default()
    };
    let [times] = in_turn(
        50,
        &mut [&mut || {
            let model = Model::parse(draft.clone()).expect("it is right");
            drop(std::hint::black_box(ProblemSpec::typed(model).build()));
        }],
    );
    1e3 * median(&times.rounds)
}

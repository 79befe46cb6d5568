//! Barriers, walls and penalties in a follower's objective: minima compared with values on a fine grid.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::numerics::WorkToken;
use bilevel::problem::{self, Problem};
use bilevel::study::KnownMinima;
use rstest::rstest;

/// The points of the grid over x and over y.
const COLUMNS: usize = 801;
const ROWS: usize = 4001;
/// The columns beside a minimum among which φ has its value, and the tolerance in spans of φ.
const BESIDE: usize = 3;
const NEAR: f64 = 0.02;

/// A problem whose two levels have these variables, each in [-1, 1], and objectives.
fn problem(levels: [(&str, &str); 2]) -> Arc<dyn Problem> {
    let levels = levels.map(|(variable, objective)| LevelDraft {
        variables: vec![variable.to_owned()],
        objective: objective.to_owned(),
        bounds: vec![[-1.0, 1.0]],
        ..LevelDraft::default()
    });
    let draft = Draft {
        levels: levels.to_vec(),
        ..Draft::default()
    };
    problem::typed(Model::parse(draft).expect("the formulas are right"))
}

fn place(number: usize, count: usize) -> f64 {
    -1.0 + 2.0 * number as f64 / (count - 1) as f64
}

/// φ at the columns of the grid, without a search.
fn on_grid(problem: &dyn Problem) -> Vec<f64> {
    let token = WorkToken::default();
    let mut point = problem.metadata().start.clone();
    let mut phi = Vec::new();
    for column in 0..COLUMNS {
        point[1][0] = place(column, COLUMNS);
        let mut best = (f64::INFINITY, 0.0);
        for row in 0..ROWS {
            point[2][0] = place(row, ROWS);
            let value = problem.value(2, &point, &token);
            if value < best.0 {
                best = (value, point[2][0]);
            }
        }
        point[2][0] = best.1;
        phi.push(problem.value(1, &point, &token));
    }
    phi
}

#[rstest]
#[case("(x-0.5)^2+y", "(y-x)^2 + 1e-2/(y-sin(3*x))^2")]
#[case("(x-0.5)^2+y", "(y-x)^2 + 1e-3/(y-sin(3*x))^2")]
#[case("(x-0.5)^2+y", "(y-x)^2 + 1e-4/(y-sin(3*x))^2")]
#[case("(x-0.5)^2+y", "(y-x)^2 + 1e-3/(y-0.3*x)^4")]
#[case("(x-0.5)^2+y", "(y-x)^2 + 1e-4/(y-0.3*x)^3*sign(y-0.3*x)")]
#[case("(x-0.5)^2+y", "(y^2-0.25)^2 + 0.1*y*(x+0.3) + 1e-8/(y-x)^4")]
#[case("(x-0.5)^2-y", "(y-x)^2 + exp(-40*(y+0.2)) + 0.01*sin(20*y)")]
#[case("(x-0.5)^2+(y-0.5)^2", "(y-x)^2 + exp(-20*(y+0.2)) + 0.01*sin(20*y)")]
#[case("(x-0.5)^2+(y-0.5)^2", "(y-x)^2 + 0.1*exp(-0.2/(y-0.3))")]
#[case("(x-0.5)^2+(y-0.5)^2", "(y-x)^2 + 0.1*exp(-1/(y-0.3))")]
#[case("(x-0.5)^2+(y-0.5)^2", "(y-x)^2 + 1e12*max(0, -y)^2 + 0.1*y")]
#[case("(x-0.5)^2+(y-0.5)^2", "(y-x)^2 - 0.01*log(abs(y-0.2*x))")]
#[case("(x-0.5)^2+y", "(y-x)^2/(x-0.2)")]
fn minima_beside_barriers_are_those_of_a_fine_grid(#[case] leader: &str, #[case] follower: &str) {
    let problem = problem([("x", leader), ("y", follower)]);
    let phi = on_grid(&*problem);
    let finite = || phi.iter().copied().filter(|value| value.is_finite());
    let [low, high] = [
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(f64::NEG_INFINITY, f64::max),
    ];
    let slack = NEAR * (high - low);
    let known = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
    let targets = known.targets();
    let global = targets.iter().find(|one| one.is_global);
    let global = global.unwrap_or_else(|| panic!("{follower}: {targets:?}"));
    assert!(
        (global.value - low).abs() <= slack,
        "{follower}: {global:?}, and {low} on the grid"
    );
    for one in &targets {
        let x = one.x.as_ref().expect("it is known")[0];
        let column = (f64::midpoint(x, 1.0) * (COLUMNS - 1) as f64).round() as usize;
        let beside = &phi[column.saturating_sub(BESIDE)..(column + BESIDE + 1).min(COLUMNS)];
        let is_there = beside
            .iter()
            .any(|value| (value - one.value).abs() <= slack);
        assert!(is_there, "{follower}: {one:?}, and {beside:?} on the grid");
    }
}

#[rstest]
fn followers_of_two_variables_answer_beside_their_barriers() {
    let follower = "sum(i, 1, 2, (y[i]-x)^2 + 1e-3/(y[i]-0.3*x)^4)";
    let problem = problem([("x", "(x-0.5)^2 + y[1] + y[2]"), ("y[2]", follower)]);
    let known = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
    let targets = known.targets();
    let global = targets
        .iter()
        .find(|one| one.is_global)
        .expect("there is one");
    // the two numbers are that of the follower of one variable, y² + 10⁻³/y⁴ at x = 0
    let y = -(2e-3_f64).powf(1.0 / 6.0);
    assert!((global.value - (0.25 + 2.0 * y)).abs() < 1e-6, "{global:?}");
}

#[rstest]
fn the_end_of_a_descent_into_a_pole_is_no_minimum() {
    let leader = "x[1]^2 + x[2]^2 - 1e-4/(y[1]-y[2]-0.3)^2";
    let follower = "(y[1]-x[1])^2 + (y[2]-x[2])^2";
    let problem = problem([("x[2]", leader), ("y[2]", follower)]);
    let known = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
    for one in known.targets() {
        assert!(!one.is_global && one.value > -1.0, "{one:?}");
    }
}

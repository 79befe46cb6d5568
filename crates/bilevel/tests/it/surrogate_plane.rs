//! The function that a step descends over a plane, compared with its definition, and with the directions of the step.

use bilevel::numerics::WorkToken;
use bilevel::problem::Coordinate;
use bilevel::run::{RunSpec, StepReplay};
use bilevel::study::{StepAnatomy, SurrogatePlane, step_anatomy_of, surrogate_plane};
use bilevel::{method, problem};
use rstest::rstest;

use crate::known_steps::close;

const AXES: [Coordinate; 2] = [
    Coordinate { level: 1, index: 0 },
    Coordinate { level: 2, index: 0 },
];
const ITERATION: u64 = 7;

/// The step after some iterations on pbgd, with its surrogate over a range.
fn step_of(
    id: &str,
    given: &[(&str, &str)],
    range: [[f64; 2]; 2],
) -> (StepAnatomy, SurrogatePlane) {
    let problem = problem::find("pbgd").expect("it ships").instance();
    let mut spec = RunSpec::new(&problem, method::find(id).expect("it ships")).iterations(20);
    for (name, value) in given {
        let number = value.parse::<f64>();
        spec = match number {
            Ok(number) => spec.with(name, number),
            Err(_) => spec.with(name, *value),
        }
        .expect("a valid value");
    }
    let (mut replay, token) = (StepReplay::new(spec), WorkToken::default());
    let anatomy = step_anatomy_of(&mut replay, ITERATION, &token).expect("a step");
    let plane = surrogate_plane(&mut replay, ITERATION, AXES, range, [9, 7], &token);
    (anatomy, plane.expect("a state").expect("a surrogate"))
}

/// g = (x + y)² + x sin²(x + y), and its derivative by y.
fn g(x: f64, y: f64) -> f64 {
    (x + y).powi(2) + x * (x + y).sin().powi(2)
}

fn g_by_y(x: f64, y: f64) -> f64 {
    2.0 * (x + y) + x * (2.0 * (x + y)).sin()
}

/// f = cos(4 y + 2) / (1 + exp(2 − 4 x)) + ln((4 x − 2)² + 1) / 2.
fn f(x: f64, y: f64) -> f64 {
    (4.0 * y + 2.0).cos() / (1.0 + (2.0 - 4.0 * x).exp()) + 0.5 * (4.0 * x - 2.0).powi(2).ln_1p()
}

fn expect_plane(plane: &SurrogatePlane, expected: impl Fn(f64, f64) -> f64) {
    let grid = &plane.grid;
    let (mut found, mut by_hand) = (Vec::new(), Vec::new());
    for row in 0..grid.rows() {
        for column in 0..grid.columns {
            let [x, y] = grid.position(column, row);
            found.push(grid.value(column, row));
            by_hand.push(expected(x, y));
        }
    }
    assert_eq!(found.len(), 63);
    close(&found, &by_hand, 1e-10, plane.formula);
}

#[rstest]
fn the_problem_is_the_one_that_is_written_here() {
    let problem = problem::find("pbgd").expect("it ships").instance();
    let at = bilevel::numerics::Point::from_blocks(&[vec![1.7], vec![-0.4]]);
    let token = WorkToken::default();
    let found = [1, 2].map(|level| problem.value(level, &at, &token));
    close(&found, &[f(1.7, -0.4), g(1.7, -0.4)], 1e-12, "f and g");
}

#[rstest]
#[case("textbook")]
#[case("published")]
fn the_barrier_of_bvfsm_has_the_values_of_its_definition(#[case] reference: &str) {
    let range = [[0.1, 2.9], [-3.0, 1.5]];
    let (anatomy, plane) = step_of("bvfsm", &[("reference", reference)], range);
    let number = |name: &str| anatomy.number(name).expect("a number");
    let (mu, tau, alpha) = (
        number("regularization"),
        number("barrier"),
        number("inner step size"),
    );
    let path = &anatomy.term("inner path").expect("a path").value;
    let offset = anatomy.settings.number("offset");
    // G: the regularized value after the loop of z at another x
    let least = |x: f64| {
        let mut z = path[0];
        for _ in 1..path.len() {
            z -= alpha * (g_by_y(x, z) + 2.0 * mu * z);
        }
        g(x, z) + mu * z * z
    };
    let x_now = anatomy.before[1][0];
    let floor = 0.1 * offset;
    let mut floored = 0;
    expect_plane(&plane, |x, y| {
        let barrier = if reference == "published" {
            let weight = tau / (least(x_now) + offset + 1e-4);
            weight * (g(x, y) - least(x))
        } else {
            let room = least(x) - g(x, y) + offset;
            if room >= floor {
                -tau * room.ln()
            } else {
                tau * ((floor - room) / floor - floor.ln())
            }
        };
        f(x, y) + mu * y * y + barrier
    });
    let grid = &plane.grid;
    for row in 0..grid.rows() {
        let [x, y] = grid.position(4, row);
        floored += usize::from(least(x) - g(x, y) + offset < floor);
    }
    assert!(
        (1..grid.rows()).contains(&floored),
        "{floored} rows beyond the barrier"
    );
}

#[rstest]
#[case("sum")]
#[case("mean")]
fn the_penalized_objective_has_the_values_of_its_definition(#[case] scaling: &str) {
    let given = [("scaling", scaling), ("penalty", "0.7")];
    let (anatomy, plane) = step_of("penalty", &given, [[0.1, 2.9], [-3.0, 1.5]]);
    let number = |name: &str| anatomy.number(name).expect("a number");
    let (gamma, lambda) = (number("penalty"), number("gradient weight"));
    let nu = number("multipliers");
    expect_plane(&plane, |x, y| {
        let slope = g_by_y(x, y);
        f(x, y) + lambda * g(x, y) + nu * slope + 0.5 * gamma * slope * slope
    });
    assert!(plane.remark.is_some());
}

/// The follower's first step is along the slope of the surrogate.
#[rstest]
#[case("bvfsm", &[("reference", "textbook")])]
#[case("bvfsm", &[("reference", "published")])]
#[case("penalty", &[("penalty", "0.7")])]
fn the_follower_descends_its_slope(#[case] id: &str, #[case] given: &[(&str, &str)]) {
    let (anatomy, _) = step_of(id, given, [[0.0, 1.0], [0.0, 1.0]]);
    let (x, y) = (anatomy.before[1][0], anatomy.before[2][0]);
    // the columns and rows of the grid around the point, narrowly
    let step = 1e-4;
    let range = [
        [x - 4.0 * step, x + 4.0 * step],
        [y - 3.0 * step, y + 3.0 * step],
    ];
    let (_, plane) = step_of(id, given, range);
    let at = |row: usize| plane.grid.value(4, row);
    // of fourth order
    let slope = (8.0 * (at(4) - at(2)) - (at(5) - at(1))) / (12.0 * step);
    let name = ["directions of y", "inner directions"]
        .into_iter()
        .find(|name| {
            let term = anatomy.term(name);
            term.is_some() && (id == "penalty" || *name == "directions of y")
        });
    let direction = anatomy
        .term(name.expect("directions"))
        .expect("a term")
        .value[0];
    close(&[slope], &[direction], 1e-7, id);
}

#[rstest]
fn other_methods_have_none() {
    let problem = problem::find("pbgd").expect("it ships").instance();
    let spec = RunSpec::new(&problem, method::find("itd").expect("it ships")).iterations(9);
    let token = WorkToken::default();
    let range = [[0.0, 1.0]; 2];
    let plane = surrogate_plane(&mut StepReplay::new(spec), 3, AXES, range, [3; 2], &token);
    assert_eq!(plane, Ok(None));
}

//! Surrogates against closed forms on f = (x − 2)² + (y − 1)², g = ½ (y − x)².
//!
//! ```text
//! ITD, BOME:  y_T(x) = x + (1 − α)^T (y₀ − x), and f there
//! V-PBGD:     min over y of f + γ g, at y = (2 + γ x) / (2 + γ); g has the least value 0
//! Penalty:    min over y of f + λ g + ν (y − x) + ½ γ (y − x)², at y = (2 − ν + (λ + γ) x) / (2 + λ + γ)
//! ```

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::prelude::*;
use bilevel::study::surrogate;
use rstest::rstest;

#[derive(Debug)]
struct Parabolas;

impl Objectives for Parabolas {
    fn metadata(&self) -> Metadata {
        Metadata::new(Point::from_blocks(&[vec![0.5], vec![-1.5]]))
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 2.0).square() + (y - 1.0).square()
        } else {
            (y - x).square() * 0.5
        }
    }
}

fn f(x: f64, y: f64) -> f64 {
    (x - 2.0).powi(2) + (y - 1.0).powi(2)
}

fn spec(id: &str, numbers: &[(&str, f64)]) -> RunSpec {
    let problem: Arc<dyn Problem> = Arc::new(Differentiated::new(Parabolas));
    let mut spec = RunSpec::new(&problem, method::find(id).expect("it ships"));
    for (name, number) in numbers {
        spec.settings
            .set(name, (*number).into())
            .expect("the parameter takes it");
    }
    spec
}

/// Compares a surrogate with a closed form that takes x and the run's y.
#[track_caller]
fn assert_is(spec: &RunSpec, iteration: u64, expected: impl Fn(f64, f64) -> f64) {
    let (run, _) = Run::to_end(RunSpec {
        iterations: iteration,
        ..spec.clone()
    });
    let [x, y] = run.point().values()[..] else {
        unreachable!("one variable each");
    };
    let token = WorkToken::default();
    let curve = surrogate(spec, iteration, [-1.0, 3.0], 9, &token).expect("it has one");
    assert_eq!(curve.points.len(), 9);
    for point in curve.points.into_iter().chain(curve.at) {
        let expected = expected(point[0], y);
        assert!(
            (point[1] - expected).abs() < 1e-9 * (1.0 + expected.abs()),
            "{point:?}, on paper {expected}"
        );
    }
    assert_eq!(curve.at.map(|at| at[0]), Some(x));
}

#[rstest]
#[case("itd", 0)]
#[case("itd", 7)]
#[case("bome", 0)]
#[case("bome", 7)]
fn loops_start_from_the_y_of_the_run(#[case] id: &str, #[case] iteration: u64) {
    let numbers = [
        ("inner_steps", 3.0),
        ("inner_step_size", 0.25),
        ("outer_step_size", 0.1),
    ];
    assert_is(&spec(id, &numbers), iteration, |x, y| {
        f(x, x + 0.75_f64.powi(3) * (y - x))
    });
}

#[rstest]
fn a_loop_with_a_start_of_its_own_keeps_it() {
    let numbers = [
        ("inner_steps", 3.0),
        ("inner_step_size", 0.25),
        ("outer_step_size", 0.1),
    ];
    let mut spec = spec("itd", &numbers);
    spec.settings
        .set("inner_start", "fixed".into())
        .expect("it is a choice");
    assert_is(&spec, 7, |x, _| f(x, x + 0.75_f64.powi(3) * (-1.5 - x)));
    spec.settings
        .set("truncation", 2.0.into())
        .expect("it is in range");
    let token = WorkToken::default();
    let curve = surrogate(&spec, 0, [0.0, 1.0], 3, &token).expect("it has one");
    assert!(
        curve.label.ends_with("(not what it descends)"),
        "{}",
        curve.label
    );
}

#[rstest]
#[case(0, 2.0)]
#[case(5, 2.0 + 6.0 * 0.5)]
#[case(40, 8.0)]
fn v_pbgd_has_the_penalty_of_the_iteration(#[case] iteration: u64, #[case] gamma: f64) {
    let numbers = [
        ("first_gap_penalty", 2.0),
        ("gap_penalty", 8.0),
        ("penalty_ramp", 10.0),
        ("outer_step_size", 0.05),
    ];
    assert_is(&spec("v-pbgd", &numbers), iteration, |x, _| {
        let y = (2.0 + gamma * x) / (2.0 + gamma);
        f(x, y) + 0.5 * gamma * (y - x).powi(2)
    });
}

#[rstest]
fn penalty_has_its_first_weights_at_its_start() {
    let numbers = [("penalty", 3.0), ("multiplier", 0.4)];
    assert_is(&spec("penalty", &numbers), 0, |x, _| {
        let (gamma, lambda, nu) = (3.0, 0.4, 1e-4);
        let y = (2.0 - nu + (lambda + gamma) * x) / (2.0 + lambda + gamma);
        let slope = y - x;
        f(x, y) + 0.5 * lambda * slope.powi(2) + nu * slope + 0.5 * gamma * slope.powi(2)
    });
}

#[rstest]
fn the_surrogate_of_itd_is_what_its_direction_descends() {
    let numbers = [("inner_steps", 4.0), ("inner_step_size", 0.3)];
    let spec = spec("itd", &numbers);
    let token = WorkToken::default();
    let step = 1e-5;
    let x = spec.start.values()[0];
    let curve = surrogate(&spec, 0, [x - step, x + step], 2, &token).expect("it has one");
    let slope = (curve.points[1][1] - curve.points[0][1]) / (2.0 * step);
    let (run, _) = Run::to_end(RunSpec {
        iterations: 1,
        ..spec
    });
    let direction = run.direction()[0];
    assert!((slope - direction).abs() < 1e-6, "{slope}, {direction}");
}

#[rstest]
#[case("implicit", "it descends φ itself")]
#[case("evolution", "it compares values of φ")]
#[case("aid-cg", "no function that it descends is known in closed form")]
fn other_methods_say_why_they_have_none(#[case] id: &str, #[case] reason: &str) {
    let token = WorkToken::default();
    let refused = surrogate(&spec(id, &[]), 0, [0.0, 1.0], 5, &token).map(|curve| curve.points);
    assert_eq!(refused, Err(reason.to_owned()));
}

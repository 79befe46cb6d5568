//! Stochastic methods on the sampled quadratic, whose optimum solves a linear system.

use std::sync::Arc;

use bilevel::method;
use bilevel::numerics::WorkToken;
use bilevel::problem::{OracleCall, ParameterValue, Problem, Settings};
use bilevel::run::{Budget, Points, Recording, Run, RunSpec, StopRules};
use nalgebra::DVector;
use rstest::rstest;

fn quadratic() -> Arc<dyn Problem> {
    let entry = bilevel::problem::find("quadratic").expect("it is in the catalogue");
    (entry.build)(&Settings::new(entry.parameters))
}

/// The leader's block at the optimum of all samples.
fn optimum() -> DVector<f64> {
    let best = quadratic().metadata().minima[0].blocks[0].clone();
    DVector::from_vec(best.expect("it fixes x"))
}

fn ended(method: &str, seed: u64, iterations: u64, given: &[(&str, f64)]) -> Run {
    let problem = quadratic();
    let entry = method::find(method).expect("the method is in the list");
    let mut settings = Settings::new(entry.parameters);
    for (name, number) in given {
        if settings.declares(name) {
            settings
                .set(name, ParameterValue::Number(*number))
                .expect("in range");
        }
    }
    let spec = RunSpec {
        start: problem.metadata().start.clone(),
        problem,
        method: entry,
        settings,
        earlier: Arc::default(),
        start_number: 0,
        seed,
        iterations,
        stop: StopRules::default(),
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        diverge_at: Some(1e6),
    };
    let mut run = Run::new(spec, WorkToken::default());
    while run.status().is_running() {
        run.advance(Budget::Iterations(iterations));
    }
    assert_eq!(run.iteration(), iterations, "{method}: {:?}", run.status());
    run
}

fn error(run: &Run) -> f64 {
    (DVector::from_row_slice(&run.point()[1]) - optimum()).norm()
}

/// The settings of each stochastic method.
fn stochastic() -> [(&'static str, Vec<(&'static str, f64)>); 3] {
    let common = [
        ("inner_steps", 10.0),
        ("inner_step_size", 0.9),
        ("neumann_steps", 40.0),
        ("linear_step_size", 0.9),
    ];
    let with = |more: &[(&'static str, f64)]| [&common[..], more].concat();
    [
        ("stocbio", with(&[("outer_step_size", 0.1)])),
        (
            "mrbo",
            with(&[
                ("outer_step_size", 0.3),
                ("schedule_scale", 1.0),
                ("schedule_delay", 8.0),
                ("upper_momentum", 2.0),
                ("lower_momentum", 2.0),
            ]),
        ),
        ("vrbo", with(&[("outer_step_size", 0.1)])),
    ]
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    0.5 * (values[(values.len() - 1) / 2] + values[values.len() / 2])
}

#[rstest]
fn without_noise_stochastic_methods_reach_the_limit_of_their_series() {
    // (1 − 0.9 · 0.3)^41 is 2.5e-6
    for (method, given) in stochastic() {
        let run = ended(method, 0, 2000, &given);
        assert!(error(&run) < 1e-4, "{method}: {}", error(&run));
    }
}

#[rstest]
fn noise_leaves_a_floor_that_shrinks_with_it() {
    for (method, given) in stochastic() {
        let floor = |noise: f64| {
            let given = [&given[..], &[("gradient_noise", noise)]].concat();
            median(
                (0..10)
                    .map(|seed| error(&ended(method, seed, 300, &given)))
                    .collect(),
            )
        };
        let [large, small] = [0.1, 0.01].map(floor);
        assert!(large > 3.0 * small, "{method}: {large} {small}");
        assert!(small > 1e-5, "{method}: {small}");
        assert!(large < 0.6 * optimum().norm(), "{method}: {large}");
    }
}

#[rstest]
fn recursive_directions_are_less_noisy_than_plain_ones() {
    let floor = |number: usize| {
        let (method, given) = &stochastic()[number];
        let given = [&given[..], &[("gradient_noise", 0.1)]].concat();
        median(
            (0..10)
                .map(|seed| error(&ended(method, seed, 300, &given)))
                .collect(),
        )
    };
    let [plain, momentum, _] = [0, 1, 2].map(floor);
    assert!(momentum < plain, "{momentum} {plain}");
}

#[rstest]
fn chance_is_keyed_by_the_seed_and_by_nothing_else() {
    for (method, given) in stochastic() {
        let given = [&given[..], &[("gradient_noise", 0.1)]].concat();
        let end = |seed| ended(method, seed, 50, &given).point().clone();
        assert_eq!(end(3), end(3), "{method}");
        assert_ne!(end(3), end(4), "{method}");
    }
}

#[rstest]
fn each_outer_step_costs_what_the_literature_counts_and_restarts_are_counted_too() {
    let (steps, t, q) = (20, 10, 40);
    let counts = |number: usize| {
        let (method, given) = &stochastic()[number];
        let run = ended(method, 0, steps, given);
        let of = |call, level| run.counts().of(call, level);
        [
            of(OracleCall::Grad, 2),
            of(OracleCall::Grad, 1),
            of(OracleCall::Hvp, 2),
            of(OracleCall::Jvp, 2),
        ]
    };
    assert_eq!(counts(0), [t * steps, steps, q * steps, steps]);
    // the first step has no previous point
    let pairs = 2 * steps - 1;
    assert_eq!(counts(1), [pairs, pairs, q * pairs, pairs]);
    // two restarts, one every ten steps
    let pairs = 2 * (t + 1) * steps + 2;
    assert_eq!(counts(2), [pairs, pairs, q * pairs, pairs]);
}

#[rstest]
fn a_floor_shrinks_as_the_batch_grows_and_is_gone_at_full_batch() {
    for (method, given) in stochastic() {
        let floor = |batch: f64, seeds: u64, iterations: u64| {
            let given = [&given[..], &[("batch_size", batch)]].concat();
            let errors = (0..seeds).map(|seed| error(&ended(method, seed, iterations, &given)));
            median(errors.collect())
        };
        // so small that restarts of VRBO, with ten times the batch, do not cover all samples either
        let [small, large] = [1.0, 8.0].map(|batch| floor(batch, 10, 300));
        assert!(large < 0.7 * small, "{method}: {small} {large}");
        assert!(large > 1e-4, "{method}: {large}");
        let full = floor(100.0, 1, 2000);
        assert!(full < 1e-4, "{method}: {full}");
        assert_eq!(
            full,
            floor(0.0, 1, 2000),
            "{method}: all samples are no batch"
        );
    }
}

//! The methods against recorded trajectories: float64 runs computed from closed-form derivatives.
//!
//! `reference_data/bome_*.json` holds points, objectives and settings at k = 0, 1, 2, 5, 10, 20, 50, …

use std::sync::Arc;

use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{OracleCall, ParameterValue, Problem, Settings};
use bilevel::run::{Budget, Recording, Run, RunSpec, Status, StopRules};
use rstest::rstest;
use serde_json::Value as Json;

/// The last iteration at which the point itself must agree; later it is not stable under rounding.
const EXACT_UNTIL: u64 = 100;

fn problem(id: &str) -> Arc<dyn Problem> {
    let entry = bilevel::problem::find(id).expect("the problem is in the catalogue");
    (entry.build)(&Settings::new(entry.parameters))
}

fn numbers(json: &Json) -> Vec<f64> {
    let list = json.as_array().expect("a list");
    list.iter().filter_map(Json::as_f64).collect()
}

/// Parameters with their names in the records.
const RECORDED: [(&str, &str); 15] = [
    ("inner_steps", "T"),
    ("inner_step_size", "alpha"),
    ("outer_step_size", "xi_v"),
    ("outer_step_size_lower", "xi_t"),
    ("eta", "eta"),
    ("epsilon", "eps"),
    ("linear_steps", "K"),
    ("neumann_steps", "K"),
    ("linear_step_size", "beta"),
    ("l2", "l2"),
    ("log_weight", "ln"),
    ("horizon", "N"),
    ("multiplier", "lmbd_g"),
    ("tolerance", "pen_eps"),
    ("penalty", "gamma"),
];

/// The method and the settings of a recorded run.
fn settings(record: &Json) -> (&'static method::MethodInfo, Settings) {
    let recorded = record["method"].as_str().expect("a method is recorded");
    let id = match recorded {
        "ogd_repo" => "ogda".to_owned(),
        // full batches: no noise
        "stocbio_det" => "stocbio".to_owned(),
        _ => recorded.replace('_', "-"),
    };
    let entry = method::find(&id).unwrap_or_else(|| panic!("{id} is in the app"));
    let mut settings = Settings::new(entry.parameters);
    let mut set = |name: &str, value: ParameterValue| {
        settings
            .set(name, value)
            .expect("the recorded value is in range");
    };
    let hyper = &record["hyper"];
    for (name, key) in RECORDED {
        let is_declared = entry.parameters.iter().any(|p| p.name == name);
        // BSG-1's recorded 0 means 1e-50, which is the default
        let is_default = name == "epsilon" && hyper[key] == 0.0;
        if is_declared && !is_default {
            let number = hyper[key].as_f64();
            set(
                name,
                ParameterValue::Number(number.unwrap_or_else(|| panic!("{key} is recorded"))),
            );
        }
    }
    // recorded with derivatives that ignore the projection onto the box
    if entry.parameters.iter().any(|p| p.name == "projection") {
        set("projection", ParameterValue::Choice("ignored".to_owned()));
    }
    if hyper["phi"] == "q" {
        set("barrier", ParameterValue::Choice("gap".to_owned()));
    }
    if recorded == "bvfsm" {
        set("reference", ParameterValue::Choice("published".to_owned()));
        set("decay", ParameterValue::Choice("horizon".to_owned()));
        set("offset", ParameterValue::Number(0.0));
    }
    if recorded == "penalty" {
        set("scaling", ParameterValue::Choice("mean".to_owned()));
    }
    if recorded == "ogd_repo" {
        set("reference", ParameterValue::Choice("published".to_owned()));
    }
    (entry, settings)
}

fn run_of(record: &Json) -> Run {
    let (method, settings) = settings(record);
    let spec = RunSpec {
        problem: problem(record["problem"].as_str().expect("a problem is recorded")),
        method,
        settings,
        start: Point::from_blocks(&[numbers(&record["v0"]), numbers(&record["theta0"])]),
        earlier: Arc::default(),
        start_number: 0,
        seed: 0,
        iterations: record["N"].as_u64().expect("a number is recorded"),
        stop: StopRules::default(),
        recording: Recording {
            every: 0,
            points: bilevel::run::Points::None,
        },
        diverge_at: Some(1e6),
    };
    Run::new(spec, WorkToken::default())
}

/// True if f and g of a record are not reproducible at this iteration.
///
/// BSG-1 on the coreset divides by the square of a gradient that converges to zero, so its trajectory amplifies every
/// rounding error.
fn is_chaotic(record: &Json, k: u64) -> bool {
    record["problem"] == "coreset" && record["method"] == "bsg1" && k > 1000
}

fn compare(record: &Json, failures: &mut Vec<String>) {
    let mut run = run_of(record);
    let name = format!(
        "{} {} {}",
        record["problem"], record["method"], record["hyper"]
    );
    let problem = problem(record["problem"].as_str().expect("the record is complete"));
    let token = WorkToken::default();
    for row in record["trajectory"].as_array().expect("a trajectory") {
        let k = row["k"].as_u64().expect("an iteration");
        while run.iteration() < k && run.status().is_running() {
            run.advance(Budget::Iterations(k - run.iteration()));
        }
        if row["diverged"] == true {
            // the published code divides by a curvature of zero here; ours reports it and stops before the step
            assert!(
                matches!(run.status(), Status::Failed(_)),
                "{name}: {:?}",
                run.status()
            );
            return;
        }
        let point = run.point();
        let mut check = |what: &str, ours: f64, theirs: f64, tolerance: f64| {
            let error = (ours - theirs).abs() / theirs.abs().max(1.0);
            if error.is_nan() || error > tolerance {
                failures.push(format!(
                    "{name}, k = {k}: {what} is {ours}, recorded {theirs}"
                ));
            }
        };
        let is_last = k == record["N"].as_u64().expect("the record is complete");
        let tolerance = match k {
            _ if is_last => 1e-4,
            _ if k <= EXACT_UNTIL => 1e-6,
            _ => 1e-3,
        };
        if !is_chaotic(record, k) || is_last {
            check(
                "f",
                problem.value(1, point, &token),
                row["f"].as_f64().expect("the record is complete"),
                tolerance,
            );
            check(
                "g",
                problem.value(2, point, &token),
                row["g"].as_f64().expect("the record is complete"),
                tolerance,
            );
        }
        if k <= EXACT_UNTIL {
            for (ours, theirs) in point[1].iter().zip(numbers(&row["v"])) {
                check("a leader's variable", *ours, theirs, 1e-6);
            }
            for (ours, theirs) in point[2].iter().zip(numbers(&row["theta"])) {
                check("a follower's variable", *ours, theirs, 1e-6);
            }
        }
    }
}

fn compare_file(text: &str) {
    let records: Json = serde_json::from_str(text).expect("the reference file is JSON");
    let mut failures = Vec::new();
    for record in records.as_array().expect("a list of runs") {
        compare(record, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[rstest]
fn every_method_follows_its_recorded_path_on_the_coreset() {
    compare_file(include_str!("reference_data/bome_coreset.json"));
}

#[rstest]
fn every_method_follows_its_recorded_path_in_the_minimax_game() {
    compare_file(include_str!("reference_data/bome_minimax.json"));
}

#[rstest]
fn every_method_follows_its_recorded_path_on_the_degenerate_problem() {
    compare_file(include_str!("reference_data/bome_degenerate.json"));
}

/// A run with the given settings, advanced to its end.
fn finished(
    id: &str,
    method: &str,
    iterations: u64,
    numbers: &[(&str, f64)],
    words: &[(&str, &str)],
) -> Run {
    let method = method::find(method).expect("the method is in the list");
    let mut settings = Settings::new(method.parameters);
    for (name, value) in numbers {
        settings
            .set(name, ParameterValue::Number(*value))
            .expect("the record is complete");
    }
    for (name, word) in words {
        settings
            .set(name, ParameterValue::Choice((*word).to_owned()))
            .expect("the record is complete");
    }
    let problem = problem(id);
    let spec = RunSpec {
        start: problem.metadata().start.clone(),
        problem,
        method,
        settings,
        earlier: Arc::default(),
        start_number: 0,
        seed: 0,
        iterations,
        stop: StopRules::default(),
        recording: Recording::default_for(6),
        diverge_at: Some(1e6),
    };
    let mut run = Run::new(spec, WorkToken::default());
    run.advance(Budget::Iterations(iterations));
    run
}

const COARSE: &[(&str, f64)] = &[("inner_step_size", 0.5), ("outer_step_size", 0.5)];

#[rstest]
fn on_the_coreset_bome_finds_the_nearest_mixture_and_bsg1_the_corner() {
    let bome = finished("coreset", "bome", 5000, &[("epsilon", 1e-4)], &[]);
    let theta = &bome.point()[2];
    assert!((theta[0] - 1.8).hypot(theta[1] - 0.4) < 0.03, "{theta:?}");
    let bsg1 = finished("coreset", "bsg1", 5000, &[], &[]);
    let f = problem("coreset").value(1, bsg1.point(), &WorkToken::default());
    assert!((f - 0.9).abs() < 0.005, "{f}");
}

#[rstest]
fn on_the_degenerate_problem_bome_is_right_and_unrolling_rests_short_of_it() {
    let distance = |run: &Run| {
        run.point()
            .values()
            .iter()
            .map(|value| (value - 1.0).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let ten = [COARSE, &[("inner_steps", 10.0)]].concat();
    let one = [COARSE, &[("inner_steps", 1.0)]].concat();
    for settings in [&ten, &one] {
        assert!(distance(&finished("degenerate", "bome", 2000, settings, &[])) < 1e-6);
    }
    assert!(
        distance(&finished(
            "degenerate",
            "bome",
            2000,
            &ten,
            &[("barrier", "gap")]
        )) < 1e-5
    );
    let f = |run: &Run| problem("degenerate").value(1, run.point(), &WorkToken::default());
    assert!((f(&finished("degenerate", "itd", 2000, &ten, &[])) - 0.25).abs() < 1e-5);
    assert!((f(&finished("degenerate", "itd", 2000, &one, &[])) - 5.0 / 18.0).abs() < 1e-6);
}

#[rstest]
fn in_the_minimax_game_bome_reaches_the_origin_bsg1_sticks_and_aid_cg_says_why_it_cannot() {
    let bome = finished("minimax", "bome", 200, &[], &[]);
    assert!(
        bome.point()
            .values()
            .iter()
            .map(|value| value * value)
            .sum::<f64>()
            .sqrt()
            < 0.06
    );
    let bsg1 = finished("minimax", "bsg1", 200, &[], &[]);
    assert_eq!(bsg1.point().values(), [4.0, 10.0]);
    let aid = finished("minimax", "aid-cg", 200, &[], &[]);
    let Status::Failed(message) = aid.status() else {
        panic!("{:?}", aid.status())
    };
    assert!(
        message.contains("singular") && message.contains("curvature"),
        "{message}"
    );
    assert_eq!(
        aid.point().values(),
        [4.0, 4.0],
        "the last good point is kept"
    );
}

/// The expected calls of outer steps on the coreset: kind, level, number per step and number once.
type Costs = [(OracleCall, usize, u64, u64)];

fn check_costs(method: &str, words: &[(&str, &str)], expected: &Costs) {
    let steps = 7;
    let run = finished("coreset", method, steps, &[], words);
    for call in OracleCall::ALL {
        for level in [1, 2] {
            let (each, once) = expected
                .iter()
                .find(|cost| (cost.0, cost.1) == (call, level))
                .map_or((0, 0), |cost| (cost.2, cost.3));
            assert_eq!(
                run.counts().of(call, level),
                each * steps + once,
                "{method} {words:?}: {} of level {level}",
                call.name()
            );
        }
    }
}

#[rstest]
fn each_outer_step_costs_exactly_the_calls_that_the_literature_counts() {
    let (value, grad, hvp, jvp) = (
        OracleCall::Value,
        OracleCall::Grad,
        OracleCall::Hvp,
        OracleCall::Jvp,
    );
    let (t, k) = (10, 10);
    let check = check_costs;
    check("bome", &[], &[(grad, 2, t + 2, 0), (grad, 1, 1, 0)]);
    let gap = [("barrier", "gap")];
    let bome = [(grad, 2, t + 2, 0), (grad, 1, 1, 0), (value, 2, 2, 0)];
    check("bome", &gap, &bome);
    for words in [&[][..], &[("inner_start", "warm")]] {
        check("v-pbgd", words, &[(grad, 2, t + 2, 0), (grad, 1, 1, 0)]);
    }
    check("bsg1", &[], &[(grad, 2, t + 1, 0), (grad, 1, 1, 0)]);
    check("alternating", &[], &[(grad, 2, t, 0), (grad, 1, 1, 0)]);
    check("gda", &[], &[(grad, 2, 1, 0), (grad, 1, 1, 0)]);
    check("ogda", &[], &[(grad, 2, 1, 0), (grad, 1, 1, 0)]);
    // twice at the start, and a new reference after step 1
    let published = [("reference", "published")];
    check("ogda", &published, &[(grad, 2, 1, 2), (grad, 1, 1, 1)]);
    let bvfsm = |values| {
        [
            (grad, 2, 2 * t + 2, 0),
            (grad, 1, t + 1, 0),
            (value, 2, values, 0),
        ]
    };
    check("bvfsm", &[], &bvfsm(t + 2));
    check("bvfsm", &[("reference", "published")], &bvfsm(1));
    let penalty = [
        (grad, 2, t + 1, 0),
        (grad, 1, t + 1, 0),
        (hvp, 2, t, 0),
        (jvp, 2, 1, 0),
    ];
    check("penalty", &[], &penalty);
    let stocbio = [
        (grad, 2, t, 0),
        (grad, 1, 1, 0),
        (hvp, 2, k, 0),
        (jvp, 2, 1, 0),
    ];
    check("stocbio", &[], &stocbio);
    let itd = [
        (grad, 2, t, 0),
        (grad, 1, 1, 0),
        (hvp, 2, t, 0),
        (jvp, 2, t, 0),
    ];
    check("itd", &[], &itd);
    let aid = |products| {
        [
            (grad, 2, t, 0),
            (grad, 1, 1, 0),
            (hvp, 2, products, 0),
            (jvp, 2, 1, 0),
        ]
    };
    // the coreset's Hessian is 2 I, so conjugate gradients end after one product
    check("aid-cg", &[], &aid(1));
    // the first fixed-point step starts at zero and needs no product
    check("aid-fp", &[], &aid(k - 1));
}

#[rstest]
fn methods_that_solve_again_pay_once_more_for_the_starts_own_answer() {
    let (value, grad, hvp, jvp) = (
        OracleCall::Value,
        OracleCall::Grad,
        OracleCall::Hvp,
        OracleCall::Jvp,
    );
    let t = 10;
    // the leader has four variables
    let forward = [(grad, 2, 5 * t, t), (value, 1, 5, 0)];
    check_costs("finite-difference", &[], &forward);
    let central = [(grad, 2, 9 * t, t), (value, 1, 8, 0)];
    check_costs("finite-difference", &[("difference", "central")], &central);
    let warm = [(grad, 2, 5 * t, 0), (value, 1, 5, 0)];
    check_costs("finite-difference", &[("inner_start", "warm")], &warm);
    // one Newton step solves a quadratic: a gradient before and after it, two products, two values
    let implicit = [
        (grad, 2, 2, 2),
        (hvp, 2, 2 + 2, 2),
        (value, 2, 2, 2),
        (grad, 1, 1, 0),
        (jvp, 2, 1, 0),
    ];
    check_costs("implicit", &[], &implicit);
}

#[rstest]
fn a_fixed_inner_start_solves_again_after_the_leader_has_moved() {
    let steps = 7;
    let run = finished("coreset", "itd", steps, &[], &[("inner_start", "fixed")]);
    // T steps for the solution at the start, then T for each new x
    assert_eq!(run.counts().of(OracleCall::Grad, 2), 10 * (steps + 1));
    let problem = problem("coreset");
    let mut expected = run.point().clone();
    expected[2].copy_from_slice(&problem.metadata().start[2]);
    let mut gradient = expected.clone();
    for _ in 0..10 {
        problem.grad(
            2,
            &expected,
            bilevel::numerics::Levels::only(2),
            &mut gradient,
            &WorkToken::default(),
        );
        for i in 0..2 {
            expected[2][i] -= 0.05 * gradient[2][i];
        }
    }
    assert_eq!(run.point(), &expected);
}

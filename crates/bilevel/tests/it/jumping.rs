//! Objectives that jump or bend downwards at kinks: verdicts and checks.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::method;
use bilevel::numerics::WorkToken;
use bilevel::problem::{self, Problem};
use bilevel::run::{Run, RunSpec};
use bilevel::study::{CheckResult, FinalState, KnownMinima, Outcome, Verdict, problem_checks};
use rstest::rstest;

/// A problem over x and y in [-2, 2].
fn problem(leader: &str, follower: &str) -> Arc<dyn Problem> {
    let level = |variable: &str, objective: &str, start: f64| LevelDraft {
        variables: vec![variable.to_owned()],
        objective: objective.to_owned(),
        bounds: vec![[-2.0, 2.0]],
        start: vec![start],
        ..LevelDraft::default()
    };
    let draft = Draft {
        levels: vec![level("x", leader, 0.7), level("y", follower, 0.6)],
        ..Draft::default()
    };
    problem::typed(Model::parse(draft).expect("the formulas are right"))
}

/// The outcome of a run with little left to do.
fn outcome(problem: &Arc<dyn Problem>) -> Outcome {
    let token = WorkToken::default();
    let method = method::find("finite-difference").expect("the method is in the list");
    let (run, _) = Run::to_end(RunSpec::new(problem, method).iterations(200));
    let minima = KnownMinima::of(&**problem, &token).expect("the token is not cancelled");
    let ended = minima.end(&**problem, FinalState::of(&run), &token);
    ended.expect("the token is not cancelled")
}

fn minima(problem: &Arc<dyn Problem>) -> usize {
    let minima = KnownMinima::of(&**problem, &WorkToken::default());
    minima.expect("the token is not cancelled").targets().len()
}

#[rstest]
#[case("floor(3*y) + (y - x)^2")]
#[case("sign(y - 0.3) + (y - x)^2")]
#[case("if(y < 0.25, 1, 0) + (y - x)^2")]
#[case("atan(1/(y - 0.2)) + (y - x)^2")]
#[case("abs(y + x)/(y + x) + (y - x)^2")]
#[case("abs(y)/y + (y - x)^2")]
fn a_follower_that_jumps_has_no_verdict_and_no_minimum(#[case] follower: &str) {
    let problem = problem("(x - 0.3)^2 + (y - 1)^2", follower);
    let outcome = outcome(&problem);
    assert_eq!(outcome.verdict, Verdict::Unknown, "{follower}");
    let reason = outcome.reason.expect("an unknown verdict has a reason");
    assert!(
        reason.starts_with("the objective of level 2 jumps"),
        "{reason}"
    );
    assert!(outcome.gap.is_nan() && outcome.phi.is_nan());
    assert_eq!(minima(&problem), 0);
    let checks = problem_checks(&*problem, &WorkToken::default()).unwrap();
    assert_eq!(checks.derivatives.answer, CheckResult::No);
    assert_eq!(checks.convex.answer, CheckResult::No);
    assert_eq!(checks.unique.answer, CheckResult::Unknown);
    let at = checks.derivatives.at.expect("the jump has a place");
    let beside = |step: f64| {
        let mut at = at.clone();
        at[2][0] += step;
        problem.value(2, &at, &WorkToken::default())
    };
    let height = (beside(1e-9) - beside(-1e-9)).abs();
    assert!(height > 0.5, "{follower} does not jump at {at:?}");
}

#[rstest]
fn a_leader_that_jumps_has_a_gap_but_no_verdict() {
    let problem = problem("floor(4*x + y) + (x - 0.3)^2", "(y - x)^2");
    let outcome = outcome(&problem);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    let reason = outcome.reason.expect("an unknown verdict has a reason");
    assert!(
        reason.starts_with("the objective of level 1 jumps"),
        "{reason}"
    );
    assert!(outcome.gap.is_finite() && outcome.phi.is_finite());
    assert_eq!(minima(&problem), 0);
}

// each is continuous although one of its operations may jump, and so is a pole at which both sides rise
#[rstest]
#[case("if(y < 0, y^2, 2*y^2) + (y - x)^2")]
#[case("y*sign(y) + (y - x)^2")]
#[case("(y - x)^2/(1 + y^2)")]
#[case("(y - x)^2 + 0.01/(y - 0.1)^2")]
#[case("(y - x)^2 + floor(5 + 0*y)")]
#[case("floor(3*x) + (y - x)^2")]
fn a_continuous_follower_has_minima(#[case] follower: &str) {
    let problem = problem("(x - 0.3)^2 + (y - 1)^2", follower);
    let outcome = outcome(&problem);
    assert!(
        outcome.gap.is_finite() && outcome.phi.is_finite(),
        "{follower}"
    );
    assert!(minima(&problem) > 0, "{follower}");
    let checks = problem_checks(&*problem, &WorkToken::default()).unwrap();
    assert_eq!(
        checks.unique.answer,
        CheckResult::Yes,
        "{}",
        checks.unique.words
    );
}

#[rstest]
#[case("-abs(y - 0.2*x)", CheckResult::No)]
#[case("min(y, 0.3*x - y)", CheckResult::No)]
#[case("1e-9*((y - x)^2 + 0.1*cos(9*y))", CheckResult::No)]
#[case("abs(y - x)", CheckResult::Yes)]
#[case("sqrt((y - x)^2)", CheckResult::Yes)]
#[case("1e-9*(y - x)^2", CheckResult::Yes)]
#[case("x*y", CheckResult::Yes)]
fn kinks_and_rounding_do_not_mislead_the_check_of_convexity(
    #[case] follower: &str,
    #[case] expected: CheckResult,
) {
    let problem = problem("(x - 0.3)^2 + (y - 1)^2", follower);
    let checks = problem_checks(&*problem, &WorkToken::default()).unwrap();
    let words = &checks.convex.words;
    assert_eq!(checks.convex.answer, expected, "{follower}: {words}");
    assert!(!words.contains("0.000"), "{words}");
}

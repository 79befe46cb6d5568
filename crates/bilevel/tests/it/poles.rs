//! Poles at which an objective falls without bound, and barriers and wells that are none: verdicts and checks.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::method;
use bilevel::numerics::WorkToken;
use bilevel::problem::{self, Problem};
use bilevel::run::{Run, RunSpec};
use bilevel::study::{CheckResult, FinalState, KnownMinima, Outcome, Verdict, problem_checks};
use rstest::rstest;

/// A problem whose levels have these variables in [-2, 2] and objectives.
fn problem(levels: &[(&[&str], &str)]) -> Arc<dyn Problem> {
    let levels = levels.iter().map(|(variables, objective)| LevelDraft {
        variables: variables.iter().map(|name| (*name).to_owned()).collect(),
        objective: (*objective).to_owned(),
        bounds: vec![[-2.0, 2.0]; variables.len()],
        start: vec![0.7; variables.len()],
        ..LevelDraft::default()
    });
    let draft = Draft {
        levels: levels.collect(),
        ..Draft::default()
    };
    problem::typed(Model::parse(draft).expect("the formulas are right"))
}

fn planar(leader: &str, follower: &str) -> Arc<dyn Problem> {
    problem(&[(&["x"], leader), (&["y"], follower)])
}

fn minima(problem: &Arc<dyn Problem>) -> KnownMinima {
    KnownMinima::of(&**problem, &WorkToken::default()).expect("the token is not cancelled")
}

/// The outcome of a run, which may end anywhere.
fn outcome(problem: &Arc<dyn Problem>) -> Outcome {
    let token = WorkToken::default();
    let method = method::find("finite-difference").expect("the method is in the list");
    let (run, _) = Run::to_end(RunSpec::new(problem, method).iterations(200));
    let ended = minima(problem).end(&**problem, FinalState::of(&run), &token);
    ended.expect("the token is not cancelled")
}

/// Expects that a lower level has no solution because of a pole.
fn expect_no_solution(problem: &Arc<dyn Problem>, level: usize, about: &str) {
    assert_eq!(minima(problem).targets(), [], "{about}");
    let outcome = outcome(problem);
    match outcome.verdict {
        Verdict::Diverged | Verdict::Failed => {}
        Verdict::Unknown => {
            let reason = outcome.reason.expect("an unknown verdict has a reason");
            let expected = format!("the objective of level {level} falls without bound at a pole");
            assert_eq!(reason, expected, "{about}");
        }
        other => panic!("{about}: {other:?}"),
    }
}

/// Expects minima of which one at least is global, and a value of φ at a run's end.
fn expect_minima(problem: &Arc<dyn Problem>, about: &str) {
    let targets = minima(problem).targets();
    assert!(
        targets.iter().any(|one| one.is_global),
        "{about}: {targets:?}"
    );
    assert!(outcome(problem).phi.is_finite(), "{about}");
}

#[rstest]
#[case("0.01/y")]
#[case("0.1*tan(y)")]
#[case("-0.01/(y - 0.2)^2")]
#[case("-0.01/(y^2 - 0.6*y + 0.09)")]
#[case("-0.01/(y - x)^2")]
#[case("-0.01/sin(3*y)^2")]
#[case("-0.1*abs(y - 0.4)^(-0.5)")]
#[case("0.1*log(abs(y - 0.3))")]
#[case("0.1*log((y - x)^2)")]
#[case("0.1*log(y + 2)")]
#[case("0.1*log(y)")]
#[case("0.1*atanh(y/2)")]
#[case("-exp(-0.1/(y - 0.2))")]
#[case("0.01/(y - x - 3.5)")]
fn a_follower_with_a_pole_has_no_solution(#[case] pole: &str) {
    let problem = planar("(x - 1)^2 + y^2", &format!("(y - x)^2 + {pole}"));
    expect_no_solution(&problem, 2, pole);
    let checks = problem_checks(&*problem, &WorkToken::default()).unwrap();
    let words = &checks.unique.words;
    assert_eq!(checks.unique.answer, CheckResult::Unknown, "{words}");
    assert!(
        words.starts_with("the objective of level 2 falls without bound near"),
        "{words}"
    );
}

#[rstest]
#[case("-0.1*log(y + 2)")]
#[case("-0.01*log(abs(y - 0.3))")]
#[case("0.01/(y - 0.1)^2")]
#[case("0.01/abs(y - 0.1)")]
#[case("-0.001/((y - 0.2)^2 + 1e-4)")]
#[case("-1e-7/((y - 0.2)^2 + 1e-8)")]
#[case("-0.1/(y^2 + 1)")]
#[case("0.1*log(y^2 + 1)")]
#[case("0.1*tan(y/2)")]
#[case("0.1/(y - 3)")]
#[case("0.1*(y - 0.3)^2/(y - 0.3)")]
#[case("0.1*y*log(abs(y))")]
#[case("-0.1*sqrt(abs(y - 0.3))")]
#[case("0.1*log(1 + exp(3*y))")]
#[case("0.01/(x - y - 5)")]
fn barriers_and_wells_of_a_follower_are_no_poles(#[case] term: &str) {
    let problem = planar("(x - 1)^2 + y^2", &format!("(y - x)^2 + {term}"));
    expect_minima(&problem, term);
}

#[rstest]
#[case("1/y")]
#[case("tan(y)")]
#[case("1/(x - 0.3)")]
#[case("-0.001/(x - 0.3)^2")]
#[case("-1/(x + y - 0.1)^2")]
#[case("log(abs(x - 0.3))")]
#[case("0.001*log(abs(y - 0.3))")]
#[case("0.1*log(x + 2)")]
#[case("-0.01/(x^2 + y^2)")]
fn a_pole_of_the_reduced_objective_is_no_minimum(#[case] pole: &str) {
    let problem = planar(&format!("(x - 1)^2 + {pole}"), "(y - x)^2");
    let targets = minima(&problem).targets();
    assert!(
        targets.iter().all(|one| !one.is_global && one.value > -1e3),
        "{pole}: {targets:?}"
    );
    let verdict = outcome(&problem).verdict;
    assert_ne!(verdict, Verdict::Global, "{pole}");
}

// the fourth has a pole where no answer is
#[rstest]
#[case("-log(abs(x - 0.3))")]
#[case("0.01/y^2")]
#[case("-0.01/((x - 0.3)^2 + 1e-4)")]
#[case("-0.01/(x - y - 0.1)^2")]
#[case("1/(y^2 + 1)")]
#[case("tan(y/2)")]
fn barriers_and_wells_of_the_reduced_objective_are_no_poles(#[case] term: &str) {
    expect_minima(&planar(&format!("(x - 1)^2 + {term}"), "(y - x)^2"), term);
}

#[rstest]
#[case("1/(x - 0.3*z)", false)]
#[case("log(abs(y))", false)]
#[case("-0.001/(x + z)^2", false)]
#[case("-log(abs(y - 1))", true)]
#[case("-0.1/(x^2 + z^2 + 1)", true)]
fn a_pole_of_a_leader_of_two_variables_leaves_no_global_minimum(
    #[case] term: &str,
    #[case] has_best: bool,
) {
    let leader = format!("(x - 0.5)^2 + (z + 0.5)^2 + {term}");
    let problem = problem(&[(&["x", "z"], &leader), (&["y"], "(y - x - z)^2")]);
    let targets = minima(&problem).targets();
    let is_best = targets.iter().any(|one| one.is_global);
    assert_eq!(is_best, has_best, "{term}: {targets:?}");
}

#[rstest]
fn a_pole_of_a_middle_level_leaves_no_solution(
    #[values("0.1/(y - 0.3)", "0.1*log(abs(y))", "-0.01/(y + x)^2")] pole: &str,
) {
    let middle = format!("(y - x)^2 + {pole}");
    let levels: [(&[&str], &str); 3] = [
        (&["x"], "(x - 0.5)^2 + z^2"),
        (&["y"], &middle),
        (&["z"], "(z - y)^2"),
    ];
    expect_no_solution(&problem(&levels), 2, pole);
}

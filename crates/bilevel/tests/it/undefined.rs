//! Runs that meet an undefined value or derivative of a formula, and the advice after a divergence.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{FORMULA, Problem, Settings};
use bilevel::run::{Points, Recording, Run, RunSpec, Status};
use rstest::rstest;

fn level(variables: &str, objective: &str, start: &[f64]) -> LevelDraft {
    LevelDraft {
        variables: vec![variables.to_owned()],
        objective: objective.to_owned(),
        start: start.to_vec(),
        ..LevelDraft::default()
    }
}

fn built(levels: Vec<LevelDraft>, definitions: &[(&str, &str)]) -> Arc<dyn Problem> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    let model = Model::parse(Draft {
        levels,
        definitions: definitions.iter().map(owned).collect(),
        ..Draft::default()
    });
    (FORMULA.build)(&Settings::of_model(model.expect("the formulas are right")))
}

fn spec(problem: &Arc<dyn Problem>, id: &str) -> RunSpec {
    let method = method::find(id).expect("the method is in the list");
    RunSpec::new(problem, method).iterations(500)
}

fn ended(spec: RunSpec) -> Run {
    Run::to_end(spec).0
}

/// A problem with the logarithm of a leader that decreases below 0.
fn log_of_negative() -> Arc<dyn Problem> {
    let levels = vec![
        level("x", "log(x)+y", &[1.0]),
        level("y", "(y-x)^2", &[1.0]),
    ];
    built(levels, &[])
}

/// A problem with a follower at the kink of a root.
fn root_at_kink() -> Arc<dyn Problem> {
    let levels = vec![
        level("x", "(x-1)^2+y^2", &[1.0]),
        level("y", "sqrt((y-x)^2)", &[1.0]),
    ];
    built(levels, &[])
}

#[rstest]
fn a_run_stops_where_its_objective_is_undefined_and_names_the_term(
    #[values("implicit", "bome", "itd", "aid-cg")] id: &str,
) {
    let problem = log_of_negative();
    let run = ended(spec(&problem, id));
    let Status::Failed(message) = run.status() else {
        panic!("{:?}", run.status());
    };
    let x = run.point()[1][0];
    assert!(x < 0.0, "{x}");
    assert!(run.recent().iter().rev().skip(1).all(|x| *x > 0.0));
    let expected = format!(
        "stopped after iteration {}: `log(x)` in the objective of level 1 is undefined at x = -",
        run.iteration()
    );
    assert!(message.starts_with(&expected), "{message}");
    assert!(
        message.ends_with("the logarithm of a negative number"),
        "{message}"
    );
    // the status does not depend on the recording
    let silent = ended(RunSpec {
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        ..spec(&problem, id)
    });
    assert_eq!(silent.status(), run.status());
}

#[rstest]
fn an_infinite_slope_is_blamed_on_the_formula(
    #[values("implicit", "bome", "itd", "aid-cg")] id: &str,
) {
    let run = ended(spec(&root_at_kink(), id));
    let message = run.status().message();
    assert!(matches!(run.status(), Status::Failed(_)), "{message}");
    let expected = "`sqrt((y - x)^2)` in the objective of level 2 has an infinite slope at y = ";
    assert!(message.contains(expected), "{message}");
    assert!(!message.contains("step_size"), "{message}");
    let point = run.point();
    assert!(point.values().iter().all(|value| value.is_finite()));
}

#[rstest]
fn an_inner_step_that_is_too_long_is_blamed_with_one_that_works(
    #[values("itd", "bome", "aid-cg")] id: &str,
) {
    let levels = vec![
        level("x", "(y-1)^2+0.1*x^2", &[0.0]),
        level("y", "5*(y-x)^2", &[0.5]),
    ];
    let problem = built(levels, &[]);
    let run = |step: f64| {
        let spec = spec(&problem, id).with("inner_step_size", step);
        ended(spec.expect("in range"))
    };
    let status = run(0.25).status().clone();
    let message = status.message();
    assert!(matches!(status, Status::Diverged(_)), "{status:?}");
    assert!(
        message.contains("the inner step 0.25 is too long"),
        "{message}"
    );
    assert!(message.ends_with("try inner_step_size = 0.1"), "{message}");
    assert_eq!(*run(0.1).status(), Status::Budget);
}

#[rstest]
fn an_outer_step_that_is_too_long_is_blamed_itself() {
    let levels = vec![level("x", "x^2+y^2", &[1.0]), level("y", "(y-x)^2", &[1.0])];
    let spec = spec(&built(levels, &[]), "itd").with("outer_step_size", 2.0);
    let run = ended(spec.expect("in range"));
    let message = run.status().message();
    assert!(message.ends_with("try outer_step_size = 0.5"), "{message}");
}

#[rstest]
fn a_start_where_the_objective_is_undefined_is_said_at_once() {
    let problem = log_of_negative();
    let start = Point::from_blocks(&[vec![-0.25], vec![1.0]]);
    let run = ended(spec(&problem, "bome").starting_at(start));
    assert_eq!(run.iteration(), 0);
    let expected = "stopped at the start: `log(x)` in the objective of level 1 is undefined at x = -0.25: the logarithm of a negative number";
    assert_eq!(run.status().message(), expected);
}

#[rstest]
#[case(
    "1/(x[1] - y)",
    0,
    "`1/(x[1] - y)` in the objective of level 1 is undefined at x[1] = 0.5, y = 0.5: a division by 0"
)]
#[case(
    "sum(i, 1, 2, log(x[i]))",
    0,
    "`log(x[i])` in the objective of level 1 is undefined at x[2] = -2: the logarithm of a negative number"
)]
#[case(
    "s + y",
    0,
    "`sqrt(x[2])` in the definition of `s` is undefined at x[2] = -2: the square root of a negative number"
)]
#[case(
    "x[2]^1.5",
    0,
    "`x[2]^1.5` in the objective of level 1 is undefined at x[2] = -2: a real power of a negative number"
)]
#[case(
    "x[1]^x[2] + asin(x[2])",
    0,
    "`asin(x[2])` in the objective of level 1 is undefined at x[2] = -2: an argument outside of [-1, 1]"
)]
#[case(
    "(y - x[1])^1.5",
    2,
    "`(y - x[1])^1.5` in the objective of level 1 has an infinite second derivative at y = 0.5, x[1] = 0.5: a real power of 0"
)]
#[case(
    "acosh(y + 0.5)",
    1,
    "`acosh(y + 0.5)` in the objective of level 1 has an infinite slope at y = 0.5: an argument of 1"
)]
#[case(
    "y*exp(2000*x[1])",
    0,
    "`exp(2000*x[1])` in the objective of level 1 is undefined at x[1] = 0.5: it is too large for a number"
)]
fn the_innermost_part_is_named(
    #[case] objective: &str,
    #[case] order: usize,
    #[case] expected: &str,
) {
    let levels = vec![
        level("x[2]", objective, &[0.5, -2.0]),
        level("y", "(y - x[1])^2", &[0.5]),
    ];
    // definitions are evaluated first, and would be named first
    let definitions: &[_] = match objective {
        "s + y" => &[("s", "sqrt(x[2])")],
        _ => &[],
    };
    let problem = built(levels, definitions);
    let at = problem.metadata().start.clone();
    assert_eq!(problem.undefined(1, &at, order).as_deref(), Some(expected));
    if order > 0 {
        assert_eq!(problem.undefined(1, &at, 0), None);
        assert!(problem.value(1, &at, &WorkToken::default()).is_finite());
    }
}

#[rstest]
fn only_formulas_that_may_be_undefined_are_looked_at() {
    let may = |objective: &str| {
        let levels = vec![level("x", objective, &[1.0]), level("y", "(y-x)^2", &[1.0])];
        built(levels, &[]).may_be_undefined()
    };
    for total in ["x^2 + y^3", "exp(x)*sin(y)", "softplus(x) + tanh(y)", "x/2"] {
        assert!(!may(total), "{total}");
    }
    for partial in ["log(x)", "1/x", "x^0.5", "x^(-1)", "x/y", "x^y", "y^2.5"] {
        assert!(may(partial), "{partial}");
    }
}

//! Derivatives at the box: of the projected steps, and at exact lower-level solutions of the true reduced objective.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::method;
use bilevel::numerics::{Bounds, Point, WorkToken};
use bilevel::problem::{FORMULA, ParameterValue, Problem, Settings};
use bilevel::run::{Budget, Run, RunSpec};
use rstest::rstest;

fn level(variables: &str, objective: &str, bounds: [f64; 2], start: &[f64]) -> LevelDraft {
    LevelDraft {
        variables: vec![variables.to_owned()],
        objective: objective.to_owned(),
        bounds: vec![bounds],
        start: start.to_vec(),
        ..LevelDraft::default()
    }
}

const FREE: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

fn built(levels: Vec<LevelDraft>) -> Arc<dyn Problem> {
    let model = Model::parse(Draft {
        levels,
        ..Draft::default()
    });
    (FORMULA.build)(&Settings::of_model(model.expect("the formulas are right")))
}

const LEADER: &str = "sin(x[1])*y[1] + (y[2] - 0.3)^2 + x[2]*y[3] + cos(x[1]*x[2]) + y[1]*y[3]";
const FOLLOWER: &str = "(y[1] - x[1]*x[2])^2*(x[1]^2 + 1)/2 + cosh(y[2] - x[1]/2) + 0.4*exp(y[3] + x[2]) + y[3]^2 + 0.2*y[1]*y[2] + 0.3*y[2]*y[3]";

/// A follower with coupled variables in a box that is active for some of them at most x.
fn boxed() -> Arc<dyn Problem> {
    built(vec![
        level("x[2]", LEADER, FREE, &[0.4, -0.3]),
        level("y[3]", FOLLOWER, [-0.15, 0.15], &[0.1, -0.1, 0.05]),
    ])
}

/// The same with a third level and boxes on both lower levels.
fn boxed_trilevel() -> Arc<dyn Problem> {
    built(vec![
        level(
            "x",
            "(y[1] - 0.2)^2 + x*y[2]*z + z^2 + sin(x)",
            FREE,
            &[0.4],
        ),
        level(
            "y[2]",
            "(y[1] - x)^2 + (y[2] + x*z)^2 + y[1]*y[2]*z",
            [-0.25, 0.25],
            &[0.1, -0.2],
        ),
        level(
            "z",
            "(z - x - y[1])^2/2 + z^4 + z*y[2]",
            [-0.3, 0.3],
            &[0.05],
        ),
    ])
}

fn run(
    problem: &Arc<dyn Problem>,
    id: &str,
    start: Point,
    given: &[(&str, ParameterValue)],
) -> Run {
    let method = method::find(id).expect("the method is in the list");
    let mut spec = RunSpec::new(problem, method).starting_at(start);
    for (name, value) in given {
        let is_declared = method.parameters.iter().any(|one| one.name == *name);
        if is_declared {
            spec = spec.with(name, value.clone()).expect("in range");
        }
    }
    Run::new(spec, WorkToken::default())
}

/// The first hypergradient of a method with outer step size 0, and the point with the lower-level solutions.
fn first(
    problem: &Arc<dyn Problem>,
    id: &str,
    start: &Point,
    given: &[(&str, ParameterValue)],
) -> (Vec<f64>, Point) {
    let still = ("outer_step_size", ParameterValue::Number(0.0));
    let mut run = run(problem, id, start.clone(), &[given, &[still]].concat());
    run.advance(Budget::Iterations(1));
    assert_eq!(run.iteration(), 1, "{id}: {:?}", run.status());
    (run.direction().to_vec(), run.point().clone())
}

fn word(word: &str) -> ParameterValue {
    ParameterValue::Choice(word.to_owned())
}

fn starts(problem: &dyn Problem) -> impl Iterator<Item = Point> {
    let start = problem.metadata().start.clone();
    (0..16).map(move |number| {
        let mut point = start.clone();
        for (i, value) in point[1].iter_mut().enumerate() {
            *value += 1.6 * ((number * 7 + i * 3) as f64 * 0.754_877_666).fract() - 0.8;
        }
        point
    })
}

/// The active bounds of the lower variables, which a difference must not change.
fn pattern(bounds: &Bounds, point: &Point) -> Vec<bool> {
    let levels = 2..=point.shape().levels();
    let at = levels.flat_map(|level| point[level].iter().zip(bounds.limits(level)));
    at.flat_map(|(value, [low, high])| [value <= low, value >= high])
        .collect()
}

#[rstest]
#[case::two_levels(boxed())]
#[case::three_levels(boxed_trilevel())]
fn unrolled_loops_have_the_slope_of_what_they_end_at(#[case] problem: Arc<dyn Problem>) {
    let (token, bounds) = (WorkToken::default(), &problem.metadata().bounds);
    let (mut compared, mut active) = (0, 0);
    for start in starts(&*problem) {
        for (steps, momentum) in [(1.0, 0.0), (3.0, 0.0), (6.0, 0.0), (6.0, 0.5)] {
            let settings = |mode: &str| {
                [
                    ("inner_start", word("fixed")),
                    ("mode", word(mode)),
                    ("inner_steps", ParameterValue::Number(steps)),
                    ("inner_step_size", ParameterValue::Number(0.2)),
                    ("inner_momentum", ParameterValue::Number(momentum)),
                ]
            };
            let (forward, point) = first(&problem, "itd", &start, &settings("forward"));
            let (reverse, _) = first(&problem, "itd", &start, &settings("reverse"));
            for variable in 0..forward.len() {
                let ends = [-2.0, -1.0, 1.0, 2.0].map(|side| {
                    let mut moved = start.clone();
                    moved[1][variable] += side * 1e-4;
                    first(&problem, "itd", &moved, &settings("forward")).1
                });
                let here = pattern(bounds, &point);
                if ends.iter().any(|end| pattern(bounds, end) != here) {
                    continue;
                }
                let [a, b, c, d] = ends.map(|end| problem.value(1, &end, &token));
                // two differences, whose disagreement reveals a switch within the loop
                let [narrow, wide] = [(c - b) / 2e-4, (d - a) / 4e-4];
                if (narrow - wide).abs() > 1e-6 {
                    continue;
                }
                compared += 1;
                active += usize::from(here.contains(&true));
                for (mode, slope) in [("forward", &forward), ("reverse", &reverse)] {
                    assert!(
                        (slope[variable] - narrow).abs() < 1e-6 * narrow.abs().max(1.0),
                        "{mode}, T = {steps}, m = {momentum}, {start:?}: {} and {narrow}",
                        slope[variable]
                    );
                }
            }
        }
    }
    assert!(compared > 40 && active > 20, "{active} of {compared}");
}

#[rstest]
#[case("aid-cg")]
#[case("aid-fp")]
#[case("stocbio")]
#[case("mrbo")]
#[case("vrbo")]
fn at_the_exact_answer_the_condition_is_differentiated_as_implicit_does(#[case] id: &str) {
    let problem = boxed();
    let (mut active, mut different) = (0, 0);
    for start in starts(&*problem) {
        let (_, answered) = first(&problem, "implicit", &start, &[]);
        let (expected, _) = first(&problem, "implicit", &answered, &[]);
        let given = |projection: &str| {
            [
                ("inner_steps", ParameterValue::Number(0.0)),
                ("inner_step_size", ParameterValue::Number(0.2)),
                ("linear_steps", ParameterValue::Number(2000.0)),
                ("neumann_steps", ParameterValue::Number(2000.0)),
                ("projection", word(projection)),
            ]
        };
        let away = |slope: &[f64]| {
            let parts = slope.iter().zip(&expected).map(|(a, b)| (a - b).abs());
            parts.fold(0.0, f64::max)
        };
        let (exact, _) = first(&problem, id, &answered, &given("exact"));
        assert!(away(&exact) < 1e-8, "{answered:?}: {exact:?}, {expected:?}");
        let (ignored, _) = first(&problem, id, &answered, &given("ignored"));
        let bounds = &problem.metadata().bounds;
        active += usize::from(pattern(bounds, &answered).contains(&true));
        different += usize::from(away(&ignored) > 1e-3);
    }
    assert!(active > 8 && different > 8, "{active}, {different}");
}

#[rstest]
#[case("itd", [0.0, 0.05], [-6.7, -6.4])]
#[case("aid-cg", [0.0, 0.05], [-25.0, -23.0])]
fn hatz_is_solved_by_the_derivative_of_the_projected_loop(
    #[case] id: &str,
    #[case] exact: [f64; 2],
    #[case] ignored: [f64; 2],
) {
    // BOLIB's HatzEtal2013: F* = 0 at x = 0
    let problem = built(vec![
        level("x", "-x+2*y[1]+y[2]", FREE, &[1.0]),
        level(
            "y[2]",
            "(x-y[1])^2+y[2]^2",
            [0.0, f64::INFINITY],
            &[1.0, 1.0],
        ),
    ]);
    for (projection, [low, high]) in [("exact", exact), ("ignored", ignored)] {
        let given = [("projection", word(projection))];
        let start = problem.metadata().start.clone();
        let mut run = run(&problem, id, start, &given);
        run.advance(Budget::Iterations(500));
        let x = run.point()[1][0];
        let x = if projection == "exact" { x.abs() } else { x };
        assert!((low..=high).contains(&x), "{projection}: {x}");
    }
}

#[rstest]
fn without_a_box_the_projection_changes_no_bit_and_no_count() {
    let problem = bilevel::problem::find("coreset")
        .expect("it ships")
        .instance();
    let start = problem.metadata().start.clone();
    for method in method::METHODS {
        if !method.parameters.iter().any(|one| one.name == "projection") {
            continue;
        }
        let [exact, ignored] = ["exact", "ignored"].map(|projection| {
            let given = [("projection", word(projection))];
            let mut run = run(&problem, method.id, start.clone(), &given);
            run.advance(Budget::Iterations(40));
            (run.point().clone(), *run.counts())
        });
        assert_eq!(exact, ignored, "{}", method.id);
    }
    assert!(!problem.metadata().bounds.is_bounded(2));
}

//! Verdicts on ends of typed problems, each against its closed form: on slopes and hills beside minima, in wells of the
//! follower that are almost as deep as its solution, at flat maxima, and at ties of a single x.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{self, Minimum, ParameterValue, Problem, Settings, Site};
use bilevel::referee::find_minima;
use bilevel::run::{Run, RunSpec};
use bilevel::study::{FinalState, KnownMinima, Outcome, Verdict};
use rstest::rstest;

/// A level: its variables, its objective, and the box of each variable; no box for an empty one.
type LevelText<'a> = (&'a str, &'a str, &'a [[f64; 2]]);

fn typed(levels: &[LevelText<'_>]) -> Arc<dyn Problem> {
    let levels = levels
        .iter()
        .map(|(variables, objective, bounds)| LevelDraft {
            variables: vec![(*variables).to_owned()],
            objective: (*objective).to_owned(),
            bounds: bounds.to_vec(),
            ..LevelDraft::default()
        });
    let draft = Draft {
        levels: levels.collect(),
        ..Draft::default()
    };
    problem::typed(Model::parse(draft).expect("the formulas are right"))
}

/// The outcome of exact descent from a start with a step of some length.
fn end_at(problem: &Arc<dyn Problem>, start: &[&[f64]], step: f64) -> Outcome {
    let method = method::find("implicit").expect("a method");
    let mut settings = Settings::new(method.parameters);
    settings
        .set("outer_step_size", ParameterValue::Number(step))
        .expect("it is in range");
    let blocks: Vec<Vec<f64>> = start.iter().map(|block| block.to_vec()).collect();
    let mut spec = RunSpec::new(problem, method).starting_at(Point::from_blocks(&blocks));
    spec.settings = settings;
    spec.iterations = 100;
    let (run, _) = Run::to_end(spec);
    let token = WorkToken::default();
    let known = KnownMinima::of(&**problem, &token).expect("it is not cancelled");
    let end = known.end(&**problem, FinalState::of(&run), &token);
    end.expect("it is not cancelled")
}

/// A step that moves nothing, so that a run ends at its start.
const STILL: f64 = 1e-10;

// the end is within 1/200 of the box of a minimum, but high above it or on another slope
#[rstest]
#[case::beside_a_cliff("(x-1)^2+y", "(y-tanh(1e4*(x-0.3))-tanh(1e4*(0.302-x)))^2", [-2.0, 2.0], [-4.0, 4.0], [0.301, 2.0])]
#[case::in_a_narrow_well("1-cos(y)+0.001*y^2", "(y-x)^2", [-300.0, 300.0], [-500.0, 500.0], [1.6, 1.6])]
#[case::beside_a_narrow_well("1-cos(y)+0.001*y^2", "(y-x)^2", [-300.0, 300.0], [-500.0, 500.0], [3.0, 3.0])]
#[case::on_a_wide_plain("(y-3)^2/(1+(y-3)^2)+1e-6*x", "(y-x)^2", [-1e5, 1e5], [-1e5, 1e5], [0.0, 0.0])]
#[case::in_logarithms("(log(y)-2)^2+0.01*log(y)", "(log(y)-log(x))^2", [1e-6, 1e6], [1e-6, 1e6], [1.0, 1.0])]
fn an_end_high_above_a_minimum_is_not_at_it(
    #[case] upper: &str,
    #[case] lower: &str,
    #[case] x: [f64; 2],
    #[case] y: [f64; 2],
    #[case] start: [f64; 2],
) {
    let problem = typed(&[("x", upper, &[x]), ("y", lower, &[y])]);
    let end = end_at(&problem, &[&start[..1], &start[1..]], STILL);
    let fits = [Verdict::Moving, Verdict::Unknown];
    assert!(fits.contains(&end.verdict), "{end:?}");
}

#[rstest]
fn a_run_that_hops_around_a_minimum_is_not_at_rest() {
    let upper = "(y-0.5)^2+1-cos(6*pi*y)";
    let problem = typed(&[
        ("x", upper, &[[-3.0, 3.0]]),
        ("y", "(y-x)^2", &[[-5.0, 5.0]]),
    ]);
    let end = end_at(&problem, &[&[-0.5], &[-0.5]], 0.01);
    assert!(
        !matches!(end.verdict, Verdict::Global | Verdict::Local),
        "{end:?}"
    );
}

// the follower's solution is the other well, which is lower by little against the range of its objective
#[rstest]
#[case("(x-1)^2+y", "(y^2-1)^2*(y^2-900)^2+y", 35.0, 30.0)]
#[case("(x-1)^2+y", "(y^2-1)^2*(y^2-900)^2+y", 35.0, -1.0)]
#[case("(x-1)^2-y", "1e9*(y^2-1)^2+y", 3.0, 1.0)]
#[case("(x-1)^2-y", "1e7*(y^2-100)^2+y*x", 12.0, 10.0)]
#[case("(x-1)^2-y", "(y^2-1)^2+1e-9*y", 3.0, 1.0)]
fn a_follower_in_a_slightly_worse_well_has_not_answered(
    #[case] upper: &str,
    #[case] lower: &str,
    #[case] half: f64,
    #[case] y: f64,
) {
    let problem = typed(&[("x", upper, &[[-2.0, 2.0]]), ("y", lower, &[[-half, half]])]);
    let end = end_at(&problem, &[&[1.0], &[y]], STILL);
    let fits = [Verdict::Spurious, Verdict::Unknown, Verdict::Moving];
    assert!(fits.contains(&end.verdict), "{end:?}");
}

/// Exactly equal wells, also beside large constants, are all solutions.
#[rstest]
#[case("(y^2-1)^2", [-1.0, 1.0])]
#[case("1e6+(y^2-1)^2", [-1.0, 1.0])]
#[case("1e9*((y-1000)^2-1)^2", [999.0, 1001.0])]
fn followers_in_equal_wells_have_answered(#[case] lower: &str, #[case] wells: [f64; 2]) {
    let range = [wells[0] - 2.0, wells[1] + 2.0];
    let problem = typed(&[("x", "(x-1)^2+0*y", &[[-2.0, 2.0]]), ("y", lower, &[range])]);
    for y in wells {
        let end = end_at(&problem, &[&[1.0], &[y]], STILL);
        assert_eq!(end.verdict, Verdict::Global, "{y}: {end:?}");
    }
}

// maxima and inflections that fall by less than an answer may be off
#[rstest]
#[case("-x^8", 0.0)]
#[case("-x^8", 0.1)]
#[case("-x^20", 0.3)]
#[case("-exp(-1/(x^2+1e-300))", 0.1)]
#[case("x^9", 0.01)]
fn a_flat_maximum_is_no_minimum(#[case] upper: &str, #[case] x: f64) {
    let upper = format!("{upper}+0*y");
    let problem = typed(&[
        ("x", &upper, &[[-3.0, 3.0]]),
        ("y", "(y-x)^2", &[[-10.0, 10.0]]),
    ]);
    let end = end_at(&problem, &[&[x], &[x]], 0.01);
    assert!(
        !matches!(end.verdict, Verdict::Local | Verdict::Global),
        "{end:?}"
    );
}

#[rstest]
#[case("(x[1]^2+x[2]^2-1)^2+0.001*y", &[0.0, 1.0])]
#[case("(x[2]-x[1]^2)^2-1e-6*x[1]+0*y", &[1.0, 1.0])]
fn a_slope_along_a_valley_is_no_saddle(#[case] upper: &str, #[case] x: &[f64]) {
    let problem = typed(&[
        ("x[2]", upper, &[[-3.0, 3.0], [-3.0, 3.0]]),
        ("y", "(y-x[1])^2", &[[-4.0, 4.0]]),
    ]);
    let end = end_at(&problem, &[x, &x[..1]], 1e-9);
    assert_ne!(end.verdict, Verdict::Saddle, "{end:?}");
}

// beside one x another point of the follower comes to be as good as its answer, and never better
#[rstest]
#[case("(x-0.5)^2-y", "(y^2-1)^2+x^2*y", [-2.0, 2.0], 0.0, -0.75)]
#[case("(x-0.5)^2-2*y", "x^2*y", [-1.0, 1.0], 0.0, -1.75)]
#[case("(x-1)^2-y", "x^2*y", [0.0, 5.0], 0.0, -4.0)]
#[case("(x-0.5)^2-y", "(y^2-1)^2+(x-0.7)^2*y", [-2.0, 2.0], 0.7, -0.96)]
#[case("0.5*abs(x-0.7)+0.9*x-1.4*y", "0.3*x^2*y", [-2.5, 2.5], 0.0, -3.15)]
#[case("(x-1)^2-y", "abs(x-0.123456)*y", [0.0, 5.0], 0.123_456, -4.231_670_616_064)]
#[case::liked_between("(y-1)^2+x^2", "(x-0.3)^2*y", [0.0, 5.0], 0.3, 0.09)]
#[case::liked_between_with_a_kink("(y-1)^2+x^2", "abs(x-0.3)*y", [0.0, 5.0], 0.3, 0.09)]
fn a_minimum_at_an_isolated_tie_is_found(
    #[case] upper: &str,
    #[case] lower: &str,
    #[case] y: [f64; 2],
    #[case] at: f64,
    #[case] value: f64,
) {
    let problem = typed(&[("x", upper, &[[-2.0, 2.0]]), ("y", lower, &[y])]);
    let found = find_minima(&*problem, &WorkToken::default()).expect("it can be searched");
    let global: Vec<_> = found.minima.iter().filter(|one| one.is_global).collect();
    assert_eq!(global.len(), 1, "{found:?}");
    let x = global[0].blocks[0].as_ref().expect("it is known")[0];
    assert!((x - at).abs() < 1e-6, "{found:?}");
    assert!((global[0].value - value).abs() < 1e-6, "{found:?}");
}

/// The minima listed at jumps, as (x, φ).
fn at_jumps(problem: &dyn Problem) -> Vec<[f64; 2]> {
    let found = find_minima(problem, &WorkToken::default()).expect("it can be searched");
    let at_jumps = found.minima.iter().filter(|one| one.site == Site::Jump);
    let x = |one: &Minimum| one.blocks[0].as_ref().expect("it is known")[0];
    let mut places: Vec<[f64; 2]> = at_jumps.map(|one| [x(one), one.value]).collect();
    places.sort_by(|a, b| a[0].total_cmp(&b[0]));
    places
}

#[rstest]
fn all_points_that_are_tied_at_a_jump_are_compared() {
    let problem = typed(&[
        ("x", "(y-1)^2+0.1*(x-2)^2", &[[-2.0, 2.0]]),
        ("y", "x*(x+1)*y", &[[-5.0, 5.0]]),
    ]);
    let found = at_jumps(&*problem);
    assert_eq!(found.len(), 2, "{found:?}");
    for (found, exact) in found.iter().flatten().zip([-1.0, 0.9, 0.0, 0.4]) {
        assert!((found - exact).abs() < 1e-9, "{found} for {exact}");
    }
}

/// At x = 0 all five wells of g are tied, and φ jumps upwards from its lowest value there.
#[rstest]
fn a_well_that_is_tied_at_a_jump_is_no_minimum_of_its_own() {
    let problem = typed(&[
        (
            "x",
            "-1.3*y+0.4*sin(5.9*x+0.7)+0.8*tanh(16.8*(y+0.9))+0.2*(y+0.4)^2",
            &[[-2.0, 2.0]],
        ),
        ("y", "0.5*sin(6*y-1.6*x)+0.9*x*y", &[[-2.5, 2.5]]),
    ]);
    let found = at_jumps(&*problem);
    assert!(found.iter().all(|[x, _]| x.abs() > 1e-3), "{found:?}");
    let twice = |pair: &[[f64; 2]]| pair[1][0] - pair[0][0] < 1e-9;
    assert!(!found.windows(2).any(twice), "{found:?}");
}

#[rstest]
fn an_end_beside_an_isolated_tie_is_at_a_jump() {
    let problem = typed(&[
        ("x", "(y-1)^2+x^2", &[[-2.0, 2.0]]),
        ("y", "x^2*y", &[[0.0, 5.0]]),
    ]);
    let end = end_at(&problem, &[&[1e-3], &[0.0]], STILL);
    assert_eq!(end.verdict, Verdict::Jump, "{end:?}");
}

// g has its minima far on both sides of the picture, and that below 0 is the lower one for x > 0
#[rstest]
#[case("(x-1)^2+0.001*y^2", "y^4*1e-6-y^2+x*y", 1e-6)]
#[case("(x-1)^2+1e-6*y^2", "y^4*1e-8-y^2+x*y", 1e-8)]
fn both_far_wells_of_an_open_follower_are_compared(
    #[case] upper: &str,
    #[case] lower: &str,
    #[case] quartic: f64,
) {
    let problem = typed(&[("x", upper, &[[-2.0, 2.0]]), ("y", lower, &[])]);
    let well = (0.5 / quartic).sqrt();
    let token = WorkToken::default();
    for x in [1.0, -1.0] {
        let at = Point::from_blocks(&[vec![x], vec![0.0]]);
        let answer = bilevel::referee::Referee::new(&*problem, &token).lower(&at);
        let y = answer.expect("it has a solution").argmin[0];
        assert!(y * x < 0.0 && (y.abs() - well).abs() < 1.0, "{x}: {y}");
    }
}

#[rstest]
fn a_narrow_well_far_from_the_picture_is_found() {
    let upper = "1-exp(-(y-0.5)^2)-2*exp(-(y-300)^2)";
    let problem = typed(&[("x", upper, &[]), ("y", "(y-x)^2", &[])]);
    let found = find_minima(&*problem, &WorkToken::default()).expect("it can be searched");
    let least = found.minima.first().expect("it has minima");
    assert!((least.value + 1.0).abs() < 1e-6, "{found:?}");
}

#[rstest]
fn every_x_minimizes_a_constant() {
    let problem = typed(&[
        ("x", "3+0*y", &[[-1.0, 1.0]]),
        ("y", "(y-x)^2", &[[-1.0, 1.0]]),
    ]);
    let end = end_at(&problem, &[&[0.3], &[0.3]], 0.01);
    assert_eq!(end.verdict, Verdict::Global, "{end:?}");
}

/// The values of tanh far from 0 step by their last digit, which is no jump.
#[rstest]
fn the_last_digits_of_a_flat_objective_are_no_jump() {
    let problem = typed(&[
        (
            "x[2]",
            "0.9*(y-1)^2+x[2]^2+tanh(3*(y+x[1]))",
            &[[-2.0, 2.0], [-2.0, 2.0]],
        ),
        ("y", "(y-x[2])^2", &[[-20.0, 20.0]]),
    ]);
    let found = find_minima(&*problem, &WorkToken::default());
    let found = found.expect("no objective jumps");
    assert!(
        !found.minima.is_empty() && found.doubt.is_none(),
        "{found:?}"
    );
}

#[rstest]
fn an_objective_that_falls_without_end_has_no_minimum_at_the_end_of_the_search() {
    let problem = typed(&[("x", "-x^3+y", &[]), ("y", "(y-x)^2", &[])]);
    let found = find_minima(&*problem, &WorkToken::default()).expect("it can be searched");
    let least = found.minima.iter().map(|one| one.value);
    assert!(least.fold(0.0, f64::min) > -1.0, "{found:?}");
    assert!(found.doubt.is_some(), "{found:?}");
}

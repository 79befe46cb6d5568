//! Objectives that turn within a short way: wells, steps and waves between the samples of a search.

use std::sync::Arc;

use bilevel::formula::{Draft, LevelDraft, Model};
use bilevel::numerics::WorkToken;
use bilevel::problem::{self, Minimum, ObstacleKind, Problem};
use bilevel::referee::find_minima;
use bilevel::study::KnownMinima;
use rstest::rstest;

/// A problem whose levels have these variables, each in [-1, 1], and objectives.
fn problem(levels: &[(&str, &str)]) -> Arc<dyn Problem> {
    let levels = levels.iter().map(|(variable, objective)| LevelDraft {
        variables: vec![(*variable).to_owned()],
        objective: (*objective).to_owned(),
        bounds: vec![[-1.0, 1.0]],
        ..LevelDraft::default()
    });
    let draft = Draft {
        levels: levels.collect(),
        ..Draft::default()
    };
    problem::typed(Model::parse(draft).expect("the formulas are right"))
}

fn global(problem: &dyn Problem) -> Option<Minimum> {
    let found = find_minima(problem, &WorkToken::default()).expect("it can be searched");
    found.minima.into_iter().find(|one| one.is_global)
}

// a well of height 2 at y = 0.3 in the follower's objective holds its solution wherever (0.3 - x)² < 2
#[rstest]
#[case("-2*exp(-((y-0.3)/w)^2)")]
#[case("-2/(1+((y-0.3)/w)^2)")]
#[case("-2*max(0, 1-abs(y-0.3)/w)")]
#[case("-2/cosh((y-0.3)/w)")]
#[case("+2*tanh((y-0.3+w)/w)^2")]
#[case("-tanh((y-0.3+w)/w)+tanh((y-0.3-w)/w)")]
#[case("+2*min(1, ((y-0.3)/w)^2)")]
#[case("+2*sigmoid((y-0.3-3*w)/w)-2*sigmoid((y-0.3+3*w)/w)")]
fn a_narrow_well_of_the_follower_is_found(
    #[case] well: &str,
    #[values("1e-2", "1e-3", "1e-4", "1e-5")] width: &str,
) {
    let well = well.replace('w', &format!("({width})"));
    let problem = problem(&[("x", "(x-0.5)^2+y^2"), ("y", &format!("(y-x)^2{well}"))]);
    let global = global(&*problem).unwrap_or_else(|| panic!("{well}"));
    let x = global.blocks[0].as_ref().expect("it is known")[0];
    let width: f64 = width.parse().expect("it is a number");
    // outside of the well φ is x² + (x - 0.5)², at least 0.125
    assert!((x - 0.5).abs() < 20.0 * width, "{well}: {global:?}");
    assert!(
        (global.value - 0.09).abs() < 10.0 * width,
        "{well}: {global:?}"
    );
}

// φ is (x - 0.5)² but for a well of height 1 at x = -0.3
#[rstest]
#[case("-exp(-((y+0.3)/w)^2)")]
#[case("-exp(-((x+0.3)/w)^2)")]
#[case("-exp(-((x+0.3)^2+(y+0.3)^2)/w^2)")]
#[case("-1/(1+((y+0.3)/w)^2)")]
#[case("-max(0, 1-abs(x+0.3)/w)")]
#[case("+log(1e-12+((y+0.3)/w)^2/(1+((y+0.3)/w)^2))/log(1e12)")]
fn a_narrow_well_of_the_leader_is_found(
    #[case] well: &str,
    #[values("1e-2", "1e-3", "1e-4", "1e-5")] width: &str,
) {
    let well = well.replace('w', &format!("({width})"));
    let problem = problem(&[("x", &format!("(x-0.5)^2{well}")), ("y", "(y-x)^2")]);
    let global = global(&*problem).unwrap_or_else(|| panic!("{well}"));
    let x = global.blocks[0].as_ref().expect("it is known")[0];
    let width: f64 = width.parse().expect("it is a number");
    assert!((x + 0.3).abs() < width, "{well}: {global:?}");
    assert!(
        (global.value - (0.64 - 1.0)).abs() < 2.0 * width,
        "{well}: {global:?}"
    );
}

/// The number of minima of 2 + sin(200 x) in [-1, 1] is that of the periods.
#[rstest]
fn all_minima_of_a_fast_wave_are_found() {
    let problem = problem(&[("x", "sin(200*y)"), ("y", "(y-x)^2")]);
    let found = find_minima(&*problem, &WorkToken::default()).expect("it can be searched");
    let inside = found.minima.iter().filter(|one| one.value < -0.999_999);
    let periods = (-40..40).filter(|&number| {
        let x = (f64::from(number) * 2.0 - 0.5) * std::f64::consts::PI / 200.0;
        (-1.0..=1.0).contains(&x)
    });
    assert_eq!(inside.count(), periods.count());
}

// no number of samples shows where these are least
#[rstest]
#[case(&[("x", "x^2+0.2*sin(1/(y-0.1))"), ("y", "(y-x)^2")])]
#[case(&[("x", "x^2+y"), ("y", "(y-x)^2+0.2*sin(1/(y-0.1))")])]
#[case(&[("x", "x^2+y"), ("y", "(y-x)^2+0.2*sin(1e7*y)")])]
// their searches start from few places
#[case(&[("x[2]", "norm2(x)^2+norm2(y)^2"), ("y[2]", "norm2(y-x)^2-2*exp(-sum(i,1,2,(y[i]-0.3)^2)/1e-4)")])]
#[case(&[("x[2]", "norm2(x)^2-2*exp(-sum(i,1,2,(x[i]-0.3)^2)/1e-4)"), ("y[2]", "norm2(y-x)^2")])]
#[case(&[("x", "x^2+z"), ("y", "(y-x)^2-2*exp(-((y-0.3)/1e-3)^2)"), ("z", "(z-y)^2")])]
fn what_a_search_may_miss_is_said(#[case] levels: &[(&str, &str)]) {
    let problem = problem(levels);
    let token = WorkToken::default();
    let known = KnownMinima::of(&*problem, &token).expect("it is not cancelled");
    assert!(
        known.targets().iter().all(|one| !one.is_global),
        "{levels:?}"
    );
    let obstacles = problem.obstacles().and_then(|kept| kept.get());
    let worst = obstacles.and_then(|found| found.worst.as_ref());
    assert_eq!(worst.map(|found| found.kind), Some(ObstacleKind::Narrow));
}

// wide features are no obstacle
#[rstest]
#[case(&[("x[2]", "norm2(x)^2+norm2(y)^2"), ("y[2]", "norm2(y-x)^2-0.2*exp(-sum(i,1,2,(y[i]-0.3)^2))+0.1*tanh(y[1])")])]
#[case(&[("x", "x^2+z"), ("y", "(y-x)^2+0.3*sin(3*y)"), ("z", "(z-y)^2+log(2+z)")])]
#[case(&[("x[3]", "sum(i, 1, 3, abs(x[i]-0.1*i))"), ("y[2]", "norm2(y)^2+max(0, y[1]-x[1])")])]
fn usual_features_are_searched(#[case] levels: &[(&str, &str)]) {
    let problem = problem(levels);
    assert!(global(&*problem).is_some(), "{levels:?}");
}

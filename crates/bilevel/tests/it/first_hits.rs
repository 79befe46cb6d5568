//! The number of outer iterations until methods first come within a tolerance: counts of an independent program,
//! matched within 2 %.

use std::sync::Arc;

use bilevel::method;
use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{ParameterValue, Problem, Settings};
use bilevel::referee::Referee;
use bilevel::run::{Budget, Points, Recording, Run, RunSpec, StopRules};
use rstest::rstest;

const MOST: u64 = 5000;

/// Values of a method's parameters: numbers and words.
#[derive(Clone, Debug, Default)]
struct Given {
    numbers: Vec<(&'static str, f64)>,
    words: Vec<(&'static str, &'static str)>,
}

impl Given {
    fn new(inner_steps: f64, inner_step: f64, outer_step: f64) -> Self {
        Self::default()
            .with("inner_steps", inner_steps)
            .with("inner_step_size", inner_step)
            .with("outer_step_size", outer_step)
    }

    fn with(mut self, name: &'static str, number: f64) -> Self {
        self.numbers.push((name, number));
        self
    }

    fn word(mut self, name: &'static str, word: &'static str) -> Self {
        self.words.push((name, word));
        self
    }
}

fn run(problem: &Arc<dyn Problem>, method: &str, start: Point, given: &Given) -> Run {
    let entry = method::find(method).expect("the method is in the list");
    let mut settings = Settings::new(entry.parameters);
    for (name, number) in &given.numbers {
        if settings.declares(name) {
            settings
                .set(name, ParameterValue::Number(*number))
                .expect("in range");
        }
    }
    for (name, word) in &given.words {
        settings
            .set(name, ParameterValue::Choice((*word).to_owned()))
            .expect("a choice");
    }
    let spec = RunSpec {
        problem: Arc::clone(problem),
        method: entry,
        settings,
        start,
        earlier: Arc::default(),
        start_number: 0,
        seed: 0,
        iterations: MOST,
        stop: StopRules::default(),
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        diverge_at: Some(1e6),
    };
    Run::new(spec, WorkToken::default())
}

fn problem(id: &str) -> Arc<dyn Problem> {
    let entry = bilevel::problem::find(id).expect("the problem is in the catalogue");
    (entry.build)(&Settings::new(entry.parameters))
}

/// The first iteration whose point is a hit; `None` if the run ends without one.
fn first(mut run: Run, is_hit: impl Fn(&Point) -> bool) -> Option<u64> {
    while run.status().is_running() {
        run.advance(Budget::Iterations(1));
        if is_hit(run.point()) {
            return Some(run.iteration());
        }
    }
    None
}

fn expect(what: &str, found: Option<u64>, expected: u64) {
    let found = found.unwrap_or_else(|| panic!("{what}: never instead of {expected}"));
    let off = (found as f64 / expected as f64 - 1.0).abs();
    assert!(
        off <= 0.02 || found.abs_diff(expected) <= 1,
        "{what}: {found} instead of {expected}"
    );
}

/// The first iteration on the coreset with f within the tolerance of 0.72 and a value gap of at most the tolerance.
fn on_the_coreset(method: &str, theta: [f64; 2], given: &Given, tolerance: f64) -> Option<u64> {
    let problem = problem("coreset");
    let token = WorkToken::default();
    let start = Point::from_blocks(&[vec![0.0; 4], theta.to_vec()]);
    first(run(&problem, method, start, given), |point| {
        let f = problem.value(1, point, &token);
        let gap = Referee::new(&*problem, &token).gap(point).expect("a gap");
        (f - 0.72).abs() <= tolerance && gap <= tolerance
    })
}

const FAR: [f64; 2] = [0.0, 3.0];

fn bome(inner_steps: f64, inner_step: f64, outer_step: f64) -> Given {
    Given::new(inner_steps, inner_step, outer_step).with("epsilon", 1e-4)
}

#[rstest]
fn more_inner_steps_bring_bome_sooner_to_the_coresets_optimum() {
    for (steps, wide, narrow) in [
        (2.0, 1954, 3630),
        (5.0, 938, 1684),
        (10.0, 588, 997),
        (20.0, 437, 708),
        (100.0, 385, 609),
    ] {
        let given = bome(steps, 0.05, 0.05);
        expect(
            &format!("T = {steps}"),
            on_the_coreset("bome", FAR, &given, 0.05),
            wide,
        );
        expect(
            &format!("T = {steps}"),
            on_the_coreset("bome", FAR, &given, 0.02),
            narrow,
        );
    }
    let one = bome(1.0, 0.05, 0.05);
    expect("T = 1", on_the_coreset("bome", FAR, &one, 0.05), 3656);
    assert_eq!(on_the_coreset("bome", FAR, &one, 0.02), None);
    let long = bome(1.0, 0.1, 0.05);
    expect(
        "T = 1, α = 0.1",
        on_the_coreset("bome", FAR, &long, 0.05),
        1860,
    );
    expect(
        "T = 1, α = 0.1",
        on_the_coreset("bome", FAR, &long, 0.02),
        3452,
    );
}

#[rstest]
fn the_speed_of_bome_is_proportional_to_its_outer_step() {
    for (step, expected) in [
        (0.01, 3083),
        (0.02, 1541),
        (0.05, 588),
        (0.1, 245),
        (0.2, 94),
    ] {
        let found = on_the_coreset("bome", FAR, &bome(10.0, 0.05, step), 0.05);
        expect(&format!("ξ = {step}"), found, expected);
    }
    assert_eq!(
        on_the_coreset("bome", FAR, &bome(10.0, 0.05, 0.005), 0.05),
        None
    );
}

#[rstest]
fn from_all_three_published_starts_both_barriers_arrive_and_other_methods_as_recorded() {
    let starts = [FAR, [-3.0, 1.0], [3.5, -1.0]];
    let gap = bome(10.0, 0.05, 0.05).word("barrier", "gap");
    for (theta, [slope, value]) in starts.into_iter().zip([[588, 556], [521, 517], [496, 234]]) {
        let given = bome(10.0, 0.05, 0.05);
        expect(
            "BOME, gradient",
            on_the_coreset("bome", theta, &given, 0.05),
            slope,
        );
        expect(
            "BOME, gap",
            on_the_coreset("bome", theta, &gap, 0.05),
            value,
        );
    }
    let given = Given::new(10.0, 0.05, 0.05);
    expect("AID-CG", on_the_coreset("aid-cg", FAR, &given, 0.05), 449);
    expect("ITD", on_the_coreset("itd", FAR, &given, 0.05), 690);
    assert_eq!(on_the_coreset("bsg1", FAR, &given, 0.05), None);
    let bvfsm = given
        .clone()
        .word("reference", "published")
        .word("decay", "horizon")
        .with("offset", 0.0)
        .with("l2", 0.1)
        .with("log_weight", 0.1);
    assert_eq!(on_the_coreset("bvfsm", FAR, &bvfsm, 0.05), None);
    let penalty = given.word("scaling", "mean");
    assert_eq!(on_the_coreset("penalty", FAR, &penalty, 0.05), None);
}

#[rstest]
fn in_the_minimax_game_t_of_one_and_of_a_hundred_are_slower_than_ten() {
    let problem = problem("minimax");
    let hit = |given: &Given| {
        let start = Point::from_blocks(&[vec![4.0], vec![4.0]]);
        first(run(&problem, "bome", start, given), |point| {
            point[1][0].hypot(point[2][0]) < 0.1
        })
    };
    let given = |steps: f64| Given::new(steps, 0.05, 0.05).with("epsilon", 1e-8);
    for (steps, expected) in [(1.0, 1605), (10.0, 161), (100.0, 369)] {
        expect(&format!("T = {steps}"), hit(&given(steps)), expected);
    }
    for (eta, expected) in [(0.1, 541), (0.9, 142)] {
        expect(
            &format!("η = {eta}"),
            hit(&given(10.0).with("eta", eta)),
            expected,
        );
    }
    expect("gap", hit(&given(10.0).word("barrier", "gap")), 274);
}

#[rstest]
fn on_the_degenerate_problem_bome_arrives_in_dozens_and_the_penalty_in_hundreds_of_steps() {
    let problem = problem("degenerate");
    let hit = |method: &str, given: &Given| {
        let start = problem.metadata().start.clone();
        first(run(&problem, method, start, given), |point| {
            let square: f64 = point.values().iter().map(|x| (x - 1.0).powi(2)).sum();
            square.sqrt() < 1e-2
        })
    };
    let given = |steps: f64| Given::new(steps, 0.5, 0.5).with("epsilon", 1e-8);
    for (steps, expected) in [(1.0, 64), (10.0, 34), (100.0, 34)] {
        expect(
            &format!("T = {steps}"),
            hit("bome", &given(steps)),
            expected,
        );
    }
    for (eta, expected) in [(0.1, 51), (0.9, 34)] {
        expect(
            &format!("η = {eta}"),
            hit("bome", &given(10.0).with("eta", eta)),
            expected,
        );
    }
    let gap = given(10.0).word("barrier", "gap");
    expect("gap", hit("bome", &gap), 45);
    for (steps, expected) in [(1.0, 977), (10.0, 494)] {
        let given = given(steps)
            .with("tolerance", 0.1)
            .with("multiplier", 0.1)
            .word("scaling", "mean");
        expect(
            &format!("penalty, T = {steps}"),
            hit("penalty", &given),
            expected,
        );
    }
}

//! Small problems that exposed faults of the referee, with known values in closed form or by brute force.

use std::path::Path;
use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Problem;
use bilevel::referee::Referee;
use bilevel::run::{Run, Status};
use bilevel::study::{FinalState, KnownMinima, Outcome, TargetMinimum, Verdict};
use bilevel_files::Experiment;
use rstest::rstest;

/// A case with its known minima.
struct Case {
    experiment: Experiment,
    problem: Arc<dyn Problem>,
    goals: KnownMinima,
}

impl Case {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/cases/{name}.toml"));
        let text = std::fs::read_to_string(&path).expect("the case is there");
        let experiment = Experiment::read(name, &text).expect("it can be read");
        let problem = experiment.problem.build_informed(&WorkToken::default());
        let goals = KnownMinima::of(&*problem, &WorkToken::default()).expect("nobody cancels");
        Self {
            experiment,
            problem,
            goals,
        }
    }

    /// The outcome of a run that rests at a point.
    fn resting(&self, blocks: &[Vec<f64>]) -> Outcome {
        let point = Point::from_blocks(blocks);
        let ended = FinalState {
            point: &point,
            direction: &vec![0.0; blocks[0].len()],
            stride: 1.0,
            recent: &[],
            status: &Status::Budget,
        };
        let end = self.goals.end(&*self.problem, ended, &WorkToken::default());
        end.expect("nobody cancels")
    }

    /// Label, last point and outcome of all runs of the file.
    fn ends(&self) -> Vec<(String, Point, Outcome)> {
        let methods = 0..self.experiment.methods.len();
        let runs = methods.flat_map(|method| {
            let runs = self.experiment.runs_of(method, &self.problem);
            runs.expect("they can be made")
        });
        runs.map(|(key, spec)| {
            let (run, _) = Run::to_end(spec);
            let ended = FinalState::of(&run);
            let end = self.goals.end(&*self.problem, ended, &WorkToken::default());
            let label = self.experiment.methods[key.method].label.clone();
            (label, run.point().clone(), end.expect("nobody cancels"))
        })
        .collect()
    }

    /// The global minima, which share one value.
    fn optima(&self) -> Vec<TargetMinimum> {
        let targets = self.goals.targets().into_iter();
        targets.filter(|target| target.is_global).collect()
    }

    #[track_caller]
    fn assert_optimum(&self, x: &[f64], value: f64, tolerance: f64) {
        let optima = self.optima();
        let is_it = |target: &TargetMinimum| {
            let pairs = target.x.iter().flatten().zip(x);
            (target.value - value).abs() <= tolerance
                && pairs.clone().count() == x.len()
                && pairs
                    .into_iter()
                    .all(|(a, b)| (a - b).abs() <= 100.0 * tolerance)
        };
        assert!(optima.iter().any(is_it), "{x:?} {value}: {optima:?}");
    }
}

/// The reduced objective φ at x.
fn phi(problem: &dyn Problem, x: f64) -> f64 {
    let mut point = problem.metadata().start.clone();
    point[1][0] = x;
    let token = WorkToken::default();
    Referee::new(problem, &token)
        .reduced(&point)
        .expect("it is answered")
}

#[rstest]
#[case("01-two-leader-one-follower", &[0.8, 0.2], 0.0)]
#[case("09-de-silva", &[0.5, 0.5], -1.0)]
#[case("08-falk-liu", &[0.75, 0.75], -2.25)]
#[case("12-macal-hurter", &[10.016_39], 81.3279)]
#[case("13-hatz", &[0.0], 0.0)]
#[case("22-large-scale-stackelberg", &[220.0], -60_500.0)]
#[case("22b-large-scale-no-bounds", &[220.0], -60_500.0)]
#[case("23-dominant-firm-two-cournot", &[40.0], -533.333_33)]
#[case("21-darts-figure", &[1.0], 0.0)]
#[case("24-ridge-exponent", &[1.016_326_009], 1.763_880_080e-3)]
#[case("40-three-firms", &[40.0], -400.0)]
#[case("41-four-quadratics", &[1.616_54], 1.498_834)]
#[case("42-box-at-the-bottom", &[3.0], 0.25)]
#[case("43-middle-level-ties", &[0.0], 0.0)]
#[case("43b-middle-level-ties-other-start", &[0.0], 0.0)]
#[case("44-min-max-min", &[0.5], 0.5)]
#[case("45-five-levels", &[1.129_880_609_21], 0.155_150_873_003)]
#[case("54-small-units", &[3.0, 2.0], 0.0)]
fn the_optimum_is_found(#[case] name: &str, #[case] x: &[f64], #[case] value: f64) {
    let case = Case::new(name);
    case.assert_optimum(x, value, 1e-4 * (1.0 + 0.01 * value.abs()));
}

#[rstest]
fn an_answer_far_from_the_start_is_found() {
    let case = Case::new("13a-answer-far-from-start-box");
    let start = case.problem.metadata().start.clone();
    let token = WorkToken::default();
    let referee = Referee::new(&*case.problem, &token);
    assert_eq!(
        referee.lower(&start).expect("it is answered").argmin,
        [100.0]
    );
    let found = referee.assess(&start).expect("it is answered");
    assert_eq!((found.gap, found.reduced), (10_000.0, 101.0));
    let ends = case.ends();
    assert_eq!(ends[0].2.verdict, Verdict::Unknown, "{ends:?}");

    let case = Case::new("12-macal-hurter");
    for (x, value) in [(0.0, 251_002.0), (5.0, 63_017.0), (7.5, 15_918.25)] {
        let found = phi(&*case.problem, x);
        assert!((found - value).abs() < 1e-9 * value, "{x}: {found}");
    }
    let referee = Referee::new(&*case.problem, &token);
    assert_eq!(
        referee.gap(&Point::from_blocks(&[vec![5.0], vec![0.0]])),
        Some(31_250.0)
    );
    assert_eq!(case.goals.targets().len(), 1);
    // 25 051 / 2501 is the zero of its derivative
    let x = 25_051.0 / 2501.0;
    let end = case.resting(&[vec![x], vec![50.0 * x - 500.0]]);
    assert_eq!(
        (end.verdict, end.complete),
        (Verdict::Global, false),
        "{end:?}"
    );
}

#[rstest]
fn a_half_bounded_leader_is_judged_as_a_bounded_one() {
    let [half, whole] = ["50-half-bounded-two-valleys", "50b-bounded-two-valleys"].map(Case::new);
    let words = |case: &Case| -> Vec<_> {
        let ends = case.ends().into_iter();
        ends.map(|(label, _, end)| (label, end.verdict, end.index))
            .collect()
    };
    assert_eq!(words(&half), words(&whole));
    let places = |case: &Case| -> Vec<i64> {
        let targets = case.goals.targets().into_iter();
        targets
            .map(|target| (1e6 * target.x.expect("fixed")[0]).round() as i64)
            .collect()
    };
    assert_eq!(places(&half), places(&whole));
    assert!(half.ends().iter().all(|(.., end)| !end.complete));
}

#[rstest]
fn a_saddle_is_no_minimum() {
    let case = Case::new("51-saddle");
    for (label, _, end) in case.ends() {
        assert_eq!(end.verdict, Verdict::Saddle, "{label}: {end:?}");
    }
    let targets = case.goals.targets();
    assert_eq!(targets.len(), 2, "{targets:?}");
    for target in targets {
        let x = target.x.expect("fixed");
        assert!(
            (x[0].abs() - 1.0).abs() < 1e-6 && x[1].abs() < 1e-6,
            "{x:?}"
        );
    }
}

/// y* = x₁x₂, so φ = (x₁² − 1)² + x₂² + x₁³x₂/10: at (0, 0) it has a saddle, at (1, 0) the slope (0, 0.1).
#[rstest]
fn a_slope_is_no_saddle() {
    let case = Case::new("slope-beside-a-minimum");
    let words: Vec<Verdict> = case.ends().iter().map(|(.., end)| end.verdict).collect();
    assert_eq!(words, [Verdict::Saddle, Verdict::Spurious]);
}

#[rstest]
fn a_kink_that_falls_on_is_no_minimum() {
    let case = Case::new("08-falk-liu");
    for target in case.goals.targets() {
        let x = target.x.expect("fixed");
        assert!(
            (x[0] - 1.5).abs() > 0.1 && (x[1] - 1.5).abs() > 0.1,
            "{x:?}"
        );
    }
}

#[rstest]
fn a_descent_in_small_units_is_slow() {
    let case = Case::new("54-small-units");
    assert_eq!(case.goals.targets().len(), 1);
    for (label, _, end) in case.ends() {
        assert_eq!(end.verdict, Verdict::Moving, "{label}: {end:?}");
    }
}

#[rstest]
fn an_end_on_a_plateau_of_optima_is_global() {
    let case = Case::new("64-exact-zero");
    let mut reached = 0;
    for (label, point, end) in case.ends() {
        if case.problem.value(1, &point, &WorkToken::default()) == 0.0 && end.phi == 0.0 {
            assert_eq!(end.verdict, Verdict::Global, "{label}: {end:?}");
            reached += 1;
        }
    }
    let end = case.resting(&[vec![0.25], vec![0.25]]);
    assert_eq!(end.verdict, Verdict::Global, "{end:?}");
    assert!(reached > 0);
}

#[rstest]
fn an_optimum_in_the_hundreds_is_reached() {
    for name in ["22-large-scale-stackelberg", "22b-large-scale-no-bounds"] {
        let case = Case::new(name);
        let end = case.resting(&[vec![220.0], vec![790.0]]);
        assert_eq!(end.verdict, Verdict::Global, "{name}: {end:?}");
    }
}

#[rstest]
fn ties_of_a_deeper_level_are_broken_from_below() {
    for name in ["43-middle-level-ties", "43b-middle-level-ties-other-start"] {
        let case = Case::new(name);
        // for x > 0 level 2 chooses the well at 1, for x < 0 that at -1; level 1 breaks the tie at 0
        assert!((phi(&*case.problem, 0.5) - 1.25).abs() < 1e-9);
        assert!((phi(&*case.problem, -0.5) - 1.25).abs() < 1e-9);
        assert!(phi(&*case.problem, 0.0).abs() < 1e-9);
    }
}

/// φ(x) = (x − 1)² + (distance of 0.3 from [x − w, x + w])² has one minimum, at x = 1 − (0.7 − w) / 2 while that is
/// beneath 1.
#[rstest]
#[case("interval-of-answers", 0.5)]
#[case("interval-with-smooth-ends", 0.5)]
#[case("narrow-interval", 1e-3)]
fn answers_fill_an_interval_to_its_ends(#[case] name: &str, #[case] half: f64) {
    let case = Case::new(name);
    let token = WorkToken::default();
    let referee = Referee::new(&*case.problem, &token);
    for x in [-2.9_f64, -1.0, 0.123, 0.5, 0.9, 1.7, 2.0, 2.77] {
        let away = ((x - 0.3).abs() - half).max(0.0);
        let truth = (x - 1.0).powi(2) + away * away;
        let found = referee.reduced(&Point::from_blocks(&[vec![x], vec![0.0]]));
        let found = found.expect("an answer");
        assert!(
            (found - truth).abs() <= 1e-8 * (1.0 + truth),
            "{x}: {found}, not {truth}"
        );
    }
    let best = 1.0 - 0.5 * (0.7 - half);
    let targets = case.goals.targets();
    assert_eq!(targets.len(), 1, "{targets:?}");
    let place = targets[0].x.clone().expect("fixed")[0];
    assert!((place - best).abs() < 1e-6, "{place}");
    let word = |x: f64, y: f64| case.resting(&[vec![x], vec![y]]).verdict;
    assert_eq!(word(best, best - half), Verdict::Global);
    assert_eq!(word(2.0, 2.0 - half), Verdict::Spurious);
    assert_eq!(word(-1.0, -1.0 + half), Verdict::Spurious);
    assert_eq!(
        word(best, best - half - 0.5),
        Verdict::Spurious,
        "not answered"
    );
}

#[rstest]
fn a_peak_that_a_drop_cuts_off_is_no_saddle() {
    let case = Case::new("drop-beside-a-peak");
    for (label, point, end) in case.ends() {
        assert_eq!(
            end.verdict,
            Verdict::Spurious,
            "{label} at {point:?}: {end:?}"
        );
    }
}

#[rstest]
fn a_method_without_a_direction_may_rest_in_the_wrong_well() {
    let case = Case::new("rest-in-the-wrong-well");
    for (label, point, end) in case.ends() {
        assert_eq!(
            end.verdict,
            Verdict::Spurious,
            "{label} at {point:?}: {end:?}"
        );
    }
}

/// φ = (a − 1)² with w* = a. One unrolled step of 1/2 solves the follower and is exact; one of 1/10 rests at 5/3, where
/// w − 2 + a/5 vanishes, and ignoring the follower's response at 2.
#[rstest]
fn one_unrolled_step_is_exact_or_biased() {
    let case = Case::new("21-darts-figure");
    let known = [
        (1.0, Verdict::Global),
        (5.0 / 3.0, Verdict::Spurious),
        (2.0, Verdict::Spurious),
        (1.0, Verdict::Global),
        (1.0, Verdict::Global),
    ];
    let ends = case.ends();
    assert_eq!(ends.len(), known.len());
    for ((label, point, end), (place, verdict)) in ends.iter().zip(known) {
        assert!((point[1][0] - place).abs() < 1e-6, "{label}: {point:?}");
        assert_eq!(end.verdict, verdict, "{label}: {end:?}");
    }
    let slopes: Vec<f64> = ends.iter().filter_map(|end| end.2.bias).collect();
    assert!((slopes[1] - 4.0 / 3.0).abs() < 1e-6 && (slopes[2] - 2.0).abs() < 1e-6);
}

/// φ is flat towards its minimum near 1.016: only steps of 20 reach it in 500 iterations.
#[rstest]
fn a_slow_descent_is_no_minimum() {
    let case = Case::new("24-ridge-exponent");
    for (label, point, end) in case.ends() {
        let is_there = (point[1][0] - 1.016_326_009).abs() < 1e-3;
        let verdict = if is_there {
            Verdict::Global
        } else {
            Verdict::Moving
        };
        assert_eq!(end.verdict, verdict, "{label} at {point:?}: {end:?}");
        assert_eq!(is_there, label == "long steps", "{label}: {point:?}");
    }
}

//! Verdicts on runs whose outcome is known in advance.
//!
//! Exact descent converges to the minimum of the valley that it starts in; short inner loops converge to stationary
//! points of their own truncated objective; runs end at bounds and jumps that they push against.

use std::sync::Arc;

use bilevel::method;
use bilevel::numerics::{Bounds, Levels, Nilpotent, Point, Scalar as _, Shape, WorkToken};
use bilevel::problem::{
    self, Coordinate, LowerSolution, Metadata, ParameterValue, Plane, Problem, Settings,
};
use bilevel::run::{Budget, Points, Recording, Run, RunSpec, StopRules};
use bilevel::study::{FinalState, KnownMinima, Outcome, Verdict};
use rstest::rstest;

fn build(id: &str) -> Arc<dyn Problem> {
    let entry = problem::find(id).expect("a benchmark");
    (entry.build)(&Settings::new(entry.parameters))
}

/// A run of a method with some parameters, from the given values; with none, from the benchmark's own start.
struct Case<'a> {
    method: &'a str,
    settings: &'a [(&'a str, f64)],
    words: &'a [(&'a str, &'a str)],
    start: &'a [f64],
    iterations: u64,
}

const EXACT: Case<'_> = Case {
    method: "implicit",
    settings: &[("outer_step_size", 0.02)],
    words: &[],
    start: &[],
    iterations: 3000,
};

fn spec_of(problem: &Arc<dyn Problem>, case: &Case<'_>) -> RunSpec {
    let method = method::find(case.method).expect("a method");
    let mut settings = Settings::new(method.parameters);
    for &(name, value) in case.settings {
        let value = ParameterValue::Number(value);
        settings.set(name, value).expect("it is in range");
    }
    for &(name, word) in case.words {
        let word = ParameterValue::Choice(word.to_owned());
        settings.set(name, word).expect("it is a choice");
    }
    let mut start = problem.metadata().start.clone();
    for (value, given) in start.values_mut().iter_mut().zip(case.start) {
        *value = *given;
    }
    RunSpec {
        problem: Arc::clone(problem),
        method,
        settings,
        start,
        earlier: Arc::default(),
        start_number: 0,
        seed: 0,
        iterations: case.iterations,
        stop: StopRules::default(),
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        diverge_at: Some(1e6),
    }
}

fn end_of(problem: &Arc<dyn Problem>, goals: Option<&KnownMinima>, case: &Case<'_>) -> Outcome {
    let token = WorkToken::default();
    let mut run = Run::new(spec_of(problem, case), token.clone());
    run.advance(Budget::Iterations(u64::MAX));
    let own;
    let goals = if let Some(goals) = goals {
        goals
    } else {
        own = KnownMinima::of(&**problem, &token).expect("it is not cancelled");
        &own
    };
    let ended = FinalState::of(&run);
    let end = goals.end(&**problem, ended, &token);
    end.unwrap_or_else(|| panic!("{}: nothing is known of {:?}", case.method, run.point()))
}

#[track_caller]
fn assert_end(id: &str, case: &Case<'_>, expected: Verdict) -> Outcome {
    let end = end_of(&build(id), None, case);
    assert_eq!(
        end.verdict, expected,
        "{id}, {} from {:?}: {end:?}",
        case.method, case.start
    );
    end
}

#[rstest]
fn rest_begins_where_the_leader_stays_near_its_end() {
    let problem = build("tri-sin");
    let goals = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
    let run_of = |iterations: u64| {
        let case = Case {
            iterations,
            ..EXACT
        };
        let recording = Recording {
            every: 1,
            points: Points::All,
        };
        let (run, trace) = Run::to_end(RunSpec {
            recording,
            ..spec_of(&problem, &case)
        });
        let end = goals.end(&*problem, FinalState::of(&run), &WorkToken::default());
        (end.expect("it is judged"), trace)
    };
    let (end, trace) = run_of(EXACT.iterations);
    let row = end
        .resting_row(&trace, problem.metadata())
        .expect("it is at rest");
    let x = |row: usize| trace.point(row).expect("all are kept")[1][0];
    let [low, high] = problem
        .metadata()
        .start_range(Coordinate { level: 1, index: 0 });
    let last = trace.len() - 1;
    let is_far = |row: usize| (x(row) - x(last)).abs() > (high - low) / 200.0;
    assert!(0 < row && row < last && is_far(row - 1));
    assert!(!(row..=last).any(is_far));
    let (end, trace) = run_of(5);
    assert_eq!(
        (end.verdict, end.resting_row(&trace, problem.metadata())),
        (Verdict::Moving, None)
    );
}

/// The minima of φ from the left, true for global ones, and the maxima between them.
type Valleys<'a> = (&'a str, &'a [(f64, bool)], &'a [f64]);

/// Some seventy starts in the valleys of problems with a unique lower-level solution converge to the minima of their
/// valleys.
#[rstest]
fn exact_descent_ends_in_the_valley_that_it_starts_in() {
    // maxima of φ: those of tri-sin and tri-cosresp are recorded, the others lie between the minima that their headers
    // derive
    let known: [Valleys<'_>; 4] = [
        (
            "tri-sin",
            &[(-0.590_281, false), (2.400_961, true)],
            &[0.64],
        ),
        (
            "tri-cosresp",
            &[(-3.448_296, false), (2.236_909, true), (6.646_186, false)],
            &[-1.7825, 4.8675],
        ),
        (
            "tanh-doublewell",
            &[(-1.946_831, true), (1.760_434, false)],
            &[0.05],
        ),
        (
            "two-basin-ridge",
            &[(-1.428_819, true), (1.341_876, false)],
            &[0.0],
        ),
    ];
    let mut count = 0;
    let mut local = 0;
    for (id, minima, ridges) in known {
        let problem = build(id);
        let goals = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
        for step in 0..20 {
            let [low, high] = match id {
                "tri-sin" => [-1.4, 3.2],
                "tri-cosresp" => [-5.0, 7.5],
                _ => [-3.0, 3.0],
            };
            let x = low + (high - low) * (f64::from(step) + 0.5) / 20.0;
            // a start near a maximum leaves it slowly
            if ridges.iter().any(|ridge| (x - ridge).abs() < 0.25) {
                continue;
            }
            let valley = ridges.iter().filter(|ridge| x > **ridge).count();
            let start = vec![x];
            let end = end_of(
                &problem,
                Some(&goals),
                &Case {
                    start: &start,
                    settings: &[("outer_step_size", 0.1)],
                    iterations: 6000,
                    ..EXACT
                },
            );
            let (place, is_global) = minima[valley];
            let expected = if is_global {
                Verdict::Global
            } else {
                Verdict::Local
            };
            assert_eq!(
                (end.verdict, end.index),
                (expected, Some(valley + 1)),
                "{id} from {x}, whose minimum is {place}: {end:?}"
            );
            count += 1;
            local += usize::from(!is_global);
        }
    }
    assert!(
        count >= 60 && local >= 20,
        "{count} runs, {local} in other valleys"
    );
}

/// With ten inner steps of 0.1 from 0, ITD on tri-sin converges to −1.02 and 3.70, where φ is steep.
#[rstest]
fn a_truncated_loop_rests_where_the_reduced_objective_is_steep() {
    for (start, place) in [(-2.0, -1.02), (3.0, 3.70)] {
        let case = Case {
            method: "itd",
            settings: &[
                ("outer_step_size", 0.02),
                ("inner_steps", 10.0),
                ("inner_step_size", 0.1),
            ],
            words: &[("inner_start", "fixed")],
            start: &[start, 0.0, 0.0],
            iterations: 3000,
        };
        let end = assert_end("tri-sin", &case, Verdict::Spurious);
        let minimum = if start < 0.0 { -0.590_281 } else { 2.400_961 };
        let distance = (place - f64::min(minimum, place))
            .abs()
            .max((minimum - place).abs());
        assert!(
            (end.distance.expect("known") - distance).abs() < 0.02,
            "{end:?}"
        );
        assert!(
            end.bias.expect("known") > 0.5 && end.direction < 1e-3,
            "{end:?}"
        );
    }
}

#[rstest]
fn a_follower_on_another_branch_makes_an_end_spurious_however_small_f_is() {
    for id in ["mirrlees", "cusp-jump", "mb-3-20"] {
        let start: &[f64] = match id {
            "mirrlees" => &[0.3, 0.5],
            "cusp-jump" => &[-0.8, 1.2],
            _ => &[0.9, 0.9],
        };
        let end = assert_end(id, &Case { start, ..EXACT }, Verdict::Spurious);
        assert!(
            end.is_unanswered() && end.above.expect("known") > 0.5,
            "{end:?}"
        );
    }
}

#[rstest]
fn edges_hold_runs_at_minima_that_are_none_without_the_box() {
    // φ = 0.02 (x − 4)² + (sin x − 0.9)² decreases towards −8 from −7.98 on: φ' is 0.07 at the edge
    let end = assert_end(
        "sinresp",
        &Case {
            start: &[-7.995, -1.0],
            ..EXACT
        },
        Verdict::Boundary,
    );
    assert_eq!(end.index, Some(1));
    let end = assert_end(
        "valleys",
        &Case {
            start: &[-3.9, -3.9],
            ..EXACT
        },
        Verdict::Boundary,
    );
    assert_eq!(end.index, Some(1));
    // a global optimum at an edge is called global
    assert_end(
        "mb-3-18",
        &Case {
            start: &[0.8, 0.1],
            ..EXACT
        },
        Verdict::Global,
    );
}

#[rstest]
fn a_follower_that_begins_anew_keeps_a_run_at_the_jump() {
    let case = Case {
        method: "itd",
        settings: &[
            ("outer_step_size", 0.002),
            ("inner_steps", 200.0),
            ("inner_step_size", 0.3),
        ],
        words: &[("inner_start", "fixed")],
        start: &[-0.3, 0.0],
        iterations: 2000,
    };
    let end = assert_end("cusp-jump", &case, Verdict::Jump);
    assert!(end.direction > 0.5, "it hovers: {end:?}");
}

#[rstest]
fn what_has_not_come_to_rest_is_moving_and_what_left_all_bounds_has_diverged() {
    // tri-cosresp has a flat shoulder near 1.38
    let moving = Case {
        settings: &[("outer_step_size", 0.05)],
        start: &[-1.6],
        iterations: 500,
        ..EXACT
    };
    assert_end("tri-cosresp", &moving, Verdict::Moving);
    assert_end(
        "valleys",
        &Case {
            iterations: 2,
            ..EXACT
        },
        Verdict::Moving,
    );
    let diverging = Case {
        method: "itd",
        settings: &[("inner_step_size", 1.5), ("inner_steps", 10.0)],
        words: &[],
        start: &[],
        iterations: 500,
    };
    assert_end("coreset", &diverging, Verdict::Diverged);
    // a method that fails has neither converged nor diverged
    assert_end(
        "minimax",
        &Case {
            method: "aid-cg",
            settings: &[],
            ..EXACT
        },
        Verdict::Failed,
    );
}

#[rstest]
fn several_leaders_variables_are_judged_by_known_minima_and_by_the_slope() {
    let end = assert_end(
        "quadratic",
        &Case {
            settings: &[("outer_step_size", 0.3)],
            ..EXACT
        },
        Verdict::Global,
    );
    assert!(
        end.bias.expect("known") < 1e-6 && end.phi.is_finite(),
        "{end:?}"
    );
    let end = assert_end(
        "quadratic",
        &Case {
            method: "alternating",
            settings: &[("outer_step_size", 0.3), ("inner_step_size", 0.1)],
            ..EXACT
        },
        Verdict::Spurious,
    );
    assert!(end.bias.expect("known") > 1e-2, "{end:?}");
}

/// A verdict depends on the last point and on the direction alone, not on any other state of the method.
#[rstest]
fn a_verdict_rests_on_the_last_x_and_on_whether_the_method_rests() {
    let problem = build("pbgd");
    let token = WorkToken::default();
    let goals = KnownMinima::of(&*problem, &token).expect("it is not cancelled");
    let stepping = |x: f64, y: f64, direction: f64, stride: f64| {
        let point = Point::from_blocks(&[vec![x], vec![y]]);
        let ended = FinalState {
            point: &point,
            direction: &[direction],
            stride,
            recent: &[],
            status: &bilevel::run::Status::Budget,
        };
        let end = goals.end(&*problem, ended, &token).expect("it is known");
        (end.verdict, end.index)
    };
    let at = |x: f64, y: f64, direction: f64| stepping(x, y, direction, 1.0);
    assert_eq!(at(1.215, -1.215, 0.0), (Verdict::Global, Some(2)));
    assert_eq!(at(1.215, -1.215, 0.1), (Verdict::Moving, None));
    assert_eq!(at(2.83, -2.83, 0.0), (Verdict::Local, Some(3)));
    assert_eq!(at(0.382, -0.382, 0.0), (Verdict::Local, Some(1)));
    assert_eq!(at(2.0, -2.0, 0.0), (Verdict::Spurious, None));
    assert_eq!(at(1.215, 0.5, 0.0), (Verdict::Spurious, None));
    // a direction against an active bound counts as zero
    assert_eq!(at(3.0, -3.0, -5.0), (Verdict::Spurious, None));
    assert_eq!(at(3.0, -3.0, 5.0), (Verdict::Moving, None));
    // the rest tolerance is a thousandth of φ's span over its width; for long strides, a move of a thousandth of the
    // width
    for step in [0.0, 1e-6, 1.0] {
        let rest = goals.longest_at_rest(step);
        assert_eq!(
            stepping(2.0, -2.0, 0.9 * rest, step),
            (Verdict::Spurious, None),
            "{step}"
        );
        assert_eq!(
            stepping(2.0, -2.0, 1.1 * rest, step),
            (Verdict::Moving, None),
            "{step}"
        );
    }
    for (direction, far, near) in [
        (0.9e-6, (Verdict::Spurious, None), (Verdict::Local, Some(3))),
        (2.9e-6, (Verdict::Spurious, None), (Verdict::Local, Some(3))),
        (3.1e-6, (Verdict::Moving, None), (Verdict::Local, Some(3))),
        (2e-5, (Verdict::Moving, None), (Verdict::Moving, None)),
    ] {
        assert_eq!(stepping(2.0, -2.0, direction, 1000.0), far, "{direction}");
        assert_eq!(
            stepping(2.83, -2.83, direction, 1000.0),
            near,
            "{direction}"
        );
    }
}

/// φ = 10⁻⁶ ‖x − c‖² / 2 with y* = x, so flat that its gradient is at most 10⁻³ long in the box.
#[derive(Debug)]
struct Flat {
    metadata: Metadata,
}

const FLAT: f64 = 1e-6;
const CENTRE: f64 = 300.0;

impl Flat {
    fn of(variables: usize) -> Arc<dyn Problem> {
        let mut metadata = build("quadratic").metadata().clone();
        let shape = Shape::new(&[variables, variables]);
        metadata.bounds = Bounds::none(shape).with(1, -500.0, 500.0);
        metadata.start = Point::zeros(shape);
        let coordinate = |level| Coordinate { level, index: 0 };
        metadata.planes = vec![Plane {
            horizontal: coordinate(1),
            vertical: coordinate(2),
            range: [[-500.0, 500.0]; 2],
            marks: Vec::new(),
        }];
        metadata.minima.clear();
        metadata.metrics.clear();
        Arc::new(Self { metadata })
    }
}

impl Problem for Flat {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
    fn value(&self, level: usize, at: &Point, _token: &WorkToken) -> f64 {
        let squares = at[2].iter().zip(&at[1]).map(|(y, x)| match level {
            1 => FLAT * (y - CENTRE).powi(2),
            _ => (y - x).powi(2),
        });
        0.5 * squares.sum::<f64>()
    }
    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, _token: &WorkToken) {
        for place in 0..at[1].len() {
            let (x, y) = (at[1][place], at[2][place]);
            let slopes = match level {
                1 => [0.0, FLAT * (y - CENTRE)],
                _ => [x - y, y - x],
            };
            for block in [1, 2] {
                if wrt.contains(block) {
                    out[block][place] = slopes[block - 1];
                }
            }
        }
    }
    fn product(
        &self,
        level: usize,
        _at: &Point,
        [wrt, along]: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        _token: &WorkToken,
    ) {
        let factor = match (level, wrt, along) {
            (1, 2, 2) => FLAT,
            (1, _, _) => 0.0,
            _ if wrt == along => 1.0,
            _ => -1.0,
        };
        for (out, direction) in out.iter_mut().zip(direction) {
            *out = factor * direction;
        }
    }
    fn higher(&self, level: usize, at: &[Nilpotent], _token: &WorkToken) -> Nilpotent {
        let (x, y) = at.split_at(at.len() / 2);
        let squares = x.iter().zip(y).map(|(&x, &y)| match level {
            1 => (y - CENTRE).square() * FLAT,
            _ => (y - x).square(),
        });
        Nilpotent::sum(squares) * 0.5
    }
    fn known_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }
    fn metrics(&self, _at: &Point, _token: &WorkToken) -> Vec<f64> {
        Vec::new()
    }
}

#[rstest]
fn a_run_that_goes_far_on_a_flat_objective_is_moving_until_its_steps_are_short() {
    for variables in [1, 2] {
        let problem = Flat::of(variables);
        let going = |iterations| Case {
            settings: &[("outer_step_size", 1000.0)],
            iterations,
            ..EXACT
        };
        // a step covers a thousandth of the remaining distance: 300 · 0.999¹⁰⁰ = 271
        let end = end_of(&problem, None, &going(100));
        assert_eq!(end.verdict, Verdict::Moving, "{end:?}");
        assert!(end.direction < 1e-3, "{end:?}");
        let said = end.meaning(|value| format!("{value:.0e}"));
        assert!(said.contains("(step × momentum = $1e3$)"), "{said}");
        let end = end_of(&problem, None, &going(20_000));
        assert_eq!(end.verdict, Verdict::Global, "{end:?}");
        // the search for the optimum did not cover everything
        let said = end.meaning(|value| format!("{value:.0e}"));
        assert!(
            !end.complete && said.starts_with("no better $x$ was found (searched in"),
            "{said}"
        );
    }
}

/// A leader with short steps is not at rest: relative to the region the gradient is not small, and the run follows it
/// exactly.
#[rstest]
fn short_steps_on_a_flat_objective_are_moving() {
    for variables in [1, 2] {
        let short = Case {
            iterations: 100,
            ..EXACT
        };
        let end = end_of(&Flat::of(variables), None, &short);
        assert_eq!(end.verdict, Verdict::Moving, "{end:?}");
        assert!(
            end.mismatch.is_none_or(|mismatch| mismatch < 1e-6),
            "{end:?}"
        );
    }
}

#[rstest]
fn a_stride_is_the_leaders_step_with_momentum_and_1_for_a_method_without() {
    let entry = method::find("evolution").expect("a method");
    assert_eq!(method::stride(&Settings::new(entry.parameters)), 1.0);
    // of two step sizes the leader's counts, and momentum prolongs it
    let entry = method::find("bome").expect("a method");
    let mut settings = Settings::new(entry.parameters);
    for (name, step) in [("outer_step_size", 20.0), ("outer_step_size_lower", 0.1)] {
        settings
            .set(name, ParameterValue::Number(step))
            .expect("in range");
    }
    assert_eq!(method::stride(&settings), 20.0);
    settings
        .set("momentum", ParameterValue::Number(0.75))
        .expect("in range");
    assert_eq!(method::stride(&settings), 80.0);
    // with an infinite stride a run is at rest only if its direction is zero
    let problem = build("valleys");
    let goals = KnownMinima::of(&*problem, &WorkToken::default()).expect("it is not cancelled");
    settings
        .set("momentum", ParameterValue::Number(1.0))
        .expect("in range");
    assert_eq!(goals.longest_at_rest(method::stride(&settings)), 0.0);
}

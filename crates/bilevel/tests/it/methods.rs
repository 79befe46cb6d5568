//! Properties of methods: exact hypergradients, momentum, rows with lower-level solutions, and warnings before a run.

use std::borrow::Cow;
use std::sync::Arc;

use approx::assert_relative_eq;
use bilevel::method::{self, METHODS, MethodState, Start, StepDiagnostics};
use bilevel::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape, WorkToken, richardson};
use bilevel::problem::{
    Counts, Curvature, Differentiated, LowerLevel, Metadata, Objectives, Oracle, PROBLEMS,
    ParameterValue, Problem, Settings,
};
use bilevel::referee::Referee;
use rstest::rstest;

/// A lower level with features that the bilevel benchmarks lack: third derivatives, coupled variables, and a bound that
/// is sometimes active. Its Hessian is positive definite everywhere.
#[derive(Debug)]
struct Curved;

impl Objectives for Curved {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[2, 3]);
        metadata(
            Bounds::none(shape).with(2, -0.6, 0.6),
            Point::from_blocks(&[vec![0.4, -0.3], vec![0.1, 0.2, -0.1]]),
            Curvature::StronglyConvex,
        )
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (&at[1], &at[2]);
        if level == 1 {
            x[0].sin() * y[0] + (y[1] - 0.3).square() + x[1] * y[2] + (x[0] * x[1]).cos() * 0.3
        } else {
            let drift = y[0] - x[0] * x[1];
            drift.square() * (x[0].square() + 1.0) * 0.5
                + (y[1] - x[0] * 0.5).cosh()
                + (y[2] + x[1]).exp() * 0.4
                + y[2].square()
                + y[0] * y[1] * 0.2
                + y[1] * y[2] * 0.3
        }
    }
}

/// A lower level with two minima and a maximum between them.
#[derive(Debug)]
struct DoubleWell;

impl Objectives for DoubleWell {
    fn metadata(&self) -> Metadata {
        metadata(
            Bounds::none(Shape::new(&[1, 1])),
            Point::from_blocks(&[vec![0.05], vec![0.01]]),
            Curvature::NonConvex,
        )
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 0.2).square() + (y - 0.8).square()
        } else {
            y.powi(4) * 0.25 - y.square() * 0.5 + x * y
        }
    }
}

/// A follower without a minimum.
#[derive(Debug)]
struct Unbounded;

impl Objectives for Unbounded {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 1]);
        metadata(Bounds::none(shape), Point::zeros(shape), Curvature::Linear)
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        if level == 1 {
            at[1][0].square()
        } else {
            -at[2][0]
        }
    }
}

/// A leader's objective that is NaN outside the box [0, 1].
#[derive(Debug)]
struct Edge;

impl Objectives for Edge {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[2, 1]);
        metadata(
            Bounds::none(shape).with(1, 0.0, 1.0),
            Point::from_blocks(&[vec![0.0, 1.0], vec![0.0]]),
            Curvature::StronglyConvex,
        )
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (&at[1], at[2][0]);
        if level == 1 {
            x[0].powf(1.5) + (-x[1] + 1.0).powf(1.5) + x[0] * 3.0
        } else {
            y.square()
        }
    }
}

fn metadata(bounds: Bounds, start: Point, curvature: Curvature) -> Metadata {
    Metadata {
        formulas: vec![String::new(), String::new()],
        symbols: vec!["x", "y"],
        names: Vec::new(),
        bounds,
        start,
        planes: Vec::new(),
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            steepest: None,
            curvature,
            note: Cow::Borrowed(""),
        },
        metrics: Vec::new(),
        highest_order: 6,
    }
}

fn curved() -> Arc<dyn Problem> {
    Arc::new(Differentiated::new(Curved))
}

fn shipped(id: &str) -> Arc<dyn Problem> {
    let entry = bilevel::problem::find(id).expect("the problem is in the catalogue");
    (entry.build)(&Settings::new(entry.parameters))
}

type Numbers<'a> = &'a [(&'a str, f64)];
type Words<'a> = &'a [(&'a str, &'a str)];

/// A method on a problem, advanced step by step.
struct Race<'a> {
    problem: &'a dyn Problem,
    state: Box<dyn MethodState>,
    counts: Counts,
    token: WorkToken,
}

impl<'a> Race<'a> {
    fn new(problem: &'a dyn Problem, id: &str, numbers: Numbers<'_>, words: Words<'_>) -> Self {
        Self::from(&problem.metadata().start, problem, id, (numbers, words))
    }

    fn from(
        start: &Point,
        problem: &'a dyn Problem,
        id: &str,
        (numbers, words): (Numbers<'_>, Words<'_>),
    ) -> Self {
        let entry = method::find(id).expect("the method is in the list");
        let mut settings = Settings::new(entry.parameters);
        for (name, number) in numbers {
            if is_declared(entry, name) {
                settings
                    .set(name, ParameterValue::Number(*number))
                    .expect("in range");
            }
        }
        for (name, word) in words {
            if is_declared(entry, name) {
                let word = ParameterValue::Choice((*word).to_owned());
                settings.set(name, word).expect("a choice");
            }
        }
        let start = Start {
            point: start,
            seed: 0,
            number: 0,
        };
        Self {
            problem,
            state: (entry.build)(&settings).start(&start),
            counts: Counts::default(),
            token: WorkToken::default(),
        }
    }

    fn try_step(&mut self) -> Result<StepDiagnostics, String> {
        let mut terms = StepDiagnostics::enabled();
        let mut oracle = Oracle::new(self.problem, &mut self.counts, &self.token);
        match self.state.step(&mut oracle, &mut terms) {
            Ok(()) => Ok(terms),
            Err(trouble) => Err(trouble.to_string()),
        }
    }

    fn step(&mut self) -> Point {
        self.try_step().expect("the step works");
        self.state.point().clone()
    }

    fn hypergradient(&mut self) -> Vec<f64> {
        let terms = self.try_step().expect("the step works");
        let found = ["hypergradient", "direction"]
            .into_iter()
            .find_map(|name| terms.term(name));
        found.expect("the method shows it").value.clone()
    }
}

fn is_declared(entry: &method::MethodInfo, name: &str) -> bool {
    entry
        .parameters
        .iter()
        .any(|parameter| parameter.name == name)
}

fn points(problem: &dyn Problem) -> Vec<Point> {
    let metadata = problem.metadata();
    (0..10)
        .map(|number| {
            let mut point = metadata.start.clone();
            for (i, value) in point.values_mut().iter_mut().enumerate() {
                *value += 2.0 * ((number * 7 + i * 3) as f64 * 0.754_877_666).fract() - 1.0;
            }
            for level in 1..=point.shape().levels() {
                metadata.bounds.project(level, &mut point[level]);
            }
            point
        })
        .collect()
}

/// The catalogue's small two-level problems.
fn small_problems() -> impl Iterator<Item = (&'static str, Arc<dyn Problem>)> {
    let problems = PROBLEMS.iter().map(|entry| (entry.id, shipped(entry.id)));
    problems.filter(|(_, problem)| {
        let shape = problem.metadata().shape();
        shape.levels() == 2 && shape.total() <= 64
    })
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

fn length(a: &[f64]) -> f64 {
    distance(a, &vec![0.0; a.len()])
}

#[rstest]
fn implicit_takes_the_slope_of_the_true_reduced_objective() {
    let token = WorkToken::default();
    let convex = small_problems().filter(|(_, problem)| {
        problem.metadata().lower_level.curvature == Curvature::StronglyConvex
    });
    let own = [("curved", curved())];
    let mut held = 0;
    for (id, problem) in convex.chain(own) {
        let referee = Referee::new(&*problem, &token);
        for point in points(&*problem) {
            let mut race = Race::from(&point, &*problem, "implicit", (&[], &[]));
            let slope = race.hypergradient();
            let differences = richardson(&point[1], 1e-3, |x| {
                let mut moved = point.clone();
                moved[1].copy_from_slice(x);
                referee.reduced(&moved).unwrap_or(f64::NAN)
            });
            let differences = differences.expect("the referee finds an answer");
            assert!(
                distance(&slope, &differences) <= 1e-7 * length(&differences).max(1.0),
                "{id} at {point:?}: {slope:?}, by differences {differences:?}"
            );
            let answer = referee.lower(&point).expect("the referee finds an answer");
            held += usize::from(id == "curved" && answer.argmin.iter().any(|y| y.abs() == 0.6));
        }
    }
    assert!(
        (1..10).contains(&held),
        "a bound holds at {held} of ten points"
    );
}

#[rstest]
fn a_row_of_implicit_shows_the_answer_to_the_x_beside_it() {
    let token = WorkToken::default();
    for problem in [curved(), shipped("coreset")] {
        let mut race = Race::new(&*problem, "implicit", &[], &[]);
        for _ in 0..20 {
            let point = race.step();
            let answer = Referee::new(&*problem, &token).lower(&point).unwrap();
            assert!(distance(&point[2], &answer.argmin) < 1e-9, "{point:?}");
        }
    }
}

#[rstest]
fn implicit_takes_the_slope_of_phi_also_where_the_follower_is_not_convex() {
    let token = WorkToken::default();
    for (id, range) in [("pbgd", [0.1, 2.9]), ("sine", [0.3, 3.9])] {
        let problem = shipped(id);
        let referee = Referee::new(&*problem, &token);
        for number in 0..10 {
            let share = f64::from(number) / 9.0;
            let mut point = problem.metadata().start.clone();
            point[1][0] = range[0] + share * (range[1] - range[0]);
            // from the lower-level solution itself: elsewhere Newton's method may converge to another trough
            let point = referee
                .answered(&point)
                .expect("the follower has an answer");
            let mut race = Race::from(&point, &*problem, "implicit", (&[], &[]));
            let slope = race.hypergradient();
            let differences = richardson(&point[1], 1e-3, |x| {
                let mut moved = point.clone();
                moved[1].copy_from_slice(x);
                referee.reduced(&moved).unwrap_or(f64::NAN)
            });
            let differences = differences.expect("the referee finds an answer");
            assert!(
                distance(&slope, &differences) <= 1e-7 * length(&differences).max(1.0),
                "{id} at {point:?}: {slope:?}, by differences {differences:?}"
            );
        }
    }
}

#[rstest]
fn implicit_leaves_a_maximum_of_the_follower_for_a_minimum() {
    let problem = Differentiated::new(DoubleWell);
    let mut race = Race::new(&problem, "implicit", &[("outer_step_size", 0.0)], &[]);
    let point = race.step();
    let (x, y) = (point[1][0], point[2][0]);
    assert!((y.powi(3) - y + x).abs() <= 1e-10, "a rest point: {y}");
    assert!(3.0 * y * y > 1.0, "curved upwards: {y}");
}

#[rstest]
fn implicit_says_why_it_cannot_go_on_and_keeps_the_last_good_point() {
    let degenerate = shipped("degenerate");
    let mut race = Race::new(&*degenerate, "implicit", &[], &[]);
    let message = race.try_step().unwrap_err();
    assert!(
        message.contains("level 2 is singular (smallest curvature met: 0)"),
        "{message}"
    );
    assert_eq!(race.state.point(), &degenerate.metadata().start);

    // the bound is active for the follower until the leader has reached the kink at 0
    let minimax = shipped("minimax");
    let mut race = Race::new(&*minimax, "implicit", &[], &[]);
    for _ in 0..8 {
        race.step();
    }
    assert!(race.try_step().unwrap_err().contains("singular"));
    assert_eq!(race.state.point().values(), [0.0, 10.0]);

    let problem = Differentiated::new(Unbounded);
    let mut race = Race::new(&problem, "implicit", &[], &[]);
    let message = race.try_step().unwrap_err();
    assert!(message.contains("may have no minimum"), "{message}");
    assert_eq!(race.state.point().values(), [0.0, 0.0]);
}

/// f after T heavy-ball steps of the follower, as a function of x.
fn truncated(problem: &dyn Problem, x: &[f64], steps: usize, momentum: f64) -> f64 {
    let token = WorkToken::default();
    let mut point = problem.metadata().start.clone();
    point[1].copy_from_slice(x);
    let mut gradient = point.clone();
    let mut velocity = vec![0.0; point[2].len()];
    for _ in 0..steps {
        problem.grad(2, &point, Levels::only(2), &mut gradient, &token);
        for (i, velocity) in velocity.iter_mut().enumerate() {
            *velocity = momentum * *velocity + gradient[2][i];
            point[2][i] -= 0.05 * *velocity;
        }
    }
    problem.value(1, &point, &token)
}

#[rstest]
fn itd_differentiates_the_inner_loop_with_its_momentum() {
    let problem = curved();
    let start = &problem.metadata().start;
    for steps in [1, 2, 7] {
        for momentum in [0.0, 0.6] {
            let numbers = [("inner_steps", steps as f64), ("inner_momentum", momentum)];
            let mut race = Race::new(&*problem, "itd", &numbers, &[("inner_start", "fixed")]);
            let slope = race.hypergradient();
            let expected = richardson(&start[1], 1e-3, |x| {
                truncated(&*problem, x, steps, momentum)
            });
            let expected = expected.expect("finite");
            assert!(
                distance(&slope, &expected) < 1e-9,
                "T = {steps}, m = {momentum}: {slope:?}, by differences {expected:?}"
            );
        }
    }
}

#[rstest]
fn finite_differences_approach_the_slope_of_the_truncated_objective() {
    let problem = curved();
    let start = &problem.metadata().start;
    let exact = richardson(&start[1], 1e-3, |x| truncated(&*problem, x, 10, 0.0)).unwrap();
    let error = |h: f64, difference: &str| {
        let words = [("difference", difference)];
        let numbers = [("difference_step", h)];
        let mut race = Race::new(&*problem, "finite-difference", &numbers, &words);
        distance(&race.hypergradient(), &exact)
    };
    // errors of order h and h², with constants measured by halving h
    assert_relative_eq!(
        error(1e-3, "forward") / error(5e-4, "forward"),
        2.0,
        epsilon = 0.01
    );
    assert_relative_eq!(
        error(1e-2, "central") / error(5e-3, "central"),
        4.0,
        epsilon = 0.01
    );
    assert!(error(1e-4, "forward") < 1e-4);
    assert!(error(1e-4, "central") < 1e-7);
}

#[rstest]
fn a_difference_at_the_edge_of_the_box_is_taken_inside() {
    let problem = Differentiated::new(Edge);
    for difference in ["forward", "central"] {
        let words = [("difference", difference)];
        let mut race = Race::new(&problem, "finite-difference", &[], &words);
        // the powers cause an error of √h
        let slope = race.hypergradient();
        assert!(distance(&slope, &[3.0, 0.0]) < 0.02, "{slope:?}");
    }
}

#[rstest]
fn outer_momentum_adds_the_last_step_to_the_next() {
    let problem = curved();
    let words = [("inner_start", "warm")];
    let mut tested = 0;
    for entry in METHODS
        .iter()
        .filter(|entry| is_declared(entry, "momentum"))
    {
        let first = problem.metadata().start.clone();
        let mut numbers = vec![("momentum", 0.5)];
        if entry.id == "mrbo" {
            // a schedule that stays at 1, because the test is about equal steps
            numbers.extend([("schedule_scale", 1e4), ("schedule_delay", 1e12)]);
        }
        let mut race = Race::from(&first, &*problem, entry.id, (&numbers, &words));
        let (second, third) = (race.step(), race.step());
        // without momentum the first step is the same, and the next follows the method's own direction there
        numbers[0].1 = 0.0;
        let mut race = Race::from(&first, &*problem, entry.id, (&numbers, &words));
        assert_eq!(race.step(), second, "{}", entry.id);
        let plain = race.step();
        for level in [1, 2]
            .into_iter()
            .filter(|level| *level == 1 || ["bome", "v-pbgd"].contains(&entry.id))
        {
            for i in 0..first[level].len() {
                assert_relative_eq!(
                    third[level][i] - second[level][i],
                    0.5 * (second[level][i] - first[level][i]) + plain[level][i] - second[level][i],
                    epsilon = 1e-12
                );
            }
        }
        assert_ne!(third, plain, "{}", entry.id);
        tested += 1;
    }
    assert!(tested >= 13, "{tested} methods have momentum");
}

#[rstest]
fn the_momentum_of_penalty_starts_anew_with_a_larger_penalty() {
    let problem = shipped("coreset");
    // with so large a tolerance the penalty grows in every step, and each growth discards the momentum
    let paths = [0.0, 0.9].map(|momentum| {
        let numbers = [("tolerance", 1e9), ("momentum", momentum)];
        let mut race = Race::new(&*problem, "penalty", &numbers, &[]);
        [(); 5].map(|()| race.step())
    });
    assert_eq!(paths[0], paths[1]);
}

#[rstest]
fn inner_momentum_ends_with_the_outer_step_but_for_bsg1_and_alternating_descent() {
    let problem = curved();
    let heavy = [("inner_momentum", 0.5)];
    let mut tested = 0;
    for entry in METHODS
        .iter()
        .filter(|entry| is_declared(entry, "inner_momentum"))
    {
        let mut race = Race::new(&*problem, entry.id, &heavy, &[]);
        let (first, second) = (race.step(), race.step());
        let anew = Race::from(&first, &*problem, entry.id, (&heavy, &[])).step();
        let lasts = ["bsg1", "alternating"].contains(&entry.id);
        assert_eq!(second != anew, lasts, "{}", entry.id);
        tested += 1;
    }
    assert!(tested >= 5, "{tested} methods have inner momentum");
}

#[rstest]
fn momentum_of_zero_changes_no_bit_and_any_other_does() {
    let problem = curved();
    for entry in METHODS {
        for name in ["momentum", "inner_momentum"] {
            if !is_declared(entry, name) {
                continue;
            }
            let end = |numbers: &[(&str, f64)]| {
                let mut race = Race::new(&*problem, entry.id, numbers, &[]);
                for _ in 0..20 {
                    race.step();
                }
                race.step()
            };
            assert_eq!(end(&[(name, 0.0)]), end(&[]), "{} of {}", name, entry.id);
            assert_ne!(end(&[(name, 0.3)]), end(&[]), "{} of {}", name, entry.id);
        }
    }
}

#[rstest]
fn optimistic_steps_spiral_inwards_plain_ones_outwards_and_the_published_reference_fastest() {
    let minimax = shipped("minimax");
    let end = |id: &str, words: &[(&str, &str)]| {
        let mut race = Race::new(&*minimax, id, &[], words);
        for _ in 0..1999 {
            race.step();
        }
        length(race.step().values())
    };
    assert!(end("gda", &[]) > 10.0);
    assert!((0.4..0.5).contains(&end("ogda", &[])));
    assert!(end("ogda", &[("reference", "published")]) < 1e-10);
}

#[rstest]
fn only_the_textbooks_ogda_stays_in_the_box() {
    let minimax = shipped("minimax");
    let start = Point::from_blocks(&[vec![9.0], vec![9.0]]);
    let leaves = |reference: &str| {
        let words = [("reference", reference)];
        let mut race = Race::from(&start, &*minimax, "ogda", (&[], &words));
        (0..50).any(|_| !minimax.metadata().bounds.contain(&race.step()))
    };
    assert!(!leaves("textbook"));
    assert!(leaves("published"));
}

/// Six iterates (x, y) of V-PBGD on `pbgd` from (2.9, 1), computed from its formulas in 50 digits: T = 3, α = 0.05,
/// step sizes 0.1 for x and 0.05 for y, and a penalty that grows from 0.5 to 10 in four outer iterations.
const PENALTY_DESCENT: [(&str, [[f64; 2]; 6]); 2] = [
    (
        "y",
        [
            [2.472_220_028_509_114_3, 0.676_726_292_455_957_2],
            [2.112_318_655_792_775_3, 0.290_475_635_198_695_96],
            [2.104_264_576_503_362, 0.154_581_337_010_697_43],
            [2.132_551_498_434_879_5, 0.045_007_956_705_841_51],
            [2.179_356_102_720_439_6, -0.056_475_585_784_297_7],
            [2.237_438_794_514_552_4, -0.151_881_098_540_64],
        ],
    ),
    (
        "warm",
        [
            [2.472_220_028_509_114_3, 0.676_726_292_455_957_2],
            [2.121_080_280_402_439_6, 0.290_475_635_198_695_96],
            [2.265_211_052_325_998, 0.153_952_157_234_324_54],
            [2.351_888_576_468_939, 0.037_552_481_233_781_87],
            [2.246_086_393_661_933_7, -0.067_331_531_464_750_96],
            [1.983_711_461_752_760_3, -0.160_173_890_574_975_08],
        ],
    ),
];

#[rstest]
fn v_pbgd_takes_the_steps_of_its_formulas() {
    let problem = shipped("pbgd");
    let start = Point::from_blocks(&[vec![2.9], vec![1.0]]);
    let numbers = [
        ("inner_steps", 3.0),
        ("inner_step_size", 0.05),
        ("outer_step_size", 0.1),
        ("outer_step_size_lower", 0.05),
        ("first_gap_penalty", 0.5),
        ("gap_penalty", 10.0),
        ("penalty_ramp", 4.0),
    ];
    for (inner_start, iterates) in PENALTY_DESCENT {
        let words = [("inner_start", inner_start)];
        let mut race = Race::from(&start, &*problem, "v-pbgd", (&numbers, &words));
        for expected in iterates {
            let point = race.step();
            assert!(
                distance(point.values(), &expected) <= 1e-12,
                "{inner_start}: {point:?}, by the formulas {expected:?}"
            );
        }
    }
}

#[rstest]
fn v_pbgd_rests_short_of_the_optimum_by_one_over_its_penalty() {
    // on ls-3-2, f + γ q = x² + y² + γ (x + y − 1)² has its minimum at x = y = γ / (1 + 2γ). An inner loop that starts
    // at y leaves the share c = (1 − 2α)^T of its gradient, which reduces the penalty's gradient in x by as much
    let problem = shipped("ls-3-2");
    let share_left = 0.9_f64.powi(10);
    for penalty in [1.0, 10.0, 100.0] {
        for (inner_start, left) in [("warm", 0.0), ("y", share_left)] {
            let numbers = [("gap_penalty", penalty), ("outer_step_size", 0.2)];
            let words = [("inner_start", inner_start)];
            let mut race = Race::new(&*problem, "v-pbgd", &numbers, &words);
            for _ in 0..20_000 {
                race.step();
            }
            let whole = 1.0 + penalty * (2.0 - left);
            let expected = [penalty * (1.0 - left) / whole, penalty / whole];
            let point = race.state.point();
            assert!(
                distance(point.values(), &expected) <= 1e-12,
                "γ = {penalty}, {inner_start}: {point:?}, on paper {expected:?}"
            );
        }
    }
}

#[rstest]
fn alternating_descent_rests_where_no_one_foresees_the_other() {
    // on the degenerate problem with the follower's free variable at 0, ∂f/∂v = v: the method converges to 0, but the
    // minimum of φ is at 1
    let degenerate = shipped("degenerate");
    let start = Point::from_blocks(&[vec![0.8], vec![0.8, 0.0]]);
    let mut race = Race::from(&start, &*degenerate, "alternating", (&[], &[]));
    for _ in 0..1000 {
        race.step();
    }
    assert!(length(race.state.point().values()) < 1e-12);
}

#[rstest]
fn a_pairing_that_cannot_work_is_known_beforehand() {
    let cases = [
        ("minimax", "bome", None),
        ("minimax", "v-pbgd", None),
        ("minimax", "aid-cg", Some("is zero and has no inverse")),
        (
            "minimax",
            "implicit",
            Some("once the follower leaves its bounds"),
        ),
        ("minimax", "aid-fp", None),
        ("minimax", "ogda", None),
        ("minimax", "gda", None),
        ("minimax", "alternating", None),
        ("degenerate", "implicit", Some("singular")),
        ("degenerate", "aid-cg", Some("singular")),
        ("degenerate", "aid-fp", Some("not unique")),
        ("degenerate", "finite-difference", Some("not unique")),
        ("degenerate", "bome", None),
        ("degenerate", "v-pbgd", None),
        ("degenerate", "ogda", Some("only where $g = −f$")),
        ("coreset", "gda", Some("only where $g = −f$")),
        ("coreset", "alternating", Some("only where $g = −f$")),
        ("coreset", "implicit", None),
        ("coreset", "finite-difference", None),
    ];
    for (problem, method, expected) in cases {
        let warning = method::find(method).unwrap().warning(&*shipped(problem));
        match (&warning, expected) {
            (None, None) => {}
            (Some(warning), Some(part)) if warning.contains(part) => {}
            _ => panic!("{method} on {problem}: {warning:?}, expected {expected:?}"),
        }
    }
}

#[rstest]
fn a_problem_calls_itself_min_max_just_when_its_objectives_cancel() {
    let token = WorkToken::default();
    for (id, problem) in small_problems() {
        let cancels = points(&*problem).iter().all(|point| {
            let [f, g] = [1, 2].map(|level| problem.value(level, point, &token));
            (f + g).abs() <= 1e-12 * f.abs().max(1.0)
        });
        assert_eq!(problem.is_min_max(), cancels, "{id}");
    }
}

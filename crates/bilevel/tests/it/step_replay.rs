//! Steps of runs computed again, compared with the recorded runs.

use std::sync::Arc;

use bilevel::method;
use bilevel::numerics::{Blocks, Levels, Nilpotent, Point, Scalar, WorkToken};
use bilevel::problem::{
    Differentiated, LowerSolution, Metadata, Objectives, OnlineProblem, OracleCall, Problem,
};
use bilevel::run::{Points, Recording, Run, RunSpec, StepReplay, StepReplayError, Trace};
use rstest::rstest;

const ITERATIONS: u64 = 300;

fn spec(method: &str, problem: &Arc<dyn Problem>) -> RunSpec {
    let entry = method::find(method).expect("the method is in the list");
    let mut spec = RunSpec::new(problem, entry).iterations(ITERATIONS);
    spec.recording = Recording {
        every: 1,
        points: Points::All,
    };
    spec.seed = 5;
    spec
}

fn shipped(id: &str) -> Arc<dyn Problem> {
    bilevel::problem::find(id).expect("it ships").instance()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Compares the step of an iteration with the rows of the trace around it, and with its own assembly.
fn expect_row(replay: &mut StepReplay, trace: &Trace, iteration: u64) {
    let token = WorkToken::default();
    let record = replay.step(iteration, &token).expect("the run has it");
    let row = usize::try_from(iteration).expect("few rows");
    let name = format!("{} in step {iteration}", replay.spec().method.id);
    assert_eq!(record.iteration, iteration);
    for (point, row) in [(&record.before, row - 1), (&record.after, row)] {
        let values = trace.values(row).expect("all points are kept");
        assert_eq!(bits(point.values()), bits(values), "{name}");
    }
    assert_eq!(
        bits(record.state.point().values()),
        bits(record.before.values())
    );
    for call in OracleCall::ALL {
        for level in 1..=trace.shape().levels() {
            let before = trace.count(call, level, row - 1);
            let after = trace.count(call, level, row);
            assert_eq!(record.counts_before.of(call, level), before, "{name}");
            assert_eq!(record.counts.of(call, level), after - before, "{name}");
        }
    }
    let assembled = replay
        .assemble(&record)
        .expect("it declares its operations");
    assert_eq!(
        bits(assembled.point.values()),
        bits(record.after.values()),
        "{name}"
    );
}

#[rstest]
#[case::itd("itd", "coreset")]
#[case::stocbio("stocbio", "quadratic")]
#[case::mrbo("mrbo", "quadratic")]
#[case::evolution("evolution", "sine")]
#[case::penalty("penalty", "coreset")]
#[case::three_levels("implicit", "stackelberg")]
fn replayed_steps_are_those_of_the_run_in_any_order(#[case] method: &str, #[case] problem: &str) {
    let mut spec = spec(method, &shipped(problem));
    if spec.method.has_chance() && method != "evolution" {
        for (name, value) in [("gradient_noise", 0.2), ("batch_size", 3.0)] {
            spec = spec.with(name, value).expect("a parameter of chance");
        }
    }
    let (run, trace) = Run::to_end(spec.clone());
    assert_eq!(run.iteration(), ITERATIONS, "{:?}", run.status());
    let mut replay = StepReplay::new(spec);
    for iteration in 1..=ITERATIONS {
        expect_row(&mut replay, &trace, iteration);
    }
    assert!((1..=64).contains(&replay.kept()), "{}", replay.kept());
    for number in 0..60 {
        expect_row(&mut replay, &trace, 1 + number * 7919 % ITERATIONS);
    }
    for iteration in (1..=ITERATIONS).rev().step_by(9) {
        expect_row(&mut replay, &trace, iteration);
    }
    assert!((1..=64).contains(&replay.kept()), "{}", replay.kept());
}

#[rstest]
fn a_replay_says_which_steps_there_are_and_survives_a_cancelled_request() {
    let spec = spec("bome", &shipped("coreset"));
    let (_, trace) = Run::to_end(spec.clone());
    let mut replay = StepReplay::new(spec);
    let token = WorkToken::default();
    for iteration in [0, ITERATIONS + 1, u64::MAX] {
        let none = replay.step(iteration, &token).expect_err("there is none");
        assert_eq!(none, StepReplayError::NoSuchStep);
    }
    expect_row(&mut replay, &trace, 40);
    let cancelled = WorkToken::default();
    cancelled.cancel();
    let none = replay.step(90, &cancelled).expect_err("it is cancelled");
    assert_eq!(none, StepReplayError::Cancelled);
    expect_row(&mut replay, &trace, 41);
    expect_row(&mut replay, &trace, 90);
}

#[rstest]
fn a_step_that_fails_is_reported_with_its_iteration() {
    // the game has a linear follower, which implicit differentiation cannot solve
    let mut replay = StepReplay::new(spec("aid-cg", &shipped("minimax")));
    let failed = replay.step(3, &WorkToken::default()).expect_err("it fails");
    assert!(
        matches!(failed, StepReplayError::Failed(1, _)),
        "{failed:?}"
    );
}

/// Objectives with a target that depends on the iterates so far.
#[derive(Clone, Copy, Debug)]
struct Drifting {
    target: f64,
}

impl Objectives for Drifting {
    fn metadata(&self) -> Metadata {
        Metadata::new(Point::from_blocks(&[vec![1.0], vec![0.5]]))
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (y - self.target).square() + x.square() * 0.1
        } else {
            (y - x).square() * 0.5
        }
    }
}

/// A problem whose present is another one in every iteration.
#[derive(Debug)]
struct Online(Differentiated<Drifting>);

#[derive(Debug)]
struct OnlineState {
    target: f64,
    present: Differentiated<Drifting>,
}

impl OnlineProblem for OnlineState {
    fn present(&self) -> &dyn Problem {
        &self.present
    }

    fn pass(&mut self, at: &Point, _: &WorkToken) {
        self.target = 0.9 * self.target + 0.3 * at[1][0];
        self.present = Differentiated::new(Drifting {
            target: self.target,
        });
    }
}

impl Problem for Online {
    fn metadata(&self) -> &Metadata {
        self.0.metadata()
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        self.0.value(level, at, token)
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.0.grad(level, at, wrt, out, token);
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        blocks: [usize; 2],
        along: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        self.0.product(level, at, blocks, along, out, token);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        self.0.higher(level, at, token)
    }

    fn known_reaction(&self, _: &Point) -> Option<LowerSolution> {
        None
    }

    fn metrics(&self, _: &Point, _: &WorkToken) -> Vec<f64> {
        Vec::new()
    }

    fn online(&self) -> Option<Box<dyn OnlineProblem>> {
        Some(Box::new(OnlineState {
            target: 2.0,
            present: Differentiated::new(Drifting { target: 2.0 }),
        }))
    }
}

#[rstest]
fn an_online_problem_advances_with_the_replayed_iterates() {
    let problem: Arc<dyn Problem> = Arc::new(Online(Differentiated::new(Drifting { target: 2.0 })));
    let spec = spec("itd", &problem);
    let (_, trace) = Run::to_end(spec.clone());
    let plain: Arc<dyn Problem> = Arc::new(Differentiated::new(Drifting { target: 2.0 }));
    let (_, still) = Run::to_end(self::spec("itd", &plain));
    assert_ne!(trace.values(50), still.values(50), "the target moves");
    let mut replay = StepReplay::new(spec);
    for iteration in [1, 2, 3, 50, 120, 7, 300, 299] {
        expect_row(&mut replay, &trace, iteration);
    }
    assert_eq!(replay.kept(), 0);
}

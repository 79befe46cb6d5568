//! Runs without a window: the same bits for any slicing and number of workers, and runs that end early.

use std::sync::Arc;
use std::time::Duration;

use bilevel::method::{self, METHODS};
use bilevel::numerics::{Levels, Nilpotent, Point, WorkToken};
use bilevel::problem::{self, LowerSolution, Metadata, ParameterValue, Problem, Settings};
use bilevel::run::{Budget, Executor, Pool, Recording, Run, RunSpec, Status, StopRules, TraceRows};
use rstest::rstest;

fn spec(
    problem: &Arc<dyn Problem>,
    method: &'static method::MethodInfo,
    iterations: u64,
) -> RunSpec {
    RunSpec {
        problem: Arc::clone(problem),
        method,
        settings: Settings::new(method.parameters),
        earlier: Arc::default(),
        start: problem.metadata().start.clone(),
        start_number: 0,
        seed: 0,
        iterations,
        stop: StopRules::default(),
        recording: Recording::default_for(6),
        diverge_at: Some(1e6),
    }
}

fn coreset() -> Arc<dyn Problem> {
    let entry = problem::find("coreset").expect("the coreset");
    (entry.build)(&Settings::new(entry.parameters))
}

/// The reproducible part of recorded rows: everything but the times.
fn bits(rows: &TraceRows) -> (Vec<u64>, Vec<u64>, Vec<u64>, Vec<u64>) {
    let of = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect();
    (
        rows.iterations.clone(),
        of(&rows.objectives),
        of(&rows.points),
        rows.counts.clone(),
    )
}

fn uncut(iterations: u64) -> Vec<TraceRows> {
    let problem = coreset();
    METHODS
        .iter()
        .map(|method| {
            let mut run = Run::new(spec(&problem, method, iterations), WorkToken::default());
            let mut rows = TraceRows::default();
            while run.status().is_running() {
                rows.append(run.advance(Budget::Iterations(u64::MAX)));
            }
            rows
        })
        .collect()
}

#[rstest]
fn workers_slices_and_pauses_change_no_bit() {
    let iterations = 3000;
    let expected: Vec<_> = uncut(iterations).iter().map(bits).collect();
    for workers in [0, 1, 2, 8] {
        for pauses in [false, true] {
            let problem = coreset();
            let mut pool = Pool::new(&Executor::new(workers), || {});
            let first = if pauses { 7 } else { u64::MAX };
            let specs = METHODS
                .iter()
                .map(|method| spec(&problem, method, iterations));
            let first_pass = Duration::from_millis(u64::from(pauses));
            let ids = pool.start_all(specs, first, first_pass);
            let mut collected = vec![TraceRows::default(); ids.len()];
            let mut limit = first;
            while pool.active() > 0 {
                let Some(batch) = pool.receive_within(Duration::from_millis(2)) else {
                    limit = limit.saturating_mul(2).saturating_add(13);
                    pool.set_limit(limit);
                    continue;
                };
                let place = ids
                    .iter()
                    .position(|id| *id == batch.run)
                    .expect("a run of ours");
                collected[place].append(batch.rows);
            }
            for (rows, expected) in collected.iter().zip(&expected) {
                assert!(
                    bits(rows) == *expected,
                    "{workers} workers, pauses: {pauses}"
                );
            }
        }
    }
}

/// A method does not diverge with the value that the advice after a divergence names.
#[rstest]
#[case::outer_step("pbgd", "bome", &[("outer_step_size", 50.0)])]
#[case::inner_step("pbgd", "itd", &[("inner_step_size", 30.0)])]
#[case::tiny_differences("stackelberg", "finite-difference", &[("outer_step_size", 0.5), ("inner_steps", 30.0), ("inner_step_size", 0.1), ("difference_step", 1e-6)])]
fn advice_after_a_divergence_works(
    #[case] problem: &str,
    #[case] id: &str,
    #[case] values: &[(&'static str, f64)],
) {
    let problem = problem::find(problem).unwrap().instance();
    let run = |values: &[(&str, f64)]| {
        let method = method::find(id).unwrap();
        let mut spec = RunSpec::new(&problem, method).iterations(200);
        for (name, value) in values {
            let value = ParameterValue::Number(*value);
            spec.settings.set(name, value).unwrap();
        }
        Run::to_end(spec).0.status().clone()
    };
    let Status::Diverged(sentence) = run(values) else {
        panic!("it does not diverge");
    };
    let (_, advised) = sentence.rsplit_once("try ").expect("there is a value");
    let (name, value) = advised.split_once(" = ").unwrap();
    let mut values: Vec<(&str, f64)> = values.to_vec();
    values.retain(|(other, _)| *other != name);
    values.push((name, value.parse().unwrap()));
    let status = run(&values);
    assert!(!status.is_failure(), "{sentence}: {status:?}");
}

#[rstest]
fn the_limit_of_divergence_grows_with_the_box_and_the_start() {
    let limit = |id: &str, start: &[Vec<f64>]| {
        let problem = problem::find(id).expect("it ships").instance();
        let spec = RunSpec::new(&problem, &METHODS[0]);
        spec.starting_at(Point::from_blocks(start))
            .divergence_limit()
    };
    // no box, and boxes of width 20
    assert_eq!(limit("ls-3-2", &[vec![0.2], vec![-0.3]]), 1e6);
    assert_eq!(limit("ls-3-2", &[vec![0.2], vec![-40.0]]), 4e7);
    assert_eq!(limit("minimax", &[vec![4.0], vec![4.0]]), 2e7);
    // the limit follows a start that is set later
    let problem = problem::find("ls-3-2").expect("it ships").instance();
    let spec = RunSpec {
        start: Point::from_blocks(&[vec![-300.0], vec![0.0]]),
        ..RunSpec::new(&problem, &METHODS[0])
    };
    assert_eq!(spec.divergence_limit(), 3e8);
    let given = RunSpec {
        diverge_at: Some(7.0),
        ..RunSpec::new(&coreset(), &METHODS[0])
    };
    let start = coreset().metadata().start.clone();
    assert_eq!(given.starting_at(start).divergence_limit(), 7.0);
}

#[rstest]
fn a_run_remembers_the_last_blocks_of_its_leader() {
    let problem = coreset();
    let mut all = problem.metadata().start[1].to_vec();
    let size = all.len();
    let mut run = Run::new(spec(&problem, &METHODS[0], 160), WorkToken::default());
    assert_eq!(run.recent(), all);
    while run.status().is_running() {
        run.advance(Budget::Iterations(1));
        all.extend_from_slice(&run.point()[1]);
        let first = all.len().saturating_sub(50 * size);
        assert_eq!(run.recent(), &all[first..], "{}", run.iteration());
    }
}

#[rstest]
fn a_reader_that_sleeps_loses_no_row() {
    let problem = coreset();
    let mut pool = Pool::new(&Executor::new(2), || {});
    let iterations = 200_000;
    let id = pool.start(spec(&problem, &METHODS[0], iterations), u64::MAX);
    let mut seen = Vec::new();
    while let Some(batch) = pool.receive() {
        assert_eq!(batch.run, id);
        seen.extend(batch.rows.iterations);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(
        seen.iter().copied().eq(0..=iterations),
        "every iterate comes, once and in order"
    );
}

#[rstest]
fn the_first_rows_of_runs_can_be_received_at_once() {
    let problem = coreset();
    let mut pool = Pool::new(&Executor::new(0), || {});
    let specs = METHODS
        .iter()
        .map(|method| spec(&problem, method, 1_000_000));
    let ids = pool.start_all(specs, u64::MAX, Duration::from_millis(4));
    for id in ids {
        let batch = pool.try_receive().expect("nothing else works for it");
        assert_eq!(batch.run, id);
        assert!(batch.iteration > 0 || !batch.status.is_running());
    }
}

#[rstest]
fn a_parked_run_waits_and_goes_on_when_it_may() {
    let problem = coreset();
    let mut pool = Pool::new(&Executor::new(2), || {});
    pool.start(spec(&problem, &METHODS[0], 1000), 10);
    let mut reached = 0;
    while let Some(batch) = pool.receive_within(Duration::from_millis(200)) {
        reached = batch.iteration;
    }
    assert_eq!(reached, 10);
    pool.set_limit(u64::MAX);
    while let Some(batch) = pool.receive() {
        reached = batch.iteration;
    }
    assert_eq!(reached, 1000);
}

/// A problem whose gradient panics, or does not return before cancellation.
struct Awkward {
    inner: Arc<dyn Problem>,
    panics: bool,
}

impl Problem for Awkward {
    fn metadata(&self) -> &Metadata {
        self.inner.metadata()
    }
    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        self.inner.value(level, at, token)
    }
    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        assert!(!self.panics, "a fault in the gradient");
        while !token.is_cancelled() {
            std::thread::yield_now();
        }
        self.inner.grad(level, at, wrt, out, token);
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
        self.inner.product(level, at, blocks, along, out, token);
    }
    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        self.inner.higher(level, at, token)
    }
    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        self.inner.known_reaction(at)
    }
    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.inner.metrics(at, token)
    }
}

#[rstest]
fn a_run_whose_code_panics_fails_alone() {
    let healthy = coreset();
    let faulty: Arc<dyn Problem> = Arc::new(Awkward {
        inner: coreset(),
        panics: true,
    });
    let mut pool = Pool::new(&Executor::new(2), || {});
    let bad = pool.start(spec(&faulty, &METHODS[0], 50), u64::MAX);
    let good = pool.start(spec(&healthy, &METHODS[0], 50), u64::MAX);
    let mut ends = std::collections::HashMap::new();
    while let Some(batch) = pool.receive() {
        ends.insert(batch.run, batch.status);
    }
    let Status::Failed(message) = &ends[&bad] else {
        panic!("{:?}", ends[&bad])
    };
    assert!(message.contains("a fault in the gradient"), "{message}");
    assert_eq!(ends[&good], Status::Budget);
}

#[rstest]
fn closing_ends_work_that_never_ends_by_itself() {
    let endless: Arc<dyn Problem> = Arc::new(Awkward {
        inner: coreset(),
        panics: false,
    });
    let mut long = spec(&coreset(), &METHODS[0], 1_000_000);
    long.settings
        .set("inner_steps", ParameterValue::Number(1e6))
        .expect("in range");
    let mut pool = Pool::new(&Executor::new(3), || {});
    pool.start(spec(&endless, &METHODS[0], 50), u64::MAX);
    pool.start(long, u64::MAX);
    pool.start(spec(&endless, &METHODS[1], 50), u64::MAX);
    std::thread::sleep(Duration::from_millis(50));
    drop(pool);
    // every thread holds the problem of its run
    while Arc::strong_count(&endless) > 1 {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[rstest]
fn stopping_one_run_leaves_the_worker_for_others() {
    let endless: Arc<dyn Problem> = Arc::new(Awkward {
        inner: coreset(),
        panics: false,
    });
    let mut pool = Pool::new(&Executor::new(1), || {});
    let stuck = pool.start(spec(&endless, &METHODS[0], 50), u64::MAX);
    let next = pool.start(spec(&coreset(), &METHODS[0], 50), u64::MAX);
    pool.stop(stuck);
    let mut last = None;
    while let Some(batch) = pool.receive() {
        assert_eq!(batch.run, next, "nothing more comes of a stopped run");
        last = Some(batch.status);
    }
    assert_eq!(last, Some(Status::Budget));
}

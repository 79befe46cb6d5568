//! BOME on the toy coreset in the forms whose costs are compared, and a check that they are one method.

use bilevel::numerics::WorkToken;
use bilevel::run::{Budget, Executor, Pool, Run, Trace};

use crate::coreset::{Unrecorded, spec};
use crate::straight_line::StraightLine;

/// Runs BOME from the start. Every row is recorded, in slices of a worker's length.
pub(crate) fn record(iterations: u64) -> Run {
    let mut run = Run::new(spec("bome", u64::MAX), WorkToken::default());
    while run.iteration() < iterations {
        let left = iterations - run.iteration();
        std::hint::black_box(run.advance(Budget::Iterations(left.min(1000))));
    }
    run
}

/// Runs BOME on a worker of a pool, as `bilevel-lab run` does it, and keeps every `every`-th row; returns the method's
/// own time, `time_s` in the summary of a run.
pub(crate) fn time_s(iterations: u64, every: u64) -> f64 {
    let mut spec = spec("bome", iterations);
    spec.recording.every = every;
    let mut trace = Trace::new(spec.problem.metadata(), spec.recording);
    let mut pool = Pool::new(&Executor::new(1), || {});
    pool.start(spec, u64::MAX);
    let mut time = f64::NAN;
    while let Some(batch) = pool.receive() {
        trace.extend(&batch.rows);
        time = batch.time;
    }
    time
}

/// Compares the points after a number of iterations.
/// # Panics
/// If any variable differs by more than 1e-12.
pub(crate) fn expect_one_method(iterations: u64) {
    let (mut plain, mut hoisted) = (StraightLine::new(), StraightLine::new());
    let mut through_traits = Unrecorded::new("bome");
    for _ in 0..iterations {
        plain.step();
        hoisted.step_with_one_softmax();
        through_traits.step();
    }
    let recorded = record(iterations);
    let expected = [&plain.v[..], &plain.theta[..]].concat();
    let others = [
        [&hoisted.v[..], &hoisted.theta[..]].concat(),
        through_traits.values().to_vec(),
        recorded.point().values().to_vec(),
    ];
    for (ours, theirs) in others.iter().flat_map(|other| expected.iter().zip(other)) {
        assert!((ours - theirs).abs() <= 1e-12, "{ours} is not {theirs}");
    }
}

//! BOME on the toy coreset in the three ways whose costs are compared, and the proof that they are one method.

use bilevel::numerics::WorkToken;
use bilevel::run::{Budget, Run};

use crate::coreset::{Unrecorded, spec};
use crate::straight_line::StraightLine;

/// Outer iterations from the start. Every row is recorded, in slices as long as a worker's.
pub(crate) fn record(iterations: u64) -> Run {
    let mut run = Run::new(spec("bome", u64::MAX), WorkToken::default());
    while run.iteration() < iterations {
        let left = iterations - run.iteration();
        std::hint::black_box(run.advance(Budget::Iterations(left.min(1000))));
    }
    run
}

/// Compares the points after so many iterations.
///
/// # Panics
/// When any variable differs by more than 1e-12.
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

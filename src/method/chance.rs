//! The random stream of a run: keyed by seed and start and not by the method, so that methods meet the same noise.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::Start;

/// The stream of a run.
pub(super) fn stream(start: &Start<'_>) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::seed_from_u64(start.seed);
    stream.set_stream(start.number as u64);
    stream
}

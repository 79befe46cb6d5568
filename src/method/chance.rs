//! The random stream of a run: keyed by seed and start and not by the method, so that methods meet the same noise.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};

use super::Start;

/// The stream of a run.
pub(super) fn stream(start: &Start<'_>) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::seed_from_u64(start.seed);
    stream.set_stream(start.number as u64);
    stream
}

/// Normal noise on whatever an oracle returns, as a mini-batch would bring.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    stream: ChaCha8Rng,
    deviation: f64,
}

impl Noise {
    /// Noise of a standard deviation, keyed by the run's seed and start.
    pub(super) fn new(start: &Start<'_>, deviation: f64) -> Self {
        Self {
            stream: stream(start),
            deviation,
        }
    }

    /// The noise of a batch so many times as large, drawn from here on.
    pub(super) fn of_batch(&self, times: f64) -> Self {
        Self {
            stream: self.stream.clone(),
            deviation: self.deviation / times.sqrt(),
        }
    }

    /// Goes on where another noise from the same stream has come to.
    pub(super) fn go_on_after(&mut self, other: &Self) {
        self.stream = other.stream.clone();
    }

    /// Adds an independent number to each component; without a deviation it changes nothing and draws nothing.
    pub(super) fn disturb(&mut self, values: &mut [f64]) {
        if self.deviation == 0.0 {
            return;
        }
        for value in values {
            let chance: f64 = StandardNormal.sample(&mut self.stream);
            *value += self.deviation * chance;
        }
    }
}

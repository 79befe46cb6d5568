//! The random stream of a run: keyed by seed and start and not by the method, so that methods meet the same noise.

use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};

use super::Start;
use super::diagnostics::{StepDiagnostics, TermInfo};
use super::keys;
use crate::problem::{Oracle, Settings};

/// Creates the random stream of a run.
pub(super) fn random_stream(start: &Start<'_>) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::seed_from_u64(start.seed);
    stream.set_stream(start.number as u64);
    stream
}

/// Noise of a stochastic oracle: a mini-batch for every call if the problem has samples, and normal noise on every
/// result.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    stream: ChaCha8Rng,
    deviation: f64,
    /// The number of samples in a batch; 0 for all.
    batch_size: usize,
}

impl Noise {
    /// Reads `gradient_noise` and `batch_size`; keyed by the run's seed and start.
    pub(super) fn new(start: &Start<'_>, settings: &Settings) -> Self {
        Self {
            stream: random_stream(start),
            deviation: settings.get(keys::GRADIENT_NOISE),
            batch_size: settings.get(keys::BATCH_SIZE),
        }
    }

    /// Continues at the present place of the stream with the parameters of other settings.
    pub(super) fn resumed(&self, settings: &Settings) -> Self {
        Self {
            stream: self.stream.clone(),
            deviation: settings.get(keys::GRADIENT_NOISE),
            batch_size: settings.get(keys::BATCH_SIZE),
        }
    }

    /// Noise of batches `times` as large, drawn from the present place of the stream.
    pub(super) fn of_batch(&self, times: usize) -> Self {
        Self {
            stream: self.stream.clone(),
            deviation: self.deviation / (times as f64).sqrt(),
            batch_size: self.batch_size.saturating_mul(times),
        }
    }

    /// Continues at the place of the stream that another noise has reached.
    pub(super) fn go_on_after(&mut self, other: &Self) {
        self.stream = other.stream.clone();
    }

    /// Calls an oracle on a fresh batch, or on all samples if a batch would hold them all.
    pub(super) fn ask(&mut self, oracle: &mut Oracle<'_>, ask: impl FnOnce(&mut Oracle<'_>)) {
        let samples = oracle.samples();
        if self.batch_size == 0 || self.batch_size >= samples {
            ask(oracle);
        } else {
            let batch = sample(&mut self.stream, samples, self.batch_size);
            oracle.on_batch(&batch.into_vec(), ask);
        }
    }

    /// Records the next noise, drawn from a copy of the stream.
    #[cold]
    #[inline(never)]
    fn report(&self, size: usize, terms: &mut StepDiagnostics, info: &'static TermInfo) {
        let mut stream = self.stream.clone();
        let drawn: Vec<f64> = (0..size)
            .map(|_| {
                let chance: f64 = StandardNormal.sample(&mut stream);
                self.deviation * chance
            })
            .collect();
        terms.row(info, &drawn);
    }

    /// Adds an independent normal number to each component; without a deviation it changes nothing and draws nothing.
    /// The numbers are recorded as a row of the given term.
    pub(super) fn disturb(
        &mut self,
        values: &mut [f64],
        terms: &mut StepDiagnostics,
        info: &'static TermInfo,
    ) {
        if self.deviation == 0.0 {
            return;
        }
        if terms.is_enabled() {
            self.report(values.len(), terms, info);
        }
        for value in values {
            let chance: f64 = StandardNormal.sample(&mut self.stream);
            *value += self.deviation * chance;
        }
    }
}

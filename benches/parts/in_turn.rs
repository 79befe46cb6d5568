//! Interleaved timing of several candidates: on a machine whose speed drifts, only times of the same second are
//! comparable.

use std::time::Instant;

/// The times of a candidate.
#[derive(Default)]
pub(crate) struct Times {
    /// The seconds of each round.
    pub(crate) rounds: Vec<f64>,
    /// Processor time of all rounds together, in seconds: it excludes other programs, but its resolution is too coarse
    /// for single rounds.
    pub(crate) processor: f64,
}

/// Times the candidates in turn for a number of rounds. Each round begins with another candidate, and a warm-up round
/// comes first.
pub(crate) fn in_turn<const N: usize>(
    rounds: usize,
    candidates: &mut [&mut dyn FnMut(); N],
) -> [Times; N] {
    let mut timed = candidates
        .each_mut()
        .map(|candidate| move || seconds(&mut **candidate));
    let mut timed = timed
        .each_mut()
        .map(|candidate| candidate as &mut dyn FnMut() -> f64);
    by_their_own_clocks(rounds, &mut timed)
}

/// The same for candidates that return their own elapsed time.
pub(crate) fn by_their_own_clocks<const N: usize>(
    rounds: usize,
    candidates: &mut [&mut dyn FnMut() -> f64; N],
) -> [Times; N] {
    let mut times = [(); N].map(|()| Times::default());
    for round in 0..=rounds {
        for place in 0..N {
            let number = (place + round) % N;
            let before = processor_seconds();
            let seconds = candidates[number]();
            if round > 0 {
                times[number].rounds.push(seconds);
                times[number].processor += processor_seconds() - before;
            }
        }
    }
    times
}

/// The elapsed time of a call in seconds.
pub(crate) fn seconds(what: &mut dyn FnMut()) -> f64 {
    let clock = Instant::now();
    what();
    clock.elapsed().as_secs_f64()
}

/// The processor time of this thread in seconds.
pub(crate) fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this needs Linux");
    let nanoseconds = text.split(' ').next().and_then(|word| word.parse().ok());
    1e-9 * nanoseconds.unwrap_or(f64::NAN)
}

/// The median of some numbers.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        0.5 * (sorted[middle - 1] + sorted[middle])
    } else {
        sorted[middle]
    }
}

/// The median over the rounds of the ratio of the first's time to the second's.
pub(crate) fn ratio(ours: &Times, theirs: &Times) -> f64 {
    let pairs = ours.rounds.iter().zip(&theirs.rounds);
    let ratios: Vec<f64> = pairs.map(|(a, b)| a / b).collect();
    median(&ratios)
}

//! Timing several things side by side: on a machine whose speed drifts, only what ran in the same second can be compared.

use std::time::Instant;

/// Times the candidates in turn, so many rounds; gives for each its seconds in every round.
///
/// Each round begins with another candidate, and one round goes ahead to warm up.
pub(crate) fn in_turn<const N: usize>(
    rounds: usize,
    candidates: &mut [&mut dyn FnMut(); N],
) -> [Vec<f64>; N] {
    let mut seconds = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for place in 0..N {
            let number = (place + round) % N;
            let clock = Instant::now();
            candidates[number]();
            if round > 0 {
                seconds[number].push(clock.elapsed().as_secs_f64());
            }
        }
    }
    seconds
}

/// The median.
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

/// The median over the rounds of how many times as long the first took as the second.
pub(crate) fn ratio(ours: &[f64], theirs: &[f64]) -> f64 {
    let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a / b).collect();
    median(&ratios)
}

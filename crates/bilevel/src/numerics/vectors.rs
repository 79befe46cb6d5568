//! Sums and products of long vectors, on all cores and with the same bits whatever the number of threads.
//!
//! Vectors are processed in blocks of a fixed size, and the sums of the blocks are added in order. A vector of at most
//! one block is processed by the calling thread.

use rayon::prelude::*;

/// Components per block: half a megabyte.
const BLOCK: usize = 1 << 16;

/// The inner product ⟨a, b⟩.
#[inline]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let of_block = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    if a.len() <= BLOCK {
        return of_block(a, b);
    }
    let blocks = a.par_chunks(BLOCK).zip(b.par_chunks(BLOCK));
    let sums: Vec<f64> = blocks.map(|(a, b)| of_block(a, b)).collect();
    sums.into_iter().sum()
}

/// to ← to + factor · what, in place.
#[inline]
pub(crate) fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    change(to, what, |to, what| *to += factor * what);
}

/// Applies `change` to each component of `to` and the same component of `what`.
#[inline]
pub(crate) fn change(to: &mut [f64], what: &[f64], change: impl Fn(&mut f64, f64) + Sync) {
    let of_block = |to: &mut [f64], what: &[f64]| {
        for (to, what) in to.iter_mut().zip(what) {
            change(to, *what);
        }
    };
    if to.len() <= BLOCK {
        of_block(to, what);
    } else {
        let blocks = to.par_chunks_mut(BLOCK).zip(what.par_chunks(BLOCK));
        blocks.for_each(|(to, what)| of_block(to, what));
    }
}

/// to ← combine(a, b), component by component.
pub(crate) fn combine(
    to: &mut [f64],
    [a, b]: [&[f64]; 2],
    combine: impl Fn(f64, f64) -> f64 + Sync,
) {
    let of_block = |to: &mut [f64], a: &[f64], b: &[f64]| {
        for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
            *to = combine(*a, *b);
        }
    };
    if to.len() <= BLOCK {
        of_block(to, a, b);
    } else {
        let blocks = to.par_chunks_mut(BLOCK);
        let blocks = blocks.zip(a.par_chunks(BLOCK)).zip(b.par_chunks(BLOCK));
        blocks.for_each(|((to, a), b)| of_block(to, a, b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(length: usize, seed: u64) -> Vec<f64> {
        let number = |i: u64| ((i * 7919 + seed * 104_729) % 1009) as f64 / 1009.0 - 0.5;
        (0..length as u64).map(number).collect()
    }

    #[test]
    fn long_sums_are_those_of_blocks_in_order_whatever_the_number_of_threads() {
        let (a, b) = (vector(3 * BLOCK + 17, 1), vector(3 * BLOCK + 17, 2));
        let expected: f64 = a
            .chunks(BLOCK)
            .zip(b.chunks(BLOCK))
            .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>())
            .sum();
        for threads in 1..4 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let found = pool.build().expect("threads").install(|| dot(&a, &b));
            assert_eq!(found.to_bits(), expected.to_bits(), "{threads}");
        }
    }

    #[test]
    fn long_vectors_are_changed_to_their_last_component() {
        for length in [5, BLOCK, 2 * BLOCK + 3] {
            let (a, b) = (vector(length, 3), vector(length, 4));
            let mut sum = a.clone();
            add(&mut sum, -2.0, &b);
            let mut same = vec![0.0; length];
            combine(&mut same, [&a, &b], |a, b| a - 2.0 * b);
            assert_eq!(sum, same);
            assert_eq!(sum[length - 1], a[length - 1] - 2.0 * b[length - 1]);
        }
    }
}

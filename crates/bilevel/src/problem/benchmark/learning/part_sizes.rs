//! Sizes of the parts of a split, given as numbers of samples or as shares of all.

use crate::problem::{Key, Settings};

/// A part of a split: its key, and its share where neither it nor another part of the same data fits as declared.
pub(super) type SplitPart = (Key<usize>, f64);

/// The sizes of parts that are taken from `there` samples, of which a share of `rest` is left to a part without a key.
///
/// Sizes that are given stay as they are. Defaults that do not fit give way to shares of the samples that given parts
/// leave, if `is_own` is true: for data from a file, whose size no default knows.
pub(super) fn part_sizes(
    settings: &Settings,
    parts: &[SplitPart],
    rest: f64,
    there: usize,
    is_own: bool,
) -> Vec<usize> {
    let asked = |(key, _): &SplitPart| settings.number(key.name());
    let size = |part: &SplitPart| {
        let asked = asked(part);
        if asked < 1.0 {
            ((asked * there as f64).round() as usize).max(1)
        } else {
            asked as usize
        }
    };
    let mut sizes: Vec<usize> = parts.iter().map(size).collect();
    let least_rest = usize::from(rest > 0.0);
    let is_open = |(key, _): &SplitPart| is_own && !settings.is_set(key.name());
    if sizes.iter().sum::<usize>() + least_rest > there {
        let given = parts.iter().zip(&sizes).filter(|(part, _)| !is_open(part));
        let left = there.saturating_sub(given.map(|(_, size)| size).sum()) as f64;
        let open = parts.iter().filter(|part| is_open(part));
        let shares = rest + open.map(|(_, share)| share).sum::<f64>();
        for (part, size) in parts.iter().zip(&mut sizes) {
            if is_open(part) {
                *size = ((left * part.1 / shares) as usize).max(1);
            }
        }
    }
    // shares of all samples may round up to one sample too many
    let shares: f64 = parts.iter().map(asked).sum();
    let are_shares = parts.iter().all(|part| asked(part) < 1.0) && shares <= 1.0 + 1e-9;
    while are_shares && sizes.iter().sum::<usize>() > there {
        match sizes.iter_mut().max() {
            Some(most) if *most > 1 => *most -= 1,
            _ => break,
        }
    }
    sizes
}

//! Sizes of the parts of a split, as settings give them.

use crate::data::{PartSize, part_sizes as sizes_of};
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
    let part = |(key, share): &SplitPart| PartSize {
        asked: settings.number(key.name()),
        share: *share,
        is_open: is_own && !settings.is_set(key.name()),
    };
    let parts: Vec<PartSize> = parts.iter().map(part).collect();
    sizes_of(&parts, rest, there)
}

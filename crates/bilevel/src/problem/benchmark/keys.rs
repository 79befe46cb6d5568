//! Keys of parameters that several benchmarks read.

use crate::problem::{Key, Word};

pub(super) const DATA: Key<Word> = Key::new("data");
pub(super) const DIMENSION: Key<usize> = Key::new("dimension");
pub(super) const SPLIT_SEED: Key<usize> = Key::new("split_seed");
pub(super) const TEST: Key<usize> = Key::new("test");
pub(super) const TRAIN: Key<usize> = Key::new("train");
pub(super) const VALIDATION: Key<usize> = Key::new("validation");

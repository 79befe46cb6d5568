//! Keys of parameters that several methods read.

use crate::problem::{Key, Word};

pub(crate) const BATCH_SIZE: Key<usize> = Key::new("batch_size");
pub(crate) const DIFFERENCE_STEP: Key<f64> = Key::new("difference_step");
pub(crate) const EPSILON: Key<f64> = Key::new("epsilon");
pub(crate) const GRADIENT_NOISE: Key<f64> = Key::new("gradient_noise");
pub(crate) const INNER_MOMENTUM: Key<f64> = Key::new("inner_momentum");
pub(crate) const INNER_START: Key<Word> = Key::new("inner_start");
pub(crate) const INNER_STEP_SIZE: Key<f64> = Key::new("inner_step_size");
pub(crate) const INNER_STEPS: Key<usize> = Key::new("inner_steps");
pub(crate) const INNER_TOLERANCE: Key<f64> = Key::new("inner_tolerance");
pub(crate) const LINEAR_STEP_SIZE: Key<f64> = Key::new("linear_step_size");
pub(crate) const LINEAR_STEPS: Key<usize> = Key::new("linear_steps");
pub(crate) const MOMENTUM: Key<f64> = Key::new("momentum");
pub(crate) const NEUMANN_STEPS: Key<usize> = Key::new("neumann_steps");
pub(crate) const OUTER_STEP_SIZE: Key<f64> = Key::new("outer_step_size");
pub(crate) const OUTER_STEP_SIZE_LOWER: Key<f64> = Key::new("outer_step_size_lower");
pub(crate) const PROJECTION: Key<Word> = Key::new("projection");
pub(crate) const SIGMA0: Key<f64> = Key::new("sigma0");
pub(crate) const REFERENCE: Key<Word> = Key::new("reference");

//! How large a typed problem may be. All of it is checked before what it asks for is built.

use crate::numerics::MAX_GENERATORS;

/// The most levels: what the leader knows of so many nested answers takes derivatives of as high an order.
pub const MOST_LEVELS: usize = MAX_GENERATORS;
/// The most variables of all levels together: the referee factorises no larger Hessian.
pub const MOST_VARIABLES: usize = 500;
/// The most constants, and the most definitions.
pub const MOST_NAMES: usize = 64;
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 24;
/// The longest formula, in characters.
pub const LONGEST_FORMULA: usize = 10_000;
/// How deep parentheses, calls, signs and powers may be nested.
pub const DEEPEST: usize = 50;
/// The most operations of all formulas together, once sums are written out.
pub const MOST_OPERATIONS: usize = 20_000;

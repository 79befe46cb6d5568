//! Size limits of a typed problem, checked before anything larger is built.

use crate::numerics::MAX_GENERATORS;

/// The most levels: derivatives through n levels are of order n.
pub const MOST_LEVELS: usize = MAX_GENERATORS;
/// The most variables of all levels together: the referee factorizes no larger Hessian.
pub const MOST_VARIABLES: usize = 500;
/// The most constants, and the most definitions.
pub const MOST_NAMES: usize = 64;
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 24;
/// The longest formula, in characters.
pub const LONGEST_FORMULA: usize = 10_000;
/// The deepest nesting of parentheses, calls, signs and powers.
pub const DEEPEST: usize = 50;
/// The most operations of all formulas together, with sums expanded.
pub const MOST_OPERATIONS: usize = 20_000;
/// The most operations of formulas with constants from tables: sums go over their rows.
pub const MOST_OPERATIONS_WITH_TABLES: usize = 500_000;

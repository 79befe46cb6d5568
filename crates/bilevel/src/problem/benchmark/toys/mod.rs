//! Toy problems: small, of two levels, each with one difficulty.

pub(super) mod coreset;
pub(super) mod degenerate;
pub(super) mod minimax;
pub(super) mod pbgd;
pub(super) mod quadratic;
pub(super) mod sine;
pub(super) mod valleys;

//! Toys: small problems of two levels that show one difficulty each.

pub(super) mod coreset;
pub(super) mod degenerate;
pub(super) mod minimax;
pub(super) mod pbgd;
pub(super) mod quadratic;
pub(super) mod sine;
pub(super) mod valleys;

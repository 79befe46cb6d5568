//! Checks of a problem by samples of its box.

pub(super) mod problem_checks;

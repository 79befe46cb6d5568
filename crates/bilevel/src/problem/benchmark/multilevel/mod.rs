//! Small problems of three levels and more.

mod common;

pub(super) mod chain;
pub(super) mod stackelberg;
pub(super) mod tri_attack;
pub(super) mod tri_cosresp;
pub(super) mod tri_log;
pub(super) mod tri_sin;
pub(super) mod tsg_quadratic;
pub(super) mod tsg_quartic;

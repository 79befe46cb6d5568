//! Bilevel Lab: explore, teach and compare methods for bilevel and n-level optimization.

pub mod method;
pub mod problem;
pub mod run;
pub mod truth;

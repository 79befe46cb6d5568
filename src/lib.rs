//! Bilevel Lab: explore, teach and compare methods for bilevel and n-level optimization.
//!
//! The map of the house, in the order in which data flows. A layer uses those above it, never those below;
//! `ARCHITECTURE.md` gives the reasons and `tests/layering.rs` checks it.

pub mod data;

pub mod nested;
pub mod problem;
pub mod truth;

pub mod method;
pub mod run;
pub mod study;

pub mod experiment;
pub mod figure;

pub mod app;
pub mod cli;

//! Bilevel Lab: explore, teach and compare methods for bilevel and n-level optimization, in a window or headless.
//!
//! The window and the command line; everything beneath them is in the crates `bilevel`, `bilevel-files`,
//! `bilevel-figure` and `bilevel-claims`. `ARCHITECTURE.md` is the map.

pub mod app;
pub mod cli;
pub mod embedded;

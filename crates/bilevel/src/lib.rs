//! Bilevel and n-level optimization: problems, methods, runs, and a referee who knows the true answers.
//!
//! In a bilevel problem a leader picks x to minimise f(x, y), knowing that a follower answers with a minimiser y*(x) of
//! g(x, ·). With more levels the follower is a leader itself.
//!
//! The modules in the order in which data flows; each uses those before it only.

pub mod numerics;

pub mod data;
pub mod formula;
pub mod problem;

pub mod nested;
pub mod referee;

pub mod method;
pub mod run;
pub mod study;

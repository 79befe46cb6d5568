//! Bilevel and n-level optimization: problems, methods, runs, and a referee that solves the lower levels independently.
//!
//! In a bilevel problem a leader picks x to minimize f(x, y), knowing that a follower answers with a minimizer y*(x) of
//! g(x, ·). With more levels the follower is a leader itself.
//!
//! ```
//! use bilevel::prelude::*;
//!
//! # fn main() -> Result<(), ParameterError> {
//! // BOME on a toy problem, 300 outer iterations from the problem's own start
//! let problem = problem::find("coreset").unwrap().instance();
//! let bome = method::find("bome").unwrap();
//! let spec = RunSpec::new(&problem, bome).with("inner_steps", 10)?.iterations(300);
//! let (run, trace) = Run::to_end(spec);
//! assert_eq!(trace.last_iteration(), Some(300));
//!
//! // the referee measures the value gap of the follower, whatever the method believes
//! let token = WorkToken::default();
//! let gap = Referee::new(&*problem, &token).gap(run.point()).unwrap();
//! assert!(gap < 0.1);
//! # Ok(())
//! # }
//! ```
//!
//! The modules are listed in the order in which data flows; each uses only those before it. `examples/` has whole
//! programs.

pub mod numerics;

mod messages;

pub mod data;
pub mod formula;
pub mod problem;

pub mod nested;
pub mod referee;

pub mod method;
pub mod run;
pub mod study;

pub mod prelude;

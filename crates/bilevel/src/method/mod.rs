//! HOW a problem is solved: one file per algorithm, and the parts that they share.
//!
//! A method sees a problem only through the counted [`Oracle`]. It reads no clock, file, thread
//! or global source of chance, and never the referee in [`crate::referee`].

mod chance;
mod diagnostics;
mod entry;
mod inner;
mod linear;
mod momentum;
mod neumann;
mod projection;
mod shared;
mod tape;
mod unrolled;

// the methods: each has a line here and a line in `METHODS`
mod aid_cg;
mod aid_fp;
mod alternating;
mod bome;
mod bsg1;
mod bvfsm;
mod chain_rule;
mod evolution;
mod finite_difference;
mod gda;
mod implicit;
mod itd;
mod mrbo;
mod ogda;
mod penalty;
mod stocbio;
mod v_pbgd;
mod vrbo;

use std::fmt::Debug;

use crate::numerics::Point;
use crate::problem::{Oracle, Settings};

pub use crate::nested::StepError;
pub use diagnostics::{StepDiagnostics, StepTerm};
pub use entry::{Inverse, MethodInfo, Requirements, StepCost};

/// Every method that ships, in the order of lists and menus.
pub const METHODS: &[MethodInfo] = &[
    bome::INFO,
    itd::INFO,
    aid_cg::INFO,
    aid_fp::INFO,
    implicit::INFO,
    finite_difference::INFO,
    chain_rule::INFO,
    evolution::INFO,
    bsg1::INFO,
    bvfsm::INFO,
    penalty::INFO,
    v_pbgd::INFO,
    stocbio::INFO,
    mrbo::INFO,
    vrbo::INFO,
    ogda::INFO,
    gda::INFO,
    alternating::INFO,
];

/// The method with the given id.
pub fn find(id: &str) -> Option<&'static MethodInfo> {
    METHODS.iter().find(|entry| entry.id == id)
}

/// How far a steady direction of length 1 moves level 1 in an outer iteration, by a method's settings.
///
/// That is ξ / (1 − m) with its outer step size and its momentum, and 1 for a method without outer steps. Schedules that shorten steps are
/// left out.
pub fn stride(settings: &Settings) -> f64 {
    let number = |name, otherwise| {
        if settings.declares(name) {
            settings.number(name)
        } else {
            otherwise
        }
    };
    let step_size = number(shared::OUTER_STEP_SIZE.name, 1.0);
    step_size / (1.0 - number(shared::MOMENTUM.name, 0.0))
}

/// An algorithm with its parameters set.
pub trait Method: Send + Sync + Debug {
    /// The state before the first outer iteration.
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState>;
}

/// Where a run starts, and what its chance is keyed by: not by the method, so that methods meet the same noise.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The first point.
    pub point: &'a Point,
    /// The seed.
    pub seed: u64,
    /// Which of the experiment's starts this is, from 0.
    pub number: usize,
}

/// A method at work. Cloning it with [`State::fork`] makes a run that continues on its own.
pub trait MethodState: Send + Debug {
    /// The point after the outer iterations so far, lower blocks as the method left them.
    fn point(&self) -> &Point;

    /// The direction that level 1 moved along in the last outer iteration, before step size, momentum and box: the method's
    /// estimate of the hypergradient.
    fn direction(&self) -> &[f64];

    /// Does one outer iteration. On trouble the point stays the last good one.
    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError>;

    /// A copy that continues independently.
    fn clone_box(&self) -> Box<dyn MethodState>;
}

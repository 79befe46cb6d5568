//! HOW a problem is solved: one file per algorithm, and the parts that they share.
//!
//! A method sees a problem only through the counted [`Oracle`]. It reads no clock, file, thread
//! or global source of chance, and never the referee in [`crate::referee`].

mod chance;
mod entry;
mod inner;
mod linear;
mod momentum;
mod neumann;
mod projection;
mod shared;
mod tape;
mod terms;
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

pub use crate::nested::Trouble;
pub use entry::{Cost, Entry, Inverse, Needs};
pub use terms::{Term, Terms};

/// Every method that ships, in the order of lists and menus.
pub const METHODS: &[Entry] = &[
    bome::ENTRY,
    itd::ENTRY,
    aid_cg::ENTRY,
    aid_fp::ENTRY,
    implicit::ENTRY,
    finite_difference::ENTRY,
    chain_rule::ENTRY,
    evolution::ENTRY,
    bsg1::ENTRY,
    bvfsm::ENTRY,
    penalty::ENTRY,
    v_pbgd::ENTRY,
    stocbio::ENTRY,
    mrbo::ENTRY,
    vrbo::ENTRY,
    ogda::ENTRY,
    gda::ENTRY,
    alternating::ENTRY,
];

/// The method with the given id.
pub fn find(id: &str) -> Option<&'static Entry> {
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
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State>;
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
pub trait State: Send + Debug {
    /// The point after the outer iterations so far, lower blocks as the method left them.
    fn point(&self) -> &Point;

    /// The direction that level 1 moved along in the last outer iteration, before step size, momentum and box: the method's
    /// estimate of the hypergradient.
    fn direction(&self) -> &[f64];

    /// Does one outer iteration. On trouble the point stays the last good one.
    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble>;

    /// A copy that continues independently.
    fn fork(&self) -> Box<dyn State>;
}

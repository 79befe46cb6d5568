//! Solution methods: one file per algorithm, and the parts that they share.
//!
//! A method sees a problem only through the counted [`Oracle`]. It reads no clock, file, thread or global source of
//! random numbers, and never the referee in [`crate::referee`].

mod assembly;
mod chance;
mod diagnostics;
mod entry;
mod inner;
pub(crate) mod keys;
mod linear;
mod momentum;
mod neumann;
mod projection;
mod shared;
mod surrogate;
mod tape;
pub mod term_names;
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

use std::any::Any;
use std::fmt::Debug;

use crate::messages;
use crate::numerics::{Point, Shape};
use crate::problem::{Oracle, Settings};

pub use crate::nested::StepError;
pub use assembly::{Factor, Operation, Replay, Stage, VelocityTerms};
pub use diagnostics::{
    StepDiagnostics, StepTerm, SystemPart, TermForm, TermInfo, TermKind, TermPoint, TermPosition,
};
pub use entry::{Inverse, MethodInfo, Requirements, StepCost};
pub use surrogate::{JointSurrogate, Surrogate};

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

/// Effective step size of level 1: its move per outer iteration along a constant direction of length 1.
///
/// That is ξ / (1 − m) with a method's outer step size and its momentum; ξ is 1 for a method without outer steps.
/// Schedules that shorten steps are ignored.
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
    /// Creates the state before the first outer iteration.
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState>;

    /// Continues with these parameters from the state of a run that was made with others: the point, velocities, random
    /// streams and counters stay. With the parameters of the state the next iterations are those of its copy, bit for
    /// bit, and from a state before the first iteration those of a new run. `start` is the start of the run.
    ///
    /// `None` if the method cannot, or the state is of another method; a run then starts afresh at the point.
    fn resume(&self, _start: &Start<'_>, _state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        None
    }

    /// The numbers that a step holds at once besides some points, such as a tape of inner iterates.
    fn held_numbers(&self, _shape: Shape) -> u64 {
        0
    }
}

/// The state of a method's own type; `None` if it is of another method.
fn own_state<S: MethodState>(state: &dyn MethodState) -> Option<&S> {
    (state as &dyn Any).downcast_ref()
}

/// Start of a run, and key of its random numbers. The method is no part of the key, so that all methods meet the same
/// noise.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The first point.
    pub point: &'a Point,
    /// The seed.
    pub seed: u64,
    /// Index of the start in the experiment, from 0.
    pub number: usize,
}

/// State of a method in a run. [`MethodState::clone_box`] copies it to a run that continues independently.
pub trait MethodState: Any + Send + Debug {
    /// The point after the outer iterations so far, lower blocks as the method left them.
    fn point(&self) -> &Point;

    /// The direction along which level 1 moved in the last outer iteration, before step size, momentum and box: the
    /// method's estimate of the hypergradient. Not a number, from the first state on, for a method that follows none.
    fn direction(&self) -> &[f64];

    /// Performs one outer iteration. On an error the point stays the last valid one.
    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError>;

    /// A copy that continues independently.
    fn clone_box(&self) -> Box<dyn MethodState>;

    /// The function of x that the method descends at this state in place of φ, for two levels.
    ///
    /// # Errors
    /// The reason why the method has none, without a full stop.
    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        Err(messages::run::surrogate_has_no_closed_form())
    }

    /// The function of all blocks that the next step descends at its present weights; `None` for a method without one.
    fn joint_surrogate(&self) -> Option<JointSurrogate> {
        None
    }
}

//! Statuses of runs, the errors and advice in them, and reasons for which a run has no surrogate.

use super::counted::counted;
use crate::numerics::short_number;

// statuses

pub(crate) fn program_failed(iteration: u64, reason: &str) -> String {
    format!("the program failed in iteration {iteration}: {reason}")
}

pub(crate) fn no_reason_given() -> &'static str {
    "no reason given"
}

pub(crate) fn stopped_at_start(reason: &str) -> String {
    format!("stopped at the start: {reason}")
}

pub(crate) fn stopped_in_iteration(iteration: u64, reason: &str) -> String {
    format!("stopped in iteration {iteration}: {reason}")
}

pub(crate) fn stopped_after_iteration(iteration: u64, reason: &str) -> String {
    format!("stopped after iteration {iteration}: {reason}")
}

pub(crate) fn interrupted(iteration: u64) -> String {
    format!("interrupted after iteration {iteration}")
}

pub(crate) fn stopped() -> &'static str {
    "stopped"
}

/// The end of a branch whose parent has ended before; `iterations` are the parent's last one and the branch's first.
pub(crate) fn parent_ended(name: &str, iterations: [u64; 2], reason: &str) -> String {
    let [ended, asked] = iterations;
    let ended = counted(ended, "iteration");
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("{name} ended after {ended}, before the branch at {asked}{colon}{reason}")
}

pub(crate) fn time_limit_reached(seconds: f64) -> String {
    format!("the time limit of {seconds} s is reached")
}

pub(crate) fn converged(iterations: u64, norm: f64, tolerance: f64) -> String {
    let iterations = counted(iterations, "iteration");
    format!("converged after {iterations}: update norm {norm:.3e}, at most {tolerance:e}")
}

pub(crate) fn gap_closed(gap: f64, iterations: u64, tolerance: f64) -> String {
    let iterations = counted(iterations, "iteration");
    format!("the value gap is {gap:.3e} after {iterations}, at most {tolerance:e}")
}

/// A divergence, before the advice; `what` is [`beyond`] or [`not_finite`].
pub(crate) fn diverged(iteration: u64, what: &str) -> String {
    format!("diverged at iteration {iteration}: {what}")
}

pub(crate) fn beyond(level: usize, index: usize, size: f64, limit: f64) -> String {
    format!("|x{level}[{index}]| = {size:.3e} is beyond {limit:e}")
}

pub(crate) fn not_finite(level: usize, index: usize) -> String {
    format!("x{level}[{index}] is not finite")
}

// errors of a step

pub(crate) fn no_curvature(level: usize, curvature: f64) -> String {
    let kind = if curvature < 0.0 {
        "indefinite"
    } else {
        "singular"
    };
    format!(
        "the Hessian of level {level} is {kind} (smallest curvature met: {}), and this method must invert it; BOME (two \
         levels) does not need the inverse",
        short_number(curvature, 3)
    )
}

pub(crate) fn unsolved(level: usize, gradient: f64) -> String {
    format!(
        "level {level} could not be solved: Newton's steps leave its gradient at {gradient:.2e} in norm, and it may have \
         no minimum here"
    )
}

// advice after a divergence

pub(crate) fn try_value(parameter: &str, value: f64) -> String {
    format!("; try {parameter} = {value}")
}

pub(crate) fn curvature_of_follower() -> &'static str {
    "the follower's curvature"
}

pub(crate) fn curvature_of_level(level: usize) -> String {
    format!("the curvature of level {level}")
}

/// An inner step that is too long; `whose` is [`curvature_of_follower`] or [`curvature_of_level`].
pub(crate) fn inner_step_too_long(
    step: f64,
    (whose, curvature): (&str, f64),
    longest: f64,
    advised: f64,
) -> String {
    format!(
        "; the inner step {step} is too long: {whose} is {curvature} at the start, where steps up to {longest} converge; \
         try inner_step_size = {advised}"
    )
}

// reasons for which there is no direction

pub(crate) fn follows_no_direction() -> &'static str {
    "it compares values of φ and follows no direction"
}

pub(crate) fn direction_not_finite() -> &'static str {
    "its direction is not finite"
}

// surrogates of all blocks

pub(crate) fn leader_leaves_out_lower_objective() -> &'static str {
    "the step of the leader leaves $λ g$ out"
}

// reasons for which there is no surrogate

pub(crate) fn surrogate_has_no_closed_form() -> &'static str {
    "no function that it descends is known in closed form"
}

pub(crate) fn compares_values() -> &'static str {
    "it compares values of φ"
}

pub(crate) fn descends_reduced_objective() -> &'static str {
    "it descends φ itself"
}

pub(crate) fn problem_changes() -> &'static str {
    "the problem changes along the run"
}

pub(crate) fn work_cancelled() -> &'static str {
    "the work was cancelled"
}

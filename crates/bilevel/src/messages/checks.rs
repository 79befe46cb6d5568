//! Results of the numerical checks of a problem.

use super::counted::counted;
use crate::numerics::short_number;

/// A level's objective is not finite at some of the points, with the first of them and, if it is known, the reason there.
pub(crate) fn not_finite(
    level: usize,
    place: &str,
    [undefined, points]: [usize; 2],
    reason: Option<&str>,
) -> String {
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    format!(
        "the objective of level {level} or its gradient is not finite at {place}, and at {undefined} of {points} points in all{reason}"
    )
}

pub(crate) fn all_finite(points: usize) -> String {
    let points = counted(points, "point");
    format!("all objectives and gradients are finite at {points}")
}

pub(crate) fn nothing_compared() -> &'static str {
    "no gradient could be compared with differences"
}

pub(crate) fn gradients_agree(difference: f64) -> String {
    format!("gradients agree with central differences within {difference:.0e}")
}

pub(crate) fn gradient_differs(difference: f64, place: &str) -> String {
    format!(
        "a gradient differs from central differences by {difference:.0e} at {place}: there may be a kink"
    )
}

pub(crate) fn hessian_finite_nowhere() -> &'static str {
    "the Hessian of the innermost level is finite nowhere"
}

pub(crate) fn not_convex(curvature: f64, place: &str) -> String {
    let curvature = short_number(curvature, 3);
    format!("the innermost level is not convex: its smallest curvature is {curvature} at {place}")
}

/// The mean curvature between a point and another one is negative, though that at both is not.
pub(crate) fn not_convex_beyond(curvature: f64, place: &str) -> String {
    let curvature = short_number(curvature, 3);
    format!(
        "the innermost level is not convex: its mean curvature along a line from {place} is {curvature}"
    )
}

pub(crate) fn strongly_convex(curvature: f64, points: usize) -> String {
    let points = counted(points, "point");
    let curvature = short_number(curvature, 3);
    format!(
        "the innermost level is strongly convex at {points}: its curvature is {curvature} at least"
    )
}

pub(crate) fn convex(points: usize) -> String {
    let points = counted(points, "point");
    format!("the innermost level is convex at {points}, with directions in which it is flat")
}

pub(crate) fn curvature_between_samples() -> &'static str {
    "the innermost level curves upwards at all samples, but it turns between them"
}

pub(crate) fn objective_has_pole(level: usize, place: &str) -> String {
    format!("the objective of level {level} falls without bound near {place}")
}

pub(crate) fn objective_is_narrow(level: usize, place: &str) -> String {
    format!(
        "the objective of level {level} turns within a shorter way than the search's samples lie apart, on a line through {place}"
    )
}

pub(crate) fn objective_jumps(level: usize, place: &str) -> String {
    format!("the objective of level {level} jumps near {place}")
}

pub(crate) fn tied_minima(place: &str) -> String {
    format!("the innermost level has several tied minima at {place}")
}

pub(crate) fn one_solution(points: usize) -> String {
    let points = counted(points, "point");
    format!("the innermost level has one solution at each of {points}")
}

pub(crate) fn one_solution_at_most() -> &'static str {
    "a strongly convex level has one solution at most"
}

pub(crate) fn no_solution_found() -> &'static str {
    "no solution of the innermost level was found"
}

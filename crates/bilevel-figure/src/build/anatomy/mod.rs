//! A step taken apart: its arrows in a plane, the parts of each level's move, the linear system or sweep behind it, and
//! the operations with their numbers.

mod barrier;
mod inside;
mod move_parts;
mod step_lines;
mod step_plane;
mod surrogate_map;
mod symbols;

use std::sync::Arc;

use bilevel::problem::Metadata;
use bilevel::study::StepAnatomy;

pub(crate) use step_lines::step_lines;
pub use step_lines::{LineTone, StepLine};
pub(crate) use step_plane::{plane_range, step_axes};
pub(crate) use surrogate_map::{SurrogateMap, map_range};
use symbols::block_name;

use crate::{Figure, LineStyle, Relief};

/// A step of a run on a problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProblemStep<'a> {
    /// The problem.
    pub(crate) metadata: &'a Metadata,
    /// The step.
    pub(crate) anatomy: &'a StepAnatomy,
}

/// A step and its method, as the figures need them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepSubject<'a> {
    /// The problem.
    pub(crate) metadata: &'a Metadata,
    /// Its label in the experiment.
    pub(crate) label: &'a str,
    /// Its line style.
    pub(crate) style: LineStyle,
    /// The step.
    pub(crate) anatomy: &'a StepAnatomy,
    /// The lines of [`step_lines`].
    pub(crate) lines: &'a [StepLine],
    /// The one of them that is lit, from 0; `None` for all.
    pub(crate) lit: Option<usize>,
    /// The leader's objective around the step, if the problem has two variables.
    pub(crate) relief: Option<&'a Arc<Relief>>,
    /// The function that the step descends, if the method has one and the problem two variables.
    pub(crate) surrogate: Option<&'a SurrogateMap>,
}

impl StepSubject<'_> {
    /// True if a term belongs to the lit line, or all lines are lit.
    fn is_lit(&self, name: &str) -> bool {
        self.lit.is_none_or(|lit| {
            let line = self.lines.get(lit);
            line.is_some_and(|line| line.names.contains(&name))
        })
    }
}

/// The figures of a step: the plane, the parts of the moves, and the inside of the method, if it has one. The moves of
/// three levels and more have a figure each, or one if the levels are joined.
pub(crate) fn step_figures<'a>(subject: &StepSubject<'_>, joins_levels: bool) -> Vec<Figure<'a>> {
    let plane = step_plane::step_plane(subject);
    let parts = move_parts::move_parts(subject, joins_levels);
    let inside = barrier::barrier(subject)
        .or_else(|| surrogate_map::surrogate_figure(subject))
        .or_else(|| inside::inside(subject));
    plane.into_iter().chain(parts).chain(inside).collect()
}

/// The Euclidean norm.
fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|it| it * it).sum::<f64>().sqrt()
}

/// The scalar product.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

//! A step taken apart: its arrows in a plane, the parts of each level's move, the linear system or sweep behind it, and
//! the operations with their numbers.

mod barrier;
mod inside;
mod move_parts;
mod step_lines;
mod step_plane;

use bilevel::problem::{Coordinate, Metadata};
use bilevel::study::{Grid, StepAnatomy};

pub(crate) use step_lines::step_lines;
pub use step_lines::{LineTone, StepLine};
pub(crate) use step_plane::{plane_range, step_axes};

use crate::{Figure, LineStyle};

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
    /// The line of [`step_lines`] that is lit, from 0; `None` for all.
    pub(crate) lit: Option<usize>,
    /// The leader's objective around the step, if the problem has two variables.
    pub(crate) grid: Option<&'a Grid>,
}

impl StepSubject<'_> {
    /// The names of the terms of the lit line; empty if all are lit.
    fn lit_names(&self) -> Vec<&'static str> {
        let Some(lit) = self.lit else {
            return Vec::new();
        };
        let lines = step_lines(self);
        lines
            .get(lit)
            .map_or_else(Vec::new, |line| line.names.clone())
    }
}

/// The figures of a step: the plane, the parts of the moves, and the inside of the method, if it has one.
pub(crate) fn step_figures<'a>(subject: &StepSubject<'_>) -> Vec<Figure<'a>> {
    let plane = step_plane::step_plane(subject);
    let parts = move_parts::move_parts(subject);
    let inside = barrier::barrier(subject).or_else(|| inside::inside(subject));
    [plane, parts, inside].into_iter().flatten().collect()
}

/// The name of a level's block: its variable, or the symbol of several.
fn block_name(metadata: &Metadata, level: usize) -> String {
    let first = metadata.variable(Coordinate { level, index: 0 });
    if metadata.shape().size(level) == 1 {
        return first;
    }
    match (metadata.shape().levels(), level) {
        (2, 1) => "x".to_owned(),
        (2, _) => "y".to_owned(),
        _ => format!("x_{level}"),
    }
}

/// The Euclidean norm.
fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|it| it * it).sum::<f64>().sqrt()
}

/// The scalar product.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

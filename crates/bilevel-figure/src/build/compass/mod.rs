//! The hypergradient compass: the direction of each method beside ∇φ.
//!
//! ```text
//! one leader's variable:    φ with a tangent per method, and beneath it a row per method with −d and −dφ/dx
//! two leader's variables:   a field of arrows per method, with −∇φ
//! more:                     a dial of angle and length, with both over the iterations
//! ```
//!
//! An interval or a cell is hatched where a method's move is no descent of φ.

mod dial;
mod field;
mod line;
mod words;

use std::sync::Arc;

use bilevel::method::MethodInfo;
use bilevel::problem::Metadata;
use bilevel::study::{Bearing, CourseSample, Direction, MethodLine, TrueGrid, TrueLine};

use crate::{Figure, LineStyle, Relief, Theme};

pub use words::{Lower, Sentences, legend, sentences};
pub(crate) use words::{PointedMethod, pointer_lines};

/// φ and ∇φ beneath the methods.
#[derive(Clone, Debug, Default)]
pub enum TruthField {
    /// Nothing: the leader has more than two variables, or nothing is computed yet.
    #[default]
    None,
    /// Over a leader of one variable.
    Line(TrueLine),
    /// Over a leader of two variables, with the relief of φ.
    Grid(TrueGrid, Arc<Relief>),
}

/// The directions of a method's fresh states.
#[derive(Clone, Debug, Default)]
pub enum MethodField {
    /// Nothing: the leader has more than two variables.
    #[default]
    None,
    /// Over a leader of one variable.
    Line(MethodLine),
    /// In each cell of the grid.
    Grid(Vec<Option<Direction>>),
}

/// The direction of a run at the playhead, in the method's own state there.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The iteration.
    pub iteration: u64,
    /// The leader's block.
    pub x: Vec<f64>,
    /// φ there; not a number if it is undefined.
    pub value: f64,
    /// ∇φ there, if it is defined.
    pub gradient: Option<Vec<f64>>,
    /// The direction d.
    pub direction: Vec<f64>,
    /// The velocity, for a method with momentum.
    pub velocity: Option<Vec<f64>>,
}

impl Heading {
    /// The bearing of the direction.
    pub fn bearing(&self) -> Option<Bearing> {
        Bearing::of(&self.direction, self.gradient.as_ref()?)
    }

    /// True if the direction is short beside a usual length of ∇φ.
    pub fn is_at_rest(&self, usual: f64) -> bool {
        length(&self.direction) <= REST * usual
    }

    /// True if φ is as good as stationary there.
    pub fn is_stationary(&self, usual: f64) -> bool {
        let gradient = self.gradient.as_ref();
        gradient.is_some_and(|gradient| length(gradient) <= REST * usual)
    }
}

/// A vector shorter than this share of a usual length of ∇φ has no bearing.
const REST: f64 = 1e-6;

/// The length of a vector.
pub(crate) fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|one| one * one).sum::<f64>().sqrt()
}

/// The compass of one method.
#[derive(Clone, Debug)]
pub struct MethodCompass {
    /// The method's slot.
    pub slot: usize,
    /// The method.
    pub entry: &'static MethodInfo,
    /// The reason why it has no arrow.
    pub reason: Option<String>,
    /// Its fresh states.
    pub field: MethodField,
    /// Its run at the playhead.
    pub heading: Option<Heading>,
    /// The draws of a fresh state with the lower blocks of the run at the playhead, if it is stochastic and the leader has
    /// more than two variables.
    pub draws: Option<Direction>,
    /// Bearings along its run.
    pub course: Vec<CourseSample>,
}

/// The compass of all methods.
#[derive(Clone, Debug, Default)]
pub struct CompassData {
    /// φ and ∇φ.
    pub truth: Arc<TruthField>,
    /// A usual length of ∇φ: the greatest of the field, or that at the start.
    pub usual: f64,
    /// The methods.
    pub methods: Vec<MethodCompass>,
}

/// A method's name and style.
#[derive(Clone, Copy, Debug)]
pub struct NamedStyle<'a> {
    /// The label.
    pub name: &'a str,
    /// The style of lines.
    pub style: LineStyle,
}

/// Subject of the compass.
pub struct CompassSubject<'a, 'b> {
    /// The problem.
    pub metadata: &'b Metadata,
    /// The name and the style of a slot.
    pub named: &'b dyn Fn(usize) -> NamedStyle<'a>,
    /// The lower blocks of fresh states.
    pub lower: Lower,
    /// The visible range of the leader's first two variables.
    pub range: [[f64; 2]; 2],
    /// Light or dark.
    pub theme: Theme,
}

impl CompassSubject<'_, '_> {
    /// True if the moves of a method that are no descent of φ are hatched: not those of a part of a joint step at the
    /// reference solution, where the lower levels' part has nothing left to do.
    fn is_hatched(&self, method: &MethodCompass) -> bool {
        !(method.entry.joint_step && self.lower == Lower::Reference)
    }
}

/// The figures of the compass.
pub fn compass<'a>(subject: &CompassSubject<'a, '_>, data: &CompassData) -> Vec<Figure<'a>> {
    match (&*data.truth, subject.metadata.shape().size(1)) {
        (TruthField::Line(truth), _) => line::figures(subject, truth, data),
        (TruthField::Grid(grid, relief), _) => field::figures(subject, (grid, relief), data),
        (TruthField::None, 1 | 2) => Vec::new(),
        (TruthField::None, _) => dial::figures(subject, data),
    }
}

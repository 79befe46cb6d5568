//! Metadata, names and pictures shared by the problems of two levels with one variable each.

use crate::numerics::{Bounds, Point, Shape};
use crate::problem::{
    Coordinate, FormulaText, LowerLevel, LowerSolution, Metadata, Minimum, Plane, Site,
};

/// The largest difference in value of two minima that count as equally low.
const SAME: f64 = 1e-12;

/// The properties of one such problem.
pub(super) struct Planar {
    /// The objectives as typed, in x and y.
    pub(super) text: &'static FormulaText,
    /// The box of x and that of y; `None` if there is none.
    pub(super) limits: [Option<[f64; 2]>; 2],
    /// The start of x and y.
    pub(super) start: [f64; 2],
    /// The ranges of x and of y in pictures.
    pub(super) range: [[f64; 2]; 2],
    /// All minima of φ, the least first.
    pub(super) minima: Vec<Minimum>,
    /// The properties of the follower.
    pub(super) lower_level: LowerLevel,
}

impl Planar {
    /// The metadata of the problem; the first minimum and those as low are global.
    pub(super) fn metadata(mut self) -> Metadata {
        let least = self.minima[0].value;
        for minimum in &mut self.minima {
            minimum.is_global = minimum.value - least <= SAME;
        }
        let mut bounds = Bounds::none(Shape::new(&[1, 1]));
        for (place, limits) in self.limits.into_iter().enumerate() {
            if let Some([low, high]) = limits {
                bounds = bounds.with(place + 1, low, high);
            }
        }
        Metadata {
            formulas: self.text.typeset(),
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds,
            start: Point::from_blocks(&self.start.map(|value| vec![value])),
            planes: vec![Plane {
                horizontal: Coordinate { level: 1, index: 0 },
                vertical: Coordinate { level: 2, index: 0 },
                range: self.range,
                marks: Vec::new(),
            }],
            minima: self.minima,
            doubt: None,
            lower_level: self.lower_level,
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }
}

/// A minimum of φ at (x, y).
pub(super) fn minimum(site: Site, at: [f64; 2], value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global: false,
        site,
        blocks: at.map(|value| Some(vec![value])).to_vec(),
        value,
        reason,
    }
}

/// A minimum of a constant φ: any x, with the answer y.
pub(super) fn flat(y: f64, value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global: false,
        site: Site::Interior,
        blocks: vec![None, Some(vec![y])],
        value,
        reason,
    }
}

/// A lower-level solution: the answer y with its value.
pub(super) fn answer(y: f64, value: f64, is_unique: bool) -> LowerSolution {
    LowerSolution {
        argmin: vec![y],
        value,
        is_unique,
    }
}

/// True if x is at a place where two answers are equally good, up to rounding.
pub(super) fn is_at(x: f64, place: f64) -> bool {
    (x - place).abs() <= f64::EPSILON * place.abs()
}

//! Metadata, names and pictures shared by the benchmarks of three levels with one variable each.

use crate::numerics::{Bounds, Point, Shape};
use crate::problem::{Coordinate, FormulaText, LowerLevel, Metadata, Minimum, Plane, Site};

/// The properties of one such benchmark.
pub(crate) struct Trilevel {
    /// The objectives as typed, in x, y and z.
    pub(crate) text: &'static FormulaText,
    /// The box of x; `None` if there is none.
    pub(crate) limits: Option<[f64; 2]>,
    /// The start of x, y and z.
    pub(crate) start: [f64; 3],
    /// The ranges in pictures: of x, and of y and z alike.
    pub(crate) range: [[f64; 2]; 2],
    pub(crate) minima: Vec<Minimum>,
    pub(crate) lower_level: LowerLevel,
}

impl Trilevel {
    /// The metadata of the benchmark.
    pub(crate) fn metadata(self) -> Metadata {
        let bounds = Bounds::none(Shape::new(&[1, 1, 1]));
        let plane = |level| Plane {
            horizontal: Coordinate { level: 1, index: 0 },
            vertical: Coordinate { level, index: 0 },
            range: self.range,
            marks: Vec::new(),
        };
        Metadata {
            formulas: self.text.typeset(),
            symbols: vec!["x", "y", "z"],
            names: Vec::new(),
            bounds: match self.limits {
                Some([low, high]) => bounds.with(1, low, high),
                None => bounds,
            },
            start: Point::from_blocks(&self.start.map(|value| vec![value])),
            planes: vec![plane(2), plane(3)],
            minima: self.minima,
            doubt: None,
            lower_level: self.lower_level,
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }
}

/// A minimum of F₁ at (x, y, z).
pub(crate) fn minimum(is_global: bool, at: [f64; 3], value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global,
        site: Site::Interior,
        blocks: at.map(|value| Some(vec![value])).to_vec(),
        value,
        reason,
    }
}

//! What problems of two levels with one variable each have in common: names, pictures and the form of their facts.

use crate::numerics::{Bounds, Point, Shape};
use crate::problem::{Coordinate, LowerLevel, LowerSolution, Metadata, Minimum, Plane, Site};

/// Values that differ by no more are the same minimum's.
const SAME: f64 = 1e-12;

/// What distinguishes one such problem from another.
pub(super) struct Planar {
    /// The objectives as maths, of x and y.
    pub(super) formulas: [&'static str; 2],
    /// The box of x and that of y.
    pub(super) limits: [Option<[f64; 2]>; 2],
    /// Where methods start.
    pub(super) start: [f64; 2],
    /// What pictures show of x and of y.
    pub(super) range: [[f64; 2]; 2],
    /// All minima of φ, the least first.
    pub(super) minima: Vec<Minimum>,
    /// What the follower is like.
    pub(super) lower_level: LowerLevel,
}

impl Planar {
    /// The facts; the first minimum and those that are as low are global.
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
        let [leader, follower] = self.formulas;
        Metadata {
            formulas: vec![
                format!("$\\min_x\\; {leader}$"),
                format!("$y ∈ \\argmin\\; {follower}$"),
            ],
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

/// A minimum of a flat φ: any x, with the answer y.
pub(super) fn flat(y: f64, value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global: false,
        site: Site::Interior,
        blocks: vec![None, Some(vec![y])],
        value,
        reason,
    }
}

/// The follower's answer and its value.
pub(super) fn answer(y: f64, value: f64, is_unique: bool) -> LowerSolution {
    LowerSolution {
        argmin: vec![y],
        value,
        is_unique,
    }
}

/// Whether x is at a place where two answers are equally good, as near as numbers can say.
pub(super) fn is_at(x: f64, place: f64) -> bool {
    (x - place).abs() <= f64::EPSILON * place.abs()
}

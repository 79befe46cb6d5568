//! Small bilevel problems with difficult followers; their minima are known in closed form.

use std::borrow::Cow;
use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::Arc;

use bilevel::numerics::{Blocks, Bounds, Point, Scalar, Shape};
use bilevel::problem::{
    Coordinate, Curvature, Differentiated, LowerLevel, Metadata, Minimum, Objectives, Plane,
    Problem, Site,
};

/// A problem with known minima.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Toy {
    /// A cusp: two folds, and a jump between them.
    Cusp,
    /// Two global optima of φ, one on an edge.
    TwoOptima,
    /// Symmetric minimizers that meet in a pitchfork bifurcation.
    Pitchfork,
    /// A symmetric maximum between edges.
    Hump,
    /// Two minima of equal value for every x.
    Pair,
    /// A follower that is indifferent at x = 0, and jumps there.
    Careless,
    /// A follower that is indifferent everywhere.
    Indifferent,
    /// A wave whose length depends on x.
    Wave,
    /// Two jumps and three minima.
    Trap,
    /// The unique minimizer of a quartic, a triple root of its derivative.
    Quartic,
    /// A jump between two interior answers, at which φ has its global minimum.
    Bumps,
}

impl Toy {
    pub(crate) const ALL: [Self; 11] = [
        Self::Cusp,
        Self::TwoOptima,
        Self::Pitchfork,
        Self::Hump,
        Self::Pair,
        Self::Careless,
        Self::Indifferent,
        Self::Wave,
        Self::Trap,
        Self::Quartic,
        Self::Bumps,
    ];

    pub(crate) fn build(self) -> Arc<dyn Problem> {
        Arc::new(Differentiated::new(self))
    }

    /// The box of x and y; infinite without one.
    fn limits(self) -> [[f64; 2]; 2] {
        let unit = [-1.0, 1.0];
        let none = [f64::NEG_INFINITY, f64::INFINITY];
        match self {
            Self::Cusp => [unit, none],
            Self::Pair => [[0.0, 1.0], [0.0, 3.0]],
            Self::Wave => [[1.0, 10.0], [-2.0, 2.0]],
            Self::Bumps => [[0.0, 4.0], [-2.0, 2.0]],
            _ => [unit, unit],
        }
    }

    /// The minima of φ: x, φ, and the site of each.
    pub(crate) fn minima(self) -> Vec<([f64; 2], Site)> {
        use Site::{Edge, Interior, Jump};
        match self {
            Self::Cusp => vec![([0.0, 0.29], Jump)],
            Self::TwoOptima => vec![([-1.0, -2.0], Edge), ([-0.5, -2.0], Jump)],
            Self::Pitchfork => vec![([-0.25, 0.1875], Interior)],
            Self::Hump => vec![([-1.0, 0.0], Edge), ([1.0, -1.0], Edge)],
            Self::Pair => vec![([0.210_662, -1.754_718], Interior)],
            Self::Careless => vec![([-1.0, 0.0], Edge), ([0.0, -1.0], Jump), ([1.0, 0.0], Edge)],
            Self::Indifferent => vec![([0.25, -1.0], Interior)],
            Self::Wave => vec![
                ([1.0, 1.0 + FRAC_PI_2], Edge),
                ([0.75 * PI, -0.75 * PI], Jump),
                ([1.75 * PI, -1.75 * PI], Jump),
                ([2.75 * PI, -2.75 * PI], Jump),
            ],
            Self::Trap => vec![
                ([-0.5, 0.8125], Jump),
                ([0.25, 1.0], Interior),
                ([0.5, 0.3125], Jump),
            ],
            Self::Quartic => vec![([0.25, 0.0], Interior)],
            Self::Bumps => vec![([1.0, 1.001_806], Jump), ([1.978_661, 3.921_474], Interior)],
        }
    }
}

impl Objectives for Toy {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 1]);
        let [x, y] = self.limits();
        let mut bounds = Bounds::none(shape).with(1, x[0], x[1]);
        if y[0].is_finite() {
            bounds = bounds.with(2, y[0], y[1]);
        }
        let wide = |[low, high]: [f64; 2]| [low - 0.1 * (high - low), high + 0.1 * (high - low)];
        let y = if y[0].is_finite() { y } else { [-1.5, 1.5] };
        let minima = self.minima().into_iter().map(|([x, value], site)| Minimum {
            is_global: false,
            site,
            blocks: vec![Some(vec![x]), None],
            value,
            reason: "",
        });
        Metadata {
            formulas: vec![String::new(); 2],
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds,
            start: Point::from_blocks(&[vec![0.3], vec![0.3]]),
            planes: vec![Plane {
                horizontal: Coordinate { level: 1, index: 0 },
                vertical: Coordinate { level: 2, index: 0 },
                range: [wide(x), wide(y)],
                marks: Vec::new(),
            }],
            minima: minima.collect(),
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed(""),
            },
            metrics: Vec::new(),
            highest_order: 2,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        let is_leader = level == 1;
        match self {
            Self::Cusp if is_leader => (x - 0.5).square() + (y - 0.8).square(),
            Self::Cusp => y.powi(4) * 0.25 - y.square() * 0.5 + x * y,
            Self::TwoOptima if is_leader => x * 2.0 + y,
            Self::TwoOptima => -(x * y.square() * 0.5) - y.powi(4) * 0.25,
            Self::Pitchfork if is_leader => (x + 0.5).square() + y.square() * 0.5,
            Self::Pitchfork => x * y.square() * 0.5 + y.powi(4) * 0.25,
            Self::Hump if is_leader => -x.square() + y.square(),
            Self::Hump => x * y.square() - y.powi(4) * 0.5,
            Self::Pair if is_leader => x.square() - y,
            Self::Pair => ((y - 1.0 - x * 0.1).square() - 0.5 - x * 0.5).square(),
            Self::Careless if is_leader => x - y,
            Self::Careless => x * y.square() * 0.5 - x.powi(3) * y,
            Self::Indifferent if is_leader => (x - 0.25).square() + y,
            Self::Indifferent => x * 2.0 + 1.0,
            Self::Wave if is_leader => x + x * y,
            Self::Wave => -(x * y).sin(),
            Self::Trap if is_leader => (x - 0.25).square() + y.square(),
            Self::Trap => y.powi(3) / 3.0 - x.square() * y,
            Self::Quartic if is_leader => (x - 0.25).square() + y * 0.0,
            Self::Quartic => (y - x * 0.5).powi(4),
            Self::Bumps if is_leader => (x - 2.0).square() + (y - 1.0).square(),
            Self::Bumps => -(x * (-(y + 1.0).square()).exp()) - (-(y - 1.0).square()).exp(),
        }
    }
}

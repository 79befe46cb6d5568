//! Metadata of a problem: shape, box, names, formulas, default start, pictures, known minima and properties of the
//! lowest level.
//!
//! Texts use one markup throughout the app: plain words, and maths between dollar signs (`$f(x, y)$`), in which `_` and
//! `^` take one character or a `{group}` and `\word` is upright.

use std::borrow::Cow;

use crate::numerics::{Bounds, MAX_GENERATORS, Point, Shape};

/// All properties of a problem instance except its objectives.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The objective of each level as maths, with the role of the level, level 1 first.
    pub formulas: Vec<String>,
    /// The symbol of each level's block, such as `θ`, level 1 first.
    pub symbols: Vec<&'static str>,
    /// The name of every variable as maths, level after level; empty if names are symbols with indices.
    pub names: Vec<String>,
    /// The bounds of all variables.
    pub bounds: Bounds,
    /// The default start.
    pub start: Point,
    /// The planes to draw, the preferred one first.
    pub planes: Vec<Plane>,
    /// The known minima of the reduced objective, global ones first.
    pub minima: Vec<Minimum>,
    /// The reason for which none of the minima found is known to be global, in a sentence; `None` if the least is.
    pub doubt: Option<String>,
    /// The properties of the lowest level.
    pub lower_level: LowerLevel,
    /// The problem's own metrics, in the order of [`Problem::metrics`](super::Problem::metrics).
    pub metrics: Vec<Metric>,
    /// The highest order of derivative that [`Problem::higher`](super::Problem::higher) supports.
    pub highest_order: usize,
}

impl Metadata {
    /// Metadata of a problem given only by its start: no box, pictures or minima, and symbols x, y, z, u, v, w.
    pub fn new(start: Point) -> Self {
        let symbols = ["x", "y", "z", "u", "v", "w"];
        let shape = start.shape();
        Self {
            formulas: Vec::new(),
            symbols: symbols[..shape.levels()].to_vec(),
            names: Vec::new(),
            bounds: Bounds::none(shape),
            start,
            planes: Vec::new(),
            minima: Vec::new(),
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::Unknown,
                steepest: None,
                note: Cow::Borrowed(""),
            },
            metrics: Vec::new(),
            highest_order: MAX_GENERATORS,
        }
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.start.shape()
    }

    /// The name of a variable as maths, such as `θ_1`; without an index if its block has one variable.
    pub fn variable(&self, coordinate: Coordinate) -> String {
        let place = self.shape().range(coordinate.level).start + coordinate.index;
        if let Some(name) = self.names.get(place) {
            return name.clone();
        }
        let symbol = self.symbols[coordinate.level - 1];
        if self.shape().size(coordinate.level) == 1 {
            symbol.to_owned()
        } else {
            format!("{symbol}_{{{}}}", coordinate.index + 1)
        }
    }

    /// The name of a level's objective as maths: f and g for two levels, numbered ones for more.
    pub fn objective(&self, level: usize) -> String {
        match (self.shape().levels(), level) {
            (..=2, 1) => "f".to_owned(),
            (..=2, _) => "g".to_owned(),
            _ => format!("f_{level}"),
        }
    }

    /// All coordinates, level after level.
    pub fn coordinates(&self) -> Vec<Coordinate> {
        self.each_coordinate().collect()
    }

    /// All coordinates, level after level, one at a time: there may be millions.
    pub fn each_coordinate(&self) -> impl Iterator<Item = Coordinate> {
        let shape = self.shape();
        (1..=shape.levels()).flat_map(move |level| {
            (0..shape.size(level)).map(move |index| Coordinate { level, index })
        })
    }

    /// Returns the plane of two coordinates, or the preferred plane if none are given. A plane that is not among
    /// [`Metadata::planes`] gets its ranges from those that are, or ranges around the start.
    pub fn plane(&self, axes: Option<[Coordinate; 2]>) -> Plane {
        let axes = match (axes, self.planes.first()) {
            (Some(axes), _) => axes,
            (None, Some(plane)) => return plane.clone(),
            (None, None) => {
                let shape = self.shape();
                let [first, last] = [0, shape.total() - 1].map(|place| shape.locate(place));
                [first, last].map(|(level, index)| Coordinate { level, index })
            }
        };
        let sides = |plane: &Plane| [plane.horizontal, plane.vertical];
        if let Some(plane) = self.planes.iter().find(|plane| sides(plane) == axes) {
            return plane.clone();
        }
        Plane {
            horizontal: axes[0],
            vertical: axes[1],
            range: axes.map(|axis| self.range(axis)),
            marks: Vec::new(),
        }
    }

    /// The range of a variable in pictures: that of the first plane that shows it, or 5 to either side of its start.
    pub fn range(&self, axis: Coordinate) -> [f64; 2] {
        let known = self.planes.iter().find_map(|plane| {
            let sides = [plane.horizontal, plane.vertical];
            let place = sides.iter().position(|side| *side == axis)?;
            Some(plane.range[place])
        });
        let value = self.start[axis.level][axis.index];
        known.unwrap_or([value - 5.0, value + 5.0])
    }

    /// The range of a variable's starts: its box or, if that is unbounded, the part of [`Self::range`] inside it.
    pub fn start_range(&self, axis: Coordinate) -> [f64; 2] {
        let [low, high] = self.bounds.limits(axis.level)[axis.index];
        if low.is_finite() && high.is_finite() {
            return [low, high];
        }
        let [own_low, own_high] = self.range(axis);
        [own_low.max(low), own_high.min(high)]
    }

    /// True if the reduced objective is a curve over the horizontal axis of the plane.
    pub fn has_reduced_over(&self, plane: &Plane) -> bool {
        let shape = self.shape();
        plane.horizontal.level == 1 && shape.size(1) == 1
    }

    /// The value of the known global minimum; `None` if none is known.
    pub fn optimum(&self) -> Option<f64> {
        let global = self.minima.iter().find(|minimum| minimum.is_global);
        global.map(|minimum| minimum.value)
    }

    /// The point that holds the coordinates a picture does not show: the values of the known global minimum if it fixes
    /// them, else those of `start`.
    pub fn base_point(&self, start: &Point) -> Point {
        let mut base = start.clone();
        if let Some(optimum) = self.minima.iter().find(|minimum| minimum.is_global) {
            for coordinate in self.each_coordinate() {
                if let Some(value) = optimum.coordinate(coordinate) {
                    base[coordinate.level][coordinate.index] = value;
                }
            }
        }
        base
    }

    /// The distance of a point to the nearest known global minimum, over the blocks that the minimum fixes; `None` if
    /// none is known.
    pub fn distance(&self, point: &Point) -> Option<f64> {
        self.minima
            .iter()
            .filter(|minimum| minimum.is_global)
            .map(|minimum| minimum.distance(point))
            .min_by(f64::total_cmp)
    }
}

/// A metric of a point, besides the objectives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The name in files and menus, in lower case.
    pub name: &'static str,
    /// The meaning, in words.
    pub meaning: &'static str,
    /// True if the values are never negative and read best on a logarithmic scale, as errors do.
    pub suits_logarithm: bool,
}

/// The coordinate of one variable: its level, and its index within the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coordinate {
    /// The level, from 1.
    pub level: usize,
    /// The index within the block, from 0.
    pub index: usize,
}

/// Displays a coordinate as files and the command line do, such as `x2[1]`, with the index counted from 1.
impl std::fmt::Display for Coordinate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "x{}[{}]", self.level, self.index + 1)
    }
}

/// A plane of two coordinates, with its range and marks.
#[derive(Clone, Debug)]
pub struct Plane {
    /// The coordinate along the horizontal axis.
    pub horizontal: Coordinate,
    /// The coordinate along the vertical axis.
    pub vertical: Coordinate,
    /// The range shown, horizontally and vertically.
    pub range: [[f64; 2]; 2],
    /// Points and areas that explain the picture.
    pub marks: Vec<Mark>,
}

/// A mark drawn beneath the paths.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A named point.
    Point {
        /// The position in the plane.
        at: [f64; 2],
        /// The name as maths.
        name: &'static str,
    },
    /// The minimum of the leader's objective without a follower.
    Goal {
        /// The position in the plane.
        at: [f64; 2],
        /// The name as maths.
        name: &'static str,
    },
    /// An area, given by its corners.
    Area(Vec<[f64; 2]>),
    /// A table of the weights that the leader's variables stand for, which the plane does not show.
    Weights {
        /// The weights' name as maths.
        name: &'static str,
        /// The names of the weighted things as maths.
        columns: &'static [&'static str],
        /// The weights, from 0 to 1, of the leader's variables.
        weights: fn(&[f64]) -> Vec<f64>,
    },
}

/// The kind of a minimum of the reduced objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The reduced objective is continuous there and decreases to no side within the box.
    Interior,
    /// An edge of the leader's box, beyond which the reduced objective would decrease.
    Edge,
    /// A jump of the follower's answer, and with it of the reduced objective.
    Jump,
}

/// A minimum of the reduced objective.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// True if no other point has a lower value.
    pub is_global: bool,
    /// The kind of the minimum.
    pub site: Site,
    /// The block of each level; `None` if the minimum does not fix it.
    pub blocks: Vec<Option<Vec<f64>>>,
    /// The value of the reduced objective.
    pub value: f64,
    /// The reason why it is a minimum, in a sentence.
    pub reason: &'static str,
}

impl Minimum {
    /// The Euclidean distance of a point, over the blocks that the minimum fixes.
    pub fn distance(&self, point: &Point) -> f64 {
        let mut total = 0.0;
        for (level, block) in self.blocks.iter().enumerate() {
            for (known, value) in block.iter().flatten().zip(&point[level + 1]) {
                total += (known - value).powi(2);
            }
        }
        total.sqrt()
    }

    /// The value of a coordinate; `None` if the minimum does not fix it.
    pub fn coordinate(&self, coordinate: Coordinate) -> Option<f64> {
        self.blocks[coordinate.level - 1]
            .as_ref()
            .map(|block| block[coordinate.index])
    }
}

/// The curvature of the lowest level's objective in its own variables, for every x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    /// Positive definite Hessian: one minimizer, and implicit differentiation works.
    StronglyConvex,
    /// One minimizer with positive curvature there, though not everywhere.
    Unimodal,
    /// Convex with flat directions: the minimizer need not be unique.
    Flat,
    /// Zero curvature everywhere.
    Linear,
    /// Unknown curvature.
    Unknown,
    /// Negative curvature somewhere: a Hessian to be inverted may be indefinite, and there may be one minimum or many.
    NonConvex,
}

/// The known properties of the lowest level.
#[derive(Clone, Debug)]
pub struct LowerLevel {
    /// Its curvature in its own variables.
    pub curvature: Curvature,
    /// The largest eigenvalue of its Hessian; `None` if there is no common value for all points.
    pub steepest: Option<f64>,
    /// The consequence for methods on this problem, in a sentence.
    pub note: Cow<'static, str>,
}

//! What a problem knows about itself: shape, box, names, formulas, default start, pictures and what is proven about it.
//!
//! Texts use one markup throughout the app: plain words, and maths between dollar signs (`$f(x, y)$`), in which `_` and
//! `^` take one character or a `{group}` and `\word` is upright.

use crate::numerics::{Bounds, MAX_GENERATORS, Point, Shape};

/// Everything about one instance of a problem but its objectives.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The objective of each level as maths, with the role of the level, level 1 first.
    pub formulas: Vec<String>,
    /// The symbol of each level's block, such as `θ`, level 1 first.
    pub symbols: Vec<&'static str>,
    /// The name of every variable as maths, level after level, where these are more than symbols with indices; else empty.
    pub names: Vec<String>,
    /// The box.
    pub bounds: Bounds,
    /// Where methods start unless told otherwise.
    pub start: Point,
    /// The planes worth looking at, the best one first.
    pub planes: Vec<Plane>,
    /// The minima of the reduced objective that are known, global ones first.
    pub minima: Vec<Minimum>,
    /// What the lowest level is like.
    pub lower_level: LowerLevel,
    /// The problem's own metrics, in the order of [`Problem::metrics`](super::Problem::metrics).
    pub metrics: Vec<Metric>,
    /// The highest order of derivative that `higher` serves.
    pub highest_order: usize,
}

impl Metadata {
    /// Facts of a problem of which no more is known than its start: no box, pictures or minima, and symbols x, y, z, u, v, w.
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
            lower_level: LowerLevel {
                curvature: Curvature::Unknown,
                steepest: None,
                note: "",
            },
            metrics: Vec::new(),
            highest_order: MAX_GENERATORS,
        }
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.start.shape()
    }

    /// The name of a variable as maths, such as `θ_1`; without an index where its block has one variable.
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

    /// The objective of a level as maths: f and g where there are two levels, numbered ones where there are more.
    pub fn objective(&self, level: usize) -> String {
        match (self.shape().levels(), level) {
            (..=2, 1) => "f".to_owned(),
            (..=2, _) => "g".to_owned(),
            _ => format!("f_{level}"),
        }
    }

    /// All coordinates, level after level.
    pub fn coordinates(&self) -> Vec<Coordinate> {
        let shape = self.shape();
        (1..=shape.levels())
            .flat_map(|level| (0..shape.size(level)).map(move |index| Coordinate { level, index }))
            .collect()
    }

    /// A plane to look at: that of two coordinates, or the best one. One that is not among [`Facts::planes`] gets its ranges
    /// from those that are, or a range around the start.
    pub fn plane(&self, axes: Option<[Coordinate; 2]>) -> Plane {
        let coordinates = self.coordinates();
        let axes = match (axes, self.planes.first()) {
            (Some(axes), _) => axes,
            (None, Some(plane)) => return plane.clone(),
            (None, None) => [coordinates[0], coordinates[coordinates.len() - 1]],
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

    /// The range of a variable that is worth looking at: that of a plane, or one around the start.
    pub fn range(&self, axis: Coordinate) -> [f64; 2] {
        let known = self.planes.iter().find_map(|plane| {
            let sides = [plane.horizontal, plane.vertical];
            let place = sides.iter().position(|side| *side == axis)?;
            Some(plane.range[place])
        });
        let value = self.start[axis.level][axis.index];
        known.unwrap_or([value - 5.0, value + 5.0])
    }

    /// The range of a variable's starts: its box or, where that is open, the part of [`Self::range`] inside of it.
    pub fn start_range(&self, axis: Coordinate) -> [f64; 2] {
        let [low, high] = self.bounds.limits(axis.level)[axis.index];
        if low.is_finite() && high.is_finite() {
            return [low, high];
        }
        let [own_low, own_high] = self.range(axis);
        [own_low.max(low), own_high.min(high)]
    }

    /// Whether the reduced objective is a curve over the horizontal axis of a plane.
    pub fn has_reduced_over(&self, plane: &Plane) -> bool {
        let shape = self.shape();
        plane.horizontal.level == 1 && shape.size(1) == 1
    }

    /// The value of the known global minimum; `None` if none is known.
    pub fn optimum(&self) -> Option<f64> {
        let global = self.minima.iter().find(|minimum| minimum.is_global);
        global.map(|minimum| minimum.value)
    }

    /// Where coordinates that a picture does not show are held: at the optimum where it fixes them, else at a start.
    pub fn base_point(&self, start: &Point) -> Point {
        let mut base = start.clone();
        if let Some(optimum) = self.minima.iter().find(|minimum| minimum.is_global) {
            for coordinate in self.coordinates() {
                if let Some(value) = optimum.coordinate(coordinate) {
                    base[coordinate.level][coordinate.index] = value;
                }
            }
        }
        base
    }

    /// The distance of a point to the nearest known global minimum, over the blocks that it fixes; `None` if none is known.
    pub fn distance(&self, point: &Point) -> Option<f64> {
        self.minima
            .iter()
            .filter(|minimum| minimum.is_global)
            .map(|minimum| minimum.distance(point))
            .min_by(f64::total_cmp)
    }
}

/// A number that a problem knows to say about a point, besides its objectives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its word in files and menus, in small letters.
    pub name: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// Whether it is never negative and tells more in powers of ten, as errors do.
    pub suits_logarithm: bool,
}

/// One variable: its level from 1, its index within the block from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coordinate {
    /// The level, from 1.
    pub level: usize,
    /// The index within the block, from 0.
    pub index: usize,
}

/// As files and the command line name it, such as `x2[1]`.
impl std::fmt::Display for Coordinate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "x{}[{}]", self.level, self.index + 1)
    }
}

/// Two coordinates to draw against each other, and what to draw with them.
#[derive(Clone, Debug)]
pub struct Plane {
    /// The coordinate along the horizontal axis.
    pub horizontal: Coordinate,
    /// The coordinate along the vertical axis.
    pub vertical: Coordinate,
    /// The range shown, horizontally and vertically.
    pub range: [[f64; 2]; 2],
    /// Points, lines and areas that explain the picture.
    pub marks: Vec<Mark>,
}

/// Something drawn under the paths.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A named point.
    Point {
        /// Where, in the plane.
        at: [f64; 2],
        /// Its name as maths.
        name: &'static str,
    },
    /// The place that the leader would go to if there were no follower.
    Goal {
        /// Where, in the plane.
        at: [f64; 2],
        /// Its name as maths.
        name: &'static str,
    },
    /// An area, by its corners.
    Area(Vec<[f64; 2]>),
}

/// What holds a minimum of the reduced objective in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The reduced objective is continuous there, and rises or stays on every side within the box.
    Interior,
    /// An edge of the leader's box: beyond it, the reduced objective would fall.
    Edge,
    /// The follower's answer jumps there, and the reduced objective with it.
    Jump,
}

/// A minimum of the reduced objective.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// Whether no other point is better.
    pub is_global: bool,
    /// Why no neighbour is better.
    pub site: Site,
    /// The block of each level; `None` where the minimum does not fix it.
    pub blocks: Vec<Option<Vec<f64>>>,
    /// The value of the reduced objective.
    pub value: f64,
    /// How it is known, in a sentence.
    pub reason: &'static str,
}

impl Minimum {
    /// The distance of a point over the blocks that the minimum fixes.
    pub fn distance(&self, point: &Point) -> f64 {
        let mut total = 0.0;
        for (level, block) in self.blocks.iter().enumerate() {
            for (known, value) in block.iter().flatten().zip(&point[level + 1]) {
                total += (known - value).powi(2);
            }
        }
        total.sqrt()
    }

    /// The value of a coordinate, where the minimum fixes it.
    pub fn coordinate(&self, coordinate: Coordinate) -> Option<f64> {
        self.blocks[coordinate.level - 1]
            .as_ref()
            .map(|block| block[coordinate.index])
    }
}

/// What the lowest level is like, for every x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    /// The Hessian is positive definite: one minimiser, and implicit differentiation works.
    StronglyConvex,
    /// One minimiser with positive curvature there, though not everywhere.
    Unimodal,
    /// Convex with flat directions: the minimiser need not be unique.
    Flat,
    /// No curvature at all.
    Linear,
    /// Nobody has said.
    Unknown,
    /// Negative curvature somewhere, so that a Hessian to be inverted may be indefinite; there may be one minimum or many.
    NonConvex,
}

/// What is known of the lowest level.
#[derive(Clone, Copy, Debug)]
pub struct LowerLevel {
    /// Its curvature in its own variables.
    pub curvature: Curvature,
    /// The largest eigenvalue of its Hessian, where one holds everywhere.
    pub steepest: Option<f64>,
    /// Why that matters here, in a sentence.
    pub note: &'static str,
}

//! A problem in other units: the same problem with different numbers.
//!
//! ```text
//! x'_b = scale_b x_b + shift_b for each block b,     f'_k(x') = factor_k f_k(x) + constant_k
//! ```

use std::sync::{Arc, OnceLock};

use bilevel::numerics::{Bounds, Levels, Nilpotent, Point, WorkToken};
use bilevel::problem::{LowerSolution, Metadata, Minimum, Plane, Problem};

/// Factors and shifts of a change of units.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    /// The factor of each level's objective.
    pub(crate) factors: Vec<f64>,
    pub(crate) constants: Vec<f64>,
    /// The scale of each block.
    pub(crate) scales: Vec<f64>,
    /// The shift of each variable.
    pub(crate) shifts: Vec<f64>,
}

impl Units {
    /// The units of the problem itself, which change nothing.
    pub(crate) fn same(problem: &dyn Problem) -> Self {
        let shape = problem.metadata().shape();
        Self {
            factors: vec![1.0; shape.levels()],
            constants: vec![0.0; shape.levels()],
            scales: vec![1.0; shape.levels()],
            shifts: vec![0.0; shape.total()],
        }
    }

    fn scale(&self, point: &Point, variable: usize) -> f64 {
        self.scales[point.shape().locate(variable).0 - 1]
    }

    /// Converts a point to these units.
    pub(crate) fn outward(&self, point: &Point) -> Point {
        let mut moved = point.clone();
        for (variable, value) in moved.values_mut().iter_mut().enumerate() {
            *value = *value * self.scale(point, variable) + self.shifts[variable];
        }
        moved
    }

    fn inward(&self, point: &Point) -> Point {
        let mut moved = point.clone();
        for (variable, value) in moved.values_mut().iter_mut().enumerate() {
            *value = (*value - self.shifts[variable]) / self.scale(point, variable);
        }
        moved
    }

    /// Converts a block to these units; `first` is the index of its first variable.
    pub(crate) fn block(&self, level: usize, first: usize, block: &[f64]) -> Vec<f64> {
        let shifts = &self.shifts[first..];
        let pairs = block.iter().zip(shifts);
        pairs
            .map(|(x, shift)| x * self.scales[level - 1] + shift)
            .collect()
    }

    /// Converts a gradient of φ, or a direction, to these units.
    pub(crate) fn direction(&self, direction: &[f64]) -> Vec<f64> {
        let factor = self.factors[0] / self.scales[0];
        direction.iter().map(|one| one * factor).collect()
    }

    /// Converts a stride so that stride times direction is the same step.
    pub(crate) fn stride(&self, stride: f64) -> f64 {
        stride * self.scales[0] * self.scales[0] / self.factors[0]
    }
}

/// A problem in other units.
pub(crate) struct Transformed {
    inner: Arc<dyn Problem>,
    units: Units,
    metadata: Metadata,
    searched: OnceLock<Vec<[f64; 2]>>,
}

impl Transformed {
    pub(crate) fn new(inner: &Arc<dyn Problem>, units: Units) -> Self {
        let metadata = metadata(inner.metadata(), &units);
        Self {
            inner: Arc::clone(inner),
            units,
            metadata,
            searched: OnceLock::new(),
        }
    }

    fn lifted(&self, at: &[Nilpotent]) -> Vec<Nilpotent> {
        let shape = self.metadata.shape();
        let moved = at.iter().enumerate().map(|(variable, number)| {
            let (level, _) = shape.locate(variable);
            (*number - self.units.shifts[variable]) / self.units.scales[level - 1]
        });
        moved.collect()
    }
}

fn metadata(inner: &Metadata, units: &Units) -> Metadata {
    let shape = inner.shape();
    let mut metadata = inner.clone();
    metadata.metrics.clear();
    metadata.start = units.outward(&inner.start);
    metadata.bounds = Bounds::none(shape);
    for level in 1..=shape.levels() {
        let first = shape.range(level).start;
        if !inner.bounds.is_bounded(level) {
            continue;
        }
        for (index, limits) in inner.bounds.limits(level).iter().enumerate() {
            let limits = limits.map(|end| units.block(level, first + index, &[end])[0]);
            metadata.bounds = metadata.bounds.with_variable(level, index, limits);
        }
    }
    let plane = |plane: &Plane| {
        let range = |axis: bilevel::problem::Coordinate, range: [f64; 2]| {
            let variable = shape.range(axis.level).start + axis.index;
            range.map(|end| units.block(axis.level, variable, &[end])[0])
        };
        Plane {
            range: [
                range(plane.horizontal, plane.range[0]),
                range(plane.vertical, plane.range[1]),
            ],
            marks: Vec::new(),
            ..plane.clone()
        }
    };
    metadata.planes = inner.planes.iter().map(plane).collect();
    let minimum = |minimum: &Minimum| {
        let blocks = minimum.blocks.iter().enumerate().map(|(place, block)| {
            let first = shape.range(place + 1).start;
            block
                .as_ref()
                .map(|block| units.block(place + 1, first, block))
        });
        Minimum {
            blocks: blocks.collect(),
            value: units.factors[0] * minimum.value + units.constants[0],
            ..minimum.clone()
        }
    };
    metadata.minima = inner.minima.iter().map(minimum).collect();
    let last = shape.levels() - 1;
    let steeper = units.factors[last] / (units.scales[last] * units.scales[last]);
    metadata.lower_level.steepest = inner
        .lower_level
        .steepest
        .map(|steepest| steepest * steeper);
    metadata
}

impl Problem for Transformed {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn searched(&self) -> Option<&OnceLock<Vec<[f64; 2]>>> {
        Some(&self.searched)
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        let value = self.inner.value(level, &self.units.inward(at), token);
        self.units.factors[level - 1] * value + self.units.constants[level - 1]
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.inner
            .grad(level, &self.units.inward(at), wrt, out, token);
        for block in (1..=at.shape().levels()).filter(|block| wrt.contains(*block)) {
            for slope in &mut out[block] {
                *slope *= self.units.factors[level - 1] / self.units.scales[block - 1];
            }
        }
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        wrt_along: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let at = self.units.inward(at);
        self.inner
            .product(level, &at, wrt_along, direction, out, token);
        let [wrt, along] = wrt_along.map(|block| self.units.scales[block - 1]);
        for one in out {
            *one *= self.units.factors[level - 1] / wrt / along;
        }
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let value = self.inner.higher(level, &self.lifted(at), token);
        value * self.units.factors[level - 1] + self.units.constants[level - 1]
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let known = self.inner.known_reaction(&self.units.inward(at))?;
        let shape = at.shape();
        let level = shape.levels();
        let first = shape.range(level).start;
        Some(LowerSolution {
            argmin: self.units.block(level, first, &known.argmin),
            value: self.units.factors[level - 1] * known.value + self.units.constants[level - 1],
            is_unique: known.is_unique,
        })
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        let mut known = self
            .units
            .outward(&self.inner.known_answers(&self.units.inward(at))?);
        // the leader's block stays exactly as given
        known[1].copy_from_slice(&at[1]);
        Some(known)
    }

    fn metrics(&self, _at: &Point, _token: &WorkToken) -> Vec<f64> {
        Vec::new()
    }
}

//! Points: the variables of all levels, one block per level.

use std::ops::{Index, IndexMut};

use super::scalar::Scalar;

/// The maximum number of levels of a problem.
pub const MAX_LEVELS: usize = 8;

/// The sizes of the blocks; level 1 is the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    levels: usize,
    ends: [usize; MAX_LEVELS + 1],
}

impl Shape {
    /// A shape with one block per entry of `sizes`, level 1 first. At most [`MAX_LEVELS`].
    pub fn new(sizes: &[usize]) -> Self {
        assert!(sizes.len() <= MAX_LEVELS, "at most {MAX_LEVELS} levels");
        let mut ends = [0; MAX_LEVELS + 1];
        for (level, size) in sizes.iter().enumerate() {
            ends[level + 1] = ends[level] + size;
        }
        Self {
            levels: sizes.len(),
            ends,
        }
    }

    /// The number of levels n.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The number of variables of a level.
    pub fn size(&self, level: usize) -> usize {
        self.range(level).len()
    }

    /// The number of variables of all levels together.
    pub fn total(&self) -> usize {
        self.ends[self.levels]
    }

    /// The range of a level's variables among all variables.
    pub fn range(&self, level: usize) -> std::ops::Range<usize> {
        self.ends[level - 1]..self.ends[level]
    }

    /// The level of a variable counted over all levels, and its index within the block (from 0).
    pub fn locate(&self, variable: usize) -> (usize, usize) {
        let level = (1..=self.levels)
            .find(|&level| variable < self.ends[level])
            .unwrap_or(self.levels);
        (level, variable - self.ends[level - 1])
    }
}

/// One value for every variable of every level. `point[l]` is the block of level l, counted from 1.
///
/// Two points are equal if they have the same shape and values; NaN is the same value as NaN, so that a request for the
/// picture of a diverged run equals itself.
#[derive(Clone, Debug)]
pub struct Point {
    shape: Shape,
    values: Vec<f64>,
}

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && same_values(&self.values, &other.values)
    }
}

/// True if two lists have the same values, NaN among them.
pub fn same_values(one: &[f64], other: &[f64]) -> bool {
    let mut pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.all(|(a, b)| a == b || a.is_nan() && b.is_nan())
}

impl Point {
    /// The point with all variables zero.
    pub fn zeros(shape: Shape) -> Self {
        Self {
            shape,
            values: vec![0.0; shape.total()],
        }
    }

    /// The point with the given blocks, level 1 first.
    pub fn from_blocks(blocks: &[Vec<f64>]) -> Self {
        let sizes: Vec<usize> = blocks.iter().map(Vec::len).collect();
        Self {
            shape: Shape::new(&sizes),
            values: blocks.concat(),
        }
    }

    /// The point with the given variables, level after level; `None` if their number does not fit.
    pub fn from_values(shape: Shape, values: Vec<f64>) -> Option<Self> {
        (values.len() == shape.total()).then_some(Self { shape, values })
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All variables, level after level.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All variables, mutable.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The first `N` variables as an array of fixed length.
    ///
    /// # Panics
    /// If the point has fewer.
    #[inline]
    pub(crate) fn array<const N: usize>(&self) -> &[f64; N] {
        self.values.first_chunk().expect("the shape has as many")
    }

    /// The first `N` variables as a mutable array of fixed length.
    #[inline]
    pub(crate) fn array_mut<const N: usize>(&mut self) -> &mut [f64; N] {
        self.values
            .first_chunk_mut()
            .expect("the shape has as many")
    }

    /// The blocks as lists, level 1 first.
    pub fn to_blocks(&self) -> Vec<Vec<f64>> {
        (1..=self.shape.levels())
            .map(|level| self[level].to_vec())
            .collect()
    }

    /// Copies the values of a point of the same shape, without allocating.
    pub fn copy_from(&mut self, other: &Self) {
        self.values.copy_from_slice(&other.values);
    }

    /// The view of the point that objectives read.
    pub fn blocks(&self) -> Blocks<'_, f64> {
        Blocks {
            shape: &self.shape,
            values: &self.values,
        }
    }
}

impl Index<usize> for Point {
    type Output = [f64];
    fn index(&self, level: usize) -> &[f64] {
        &self.values[self.shape.range(level)]
    }
}

impl IndexMut<usize> for Point {
    fn index_mut(&mut self, level: usize) -> &mut [f64] {
        &mut self.values[self.shape.range(level)]
    }
}

/// The variables as an objective reads them: `blocks[l]` is the block of level l, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'a, S> {
    shape: &'a Shape,
    values: &'a [S],
}

impl<'a, S: Scalar> Blocks<'a, S> {
    /// A view of `values`, all variables level after level.
    pub fn new(shape: &'a Shape, values: &'a [S]) -> Self {
        Self { shape, values }
    }

    /// All variables, level after level.
    pub fn values(&self) -> &'a [S] {
        self.values
    }
}

impl<S> Index<usize> for Blocks<'_, S> {
    type Output = [S];
    fn index(&self, level: usize) -> &[S] {
        &self.values[self.shape.range(level)]
    }
}

/// A set of levels, such as those whose gradient is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels(u16);

impl Levels {
    /// Every level.
    pub const ALL: Self = Self(u16::MAX);

    /// A single level.
    pub const fn only(level: usize) -> Self {
        Self(1 << level)
    }

    /// The set with one more level.
    #[must_use]
    pub const fn and(self, level: usize) -> Self {
        Self(self.0 | 1 << level)
    }

    /// A level and all below it.
    pub const fn from(level: usize) -> Self {
        Self(u16::MAX << level)
    }

    /// True if the level belongs to the set.
    pub const fn contains(self, level: usize) -> bool {
        self.0 & (1 << level) != 0
    }

    /// The levels of the set that a shape has, in order.
    pub fn within(self, shape: Shape) -> impl Iterator<Item = usize> {
        (1..=shape.levels()).filter(move |&level| self.contains(level))
    }

    /// No level.
    pub(crate) const NONE: Self = Self(0);

    /// The levels of both sets.
    #[must_use]
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The levels that both sets have.
    #[must_use]
    pub(crate) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// True if the two sets intersect.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Box constraints on the variables; infinite for a variable without bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    shape: Shape,
    limits: Vec<[f64; 2]>,
    bounded: Levels,
}

impl Bounds {
    /// No bounds.
    pub fn none(shape: Shape) -> Self {
        Self {
            shape,
            limits: vec![[f64::NEG_INFINITY, f64::INFINITY]; shape.total()],
            bounded: Levels(0),
        }
    }

    /// The same bounds with every variable of `level` kept in [low, high].
    #[must_use]
    pub fn with(mut self, level: usize, low: f64, high: f64) -> Self {
        self.limits[self.shape.range(level)].fill([low, high]);
        self.bounded = Levels(self.bounded.0 | Levels::only(level).0);
        self
    }

    /// The limits of each variable of a level.
    pub fn limits(&self, level: usize) -> &[[f64; 2]] {
        &self.limits[self.shape.range(level)]
    }

    /// True if the level has bounds.
    pub fn is_bounded(&self, level: usize) -> bool {
        self.bounded.contains(level)
    }

    /// The same bounds with one variable of `level`, counted from 0, kept in [low, high].
    #[must_use]
    pub fn with_variable(mut self, level: usize, index: usize, [low, high]: [f64; 2]) -> Self {
        let place = self.shape.range(level).start + index;
        self.limits[place] = [low, high];
        self.bounded = Levels(self.bounded.0 | Levels::only(level).0);
        self
    }

    /// Moves the block of a level to the nearest point of the box.
    #[inline]
    pub fn project(&self, level: usize, block: &mut [f64]) {
        if self.is_bounded(level) {
            for (value, [low, high]) in block.iter_mut().zip(self.limits(level)) {
                *value = value.clamp(*low, *high);
            }
        }
    }

    /// The norm of a level's descent direction (it is subtracted), without the components that the bounds block.
    pub fn free_length(&self, level: usize, block: &[f64], direction: &[f64]) -> f64 {
        let square: f64 = direction
            .iter()
            .zip(block.iter().zip(self.limits(level)))
            .filter(|(along, (x, [low, high]))| {
                !(*x <= low && **along > 0.0 || *x >= high && **along < 0.0)
            })
            .map(|(along, _)| along * along)
            .sum();
        square.sqrt()
    }

    /// True if all variables of the point lie in the box.
    pub fn contain(&self, point: &Point) -> bool {
        self.limits
            .iter()
            .zip(point.values())
            .all(|([low, high], value)| low <= value && value <= high)
    }
}

//! Derivatives of objectives that are written once over any scalar.

use std::sync::{Arc, OnceLock};

use num_dual::{Derivative, Dual, DualSVec64};
use smallvec::SmallVec;

use super::facets::Sampled;
use super::metadata::{Metadata, Minimum};
use super::{LowerSolution, Obstacles, Problem};
use crate::numerics::nilpotent::Polynomial;
use crate::numerics::{
    Blocks, Feature, Levels, MAX_GENERATORS, Nilpotent, Point, Scalar, WorkToken,
};

/// A problem as its author writes it: objectives over any [`Scalar`], and closed forms if they are worthwhile.
///
/// ```
/// use bilevel::prelude::*;
///
/// /// f = x² + y, g = (y − x)².
/// struct Mine;
///
/// impl Objectives for Mine {
///     fn metadata(&self) -> Metadata {
///         Metadata::new(Point::from_blocks(&[vec![1.0], vec![0.0]]))
///     }
///
///     fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
///         let (x, y) = (at[1][0], at[2][0]);
///         if level == 1 { x.square() + y } else { (y - x).square() }
///     }
/// }
///
/// let problem = Differentiated::new(Mine);
/// let at = problem.metadata().start.clone();
/// let mut gradient = Point::zeros(at.shape());
/// problem.grad(2, &at, Levels::ALL, &mut gradient, &WorkToken::default());
/// assert_eq!(gradient.values(), [2.0, -2.0]);
/// ```
pub trait Objectives: Send + Sync + 'static {
    /// The metadata of the problem; called once.
    fn metadata(&self) -> Metadata;

    /// The value of the objective of a level, counted from 1.
    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S;

    /// Writes the gradient of a level's objective in closed form for the blocks in `wrt` and returns true; returns
    /// false if there is no closed form.
    fn closed_grad(&self, _level: usize, _at: &Point, _wrt: Levels, _out: &mut Point) -> bool {
        false
    }

    /// The lowest level's solution in closed form for the upper blocks of `at`; `None` if no closed form is known.
    fn closed_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }

    /// For three levels and more: the solutions of all lower levels for the leader's block of `at` in closed form;
    /// `None` if no closed forms are known.
    fn closed_answers(&self, _at: &Point) -> Option<Point> {
        None
    }

    /// The number of samples that the objectives are means over; 0 if they are not means.
    fn samples(&self) -> usize {
        0
    }

    /// The same objectives over some of the samples, counted from 0; `None` if there are no mini-batches.
    fn on_batch(&self, _batch: &[usize]) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// A copy of the objectives whose metadata may get further minima, see [`Problem::with_minima`]; `None` if theirs
    /// are complete.
    fn again(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// True if f₂ = −f₁.
    fn is_min_max(&self) -> bool {
        false
    }

    /// True if an objective may jump from one finite value to another.
    fn may_jump(&self) -> bool {
        false
    }

    /// The values at a point of the terms of an objective at whose zeros it may have a pole, such as denominators: as
    /// many at every point.
    fn pole_terms(&self, _level: usize, _at: &Point) -> Vec<f64> {
        Vec::new()
    }

    /// The features of an objective at a point: as many, of the same kinds, at every point; see [`Problem::features`].
    fn features(&self, _level: usize, _at: &Point) -> Vec<Feature> {
        Vec::new()
    }

    /// True if an objective may have no value or no finite derivative at some points, which [`Objectives::undefined`]
    /// then explains.
    fn may_be_undefined(&self) -> bool {
        false
    }

    /// Explains in a sentence why the derivatives of some order of an objective, its value for order 0, are not finite
    /// at a point; `None` if no cause is known.
    fn undefined(&self, _level: usize, _at: &Point, _order: usize) -> Option<String> {
        None
    }

    /// The data in words, for checks before a run; `None` without data.
    fn data_summary(&self) -> Option<String> {
        None
    }

    /// The problem's own metrics at a point, in the order of [`Metadata::metrics`].
    fn metrics(&self, _at: &Point) -> Vec<f64> {
        Vec::new()
    }
}

/// The adapter from [`Objectives`] to the object-safe [`Problem`], which adds derivatives by dual numbers and
/// generators.
#[derive(Debug)]
pub struct Differentiated<O> {
    objectives: O,
    metadata: Arc<Metadata>,
    searched: OnceLock<Vec<[f64; 2]>>,
    obstacles: OnceLock<Obstacles>,
}

impl<O: Objectives> Differentiated<O> {
    /// Wraps objectives and keeps their metadata.
    pub fn new(objectives: O) -> Self {
        let metadata = Arc::new(objectives.metadata());
        Self {
            objectives,
            metadata,
            searched: OnceLock::new(),
            obstacles: OnceLock::new(),
        }
    }

    /// Writes the gradient entries of up to four variables, by dual numbers.
    fn dual_grad<const N: usize>(
        &self,
        level: usize,
        at: &Point,
        variables: &[usize],
        out: &mut Point,
    ) {
        let mut lifted: LiftedBlocks<DualSVec64<N>> = LiftedBlocks::new();
        lifted.extend(at.values().iter().map(|&value| value.into()));
        for (direction, &variable) in variables.iter().enumerate() {
            lifted[variable] = lifted[variable].derivative(direction);
        }
        let value = self
            .objectives
            .value(level, Blocks::new(&at.shape(), &lifted));
        for (direction, &variable) in variables.iter().enumerate() {
            out.values_mut()[variable] = value.eps.0.map_or(0.0, |gradient| gradient[direction]);
        }
    }

    /// Writes the entries of ∇(∇f · d) for up to four variables, by dual numbers over dual numbers.
    fn dual_product<const N: usize>(
        &self,
        level: usize,
        at: &Point,
        along: &Direction<'_>,
        pass: &mut Pass<'_>,
    ) {
        let mut lifted: LiftedBlocks<Dual<DualSVec64<N>>> = LiftedBlocks::new();
        lifted.extend(at.values().iter().map(|&x| Dual::from_re(x.into())));
        for (offset, &component) in along.components.iter().enumerate() {
            lifted[along.first + offset].eps = component.into();
        }
        for (direction, &variable) in pass.variables.iter().enumerate() {
            lifted[variable].re = lifted[variable].re.derivative(direction);
        }
        let value = self
            .objectives
            .value(level, Blocks::new(&at.shape(), &lifted));
        let derivatives: Derivative<f64, _, _> = value.eps.eps;
        for (direction, result) in pass.out.iter_mut().enumerate() {
            *result = derivatives.0.map_or(0.0, |product| product[direction]);
        }
    }
}

impl<O: Objectives> Differentiated<O> {
    /// The value over numbers with room for `SIZE` coefficients, enough for the generators in use.
    fn resized<const SIZE: usize>(&self, level: usize, at: &[Nilpotent]) -> Polynomial<SIZE> {
        let mut small: LiftedBlocks<Polynomial<SIZE>> = LiftedBlocks::new();
        small.resize(at.len(), Polynomial::constant(0.0));
        for (small, number) in small.iter_mut().zip(at) {
            small.copy_from(number);
        }
        let shape = self.metadata.shape();
        self.objectives.value(level, Blocks::new(&shape, &small))
    }
}

/// All variables, lifted to another scalar; on the stack for small problems. Fill it in place: one that is collected is
/// moved afterwards, with all its room.
type LiftedBlocks<S> = SmallVec<[S; 16]>;

/// A direction in one block.
struct Direction<'a> {
    first: usize,
    components: &'a [f64],
}

/// The variables of one evaluation, and the destination of their results.
struct Pass<'a> {
    variables: &'a [usize],
    out: &'a mut [f64],
}

impl<O: Objectives> Problem for Differentiated<O> {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    #[inline]
    fn value(&self, level: usize, at: &Point, _token: &WorkToken) -> f64 {
        self.objectives.value(level, at.blocks())
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, _token: &WorkToken) {
        if self.objectives.closed_grad(level, at, wrt, out) {
            return;
        }
        let shape = at.shape();
        let variables: LiftedBlocks<usize> = (1..=shape.levels())
            .filter(|&level| wrt.contains(level))
            .flat_map(|level| shape.range(level))
            .collect();
        for chunk in variables.chunks(4) {
            match chunk.len() {
                1 => self.dual_grad::<1>(level, at, chunk, out),
                2 => self.dual_grad::<2>(level, at, chunk, out),
                _ => self.dual_grad::<4>(level, at, chunk, out),
            }
        }
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        [wrt, along]: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        _token: &WorkToken,
    ) {
        let shape = at.shape();
        let variables: LiftedBlocks<usize> = shape.range(wrt).collect();
        let along = Direction {
            first: shape.range(along).start,
            components: direction,
        };
        for (variables, out) in variables.chunks(4).zip(out.chunks_mut(4)) {
            let pass = &mut Pass { variables, out };
            match variables.len() {
                1 => self.dual_product::<1>(level, at, &along, pass),
                2 => self.dual_product::<2>(level, at, &along, pass),
                _ => self.dual_product::<4>(level, at, &along, pass),
            }
        }
    }

    fn higher(&self, level: usize, at: &[Nilpotent], _token: &WorkToken) -> Nilpotent {
        debug_assert!(self.metadata.highest_order <= MAX_GENERATORS);
        match at.iter().map(Nilpotent::generators).max() {
            Some(0..=2) => self.resized::<4>(level, at).resized(),
            Some(3) => self.resized::<8>(level, at).resized(),
            Some(4) => self.resized::<16>(level, at).resized(),
            _ => self
                .objectives
                .value(level, Blocks::new(&self.metadata.shape(), at)),
        }
    }

    fn higher_derivative(
        &self,
        level: usize,
        at: &[Nilpotent],
        generator: usize,
        out: &mut Nilpotent,
        token: &WorkToken,
    ) {
        match at.iter().map(Nilpotent::generators).max() {
            Some(0..=2) => out.copy_derivative(&self.resized::<4>(level, at), generator),
            Some(3) => out.copy_derivative(&self.resized::<8>(level, at), generator),
            Some(4) => out.copy_derivative(&self.resized::<16>(level, at), generator),
            _ => out.copy_derivative(&self.higher(level, at, token), generator),
        }
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        self.objectives.closed_reaction(at)
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        self.objectives.closed_answers(at)
    }

    fn searched(&self) -> Option<&OnceLock<Vec<[f64; 2]>>> {
        Some(&self.searched)
    }

    fn obstacles(&self) -> Option<&OnceLock<Obstacles>> {
        let start = &self.metadata.start;
        let has_terms = |level| {
            !self.pole_terms(level, start).is_empty() || !self.features(level, start).is_empty()
        };
        let may_have_one =
            self.objectives.may_jump() || (1..=self.metadata.shape().levels()).any(has_terms);
        may_have_one.then_some(&self.obstacles)
    }

    fn pole_terms(&self, level: usize, at: &Point) -> Vec<f64> {
        self.objectives.pole_terms(level, at)
    }

    fn features(&self, level: usize, at: &Point) -> Vec<Feature> {
        self.objectives.features(level, at)
    }

    fn sampled(&self) -> Option<&dyn Sampled> {
        (self.objectives.samples() > 0).then_some(self as &dyn Sampled)
    }

    fn with_minima(&self, minima: Vec<Minimum>, doubt: Option<String>) -> Option<Arc<dyn Problem>> {
        let metadata = Metadata {
            minima,
            doubt,
            ..Metadata::clone(&self.metadata)
        };
        Some(Arc::new(Self {
            objectives: self.objectives.again()?,
            metadata: Arc::new(metadata),
            searched: self.searched.clone(),
            obstacles: self.obstacles.clone(),
        }))
    }

    fn is_min_max(&self) -> bool {
        self.objectives.is_min_max()
    }

    fn may_be_undefined(&self) -> bool {
        self.objectives.may_be_undefined()
    }

    fn undefined(&self, level: usize, at: &Point, order: usize) -> Option<String> {
        self.objectives.undefined(level, at, order)
    }

    fn data_summary(&self) -> Option<String> {
        self.objectives.data_summary()
    }

    fn metrics(&self, at: &Point, _token: &WorkToken) -> Vec<f64> {
        self.objectives.metrics(at)
    }
}

impl<O: Objectives + 'static> Sampled for Differentiated<O> {
    fn samples(&self) -> usize {
        self.objectives.samples()
    }

    fn on_batch(&self, batch: &[usize]) -> Box<dyn Problem> {
        let objectives = self.objectives.on_batch(batch);
        Box::new(Self {
            objectives: objectives.expect("objectives with samples have mini-batches"),
            metadata: Arc::clone(&self.metadata),
            searched: OnceLock::new(),
            obstacles: OnceLock::new(),
        })
    }
}

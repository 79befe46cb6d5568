//! Variables as nilpotent numbers, and derivatives of reduced objectives by them.
//!
//! A generator on a variable yields the derivative along it. The deeper blocks must be solved before an objective is
//! evaluated, so that they carry the generators: ε on `x_j` appears in `x_k` as `∂x_k*/∂x_j ε`.

use smallvec::SmallVec;

use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, Shape};
use crate::problem::Oracle;

/// A point in nilpotent numbers, which carries generators.
#[derive(Clone, Debug)]
pub struct LiftedPoint {
    shape: Shape,
    /// Filled by the first [`LiftedPoint::set`]: two levels never need them, and each takes half a kilobyte.
    numbers: Vec<Nilpotent>,
    generators: usize,
    /// The largest number of generators in a product that matters; coefficients of longer products need not be right.
    order: usize,
    /// The order up to which the blocks to be solved next are right already.
    kept: usize,
    /// The real parts, a gradient and one direction, for calls that need no nilpotent numbers.
    real: Point,
    gradient: Point,
    direction: Vec<f64>,
}

/// Solution map of the levels from `first` on: the only difference between exact solves and unrolled loops.
pub trait LowerLevels {
    /// Solves the blocks from level `first` to the last for the blocks above them, with derivatives along all
    /// generators up to order [`LiftedPoint::order()`]. The present real parts are near the solution or ignored. Leaves
    /// the generators as they were.
    fn answer(&self, oracle: &mut Oracle<'_>, lifted: &mut LiftedPoint, first: usize);

    /// The transposed derivative of the innermost level's answer with respect to the block of level `wrt`, times
    /// `adjoint`, at a point that [`LowerLevels::answer`] has filled; carries the generators in use. Only for problems
    /// that offer lifted gradients.
    fn pull_back(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        wrt: usize,
        adjoint: &[Nilpotent],
    ) -> LevelGradient;
}

impl LiftedPoint {
    /// Creates a point of zeros.
    pub fn new(shape: Shape) -> Self {
        let longest = (1..=shape.levels()).map(|level| shape.size(level)).max();
        Self {
            shape,
            numbers: Vec::new(),
            generators: 0,
            order: usize::MAX,
            kept: 0,
            real: Point::zeros(shape),
            gradient: Point::zeros(shape),
            direction: vec![0.0; longest.unwrap_or(0)],
        }
    }

    /// Sets the point to plain numbers, without a generator.
    pub fn set(&mut self, at: &Point) {
        self.generators = 0;
        self.order = usize::MAX;
        self.kept = 0;
        self.numbers
            .resize(self.shape.total(), Nilpotent::constant(0.0));
        for (number, &value) in self.numbers.iter_mut().zip(at.values()) {
            number.strip(0);
            number.set(0, value);
        }
    }

    /// Adds a new generator to one variable, counted over all levels.
    pub fn perturb(&mut self, variable: usize) {
        self.numbers[variable].set(1 << self.generators, 1.0);
        self.generators += 1;
    }

    /// Adds a new generator to a block, along a direction.
    pub fn vary_along(&mut self, level: usize, direction: &[f64]) {
        let generator = Nilpotent::generator(self.generators);
        for (number, &component) in self.numbers[self.shape.range(level)]
            .iter_mut()
            .zip(direction)
        {
            *number += generator * component;
        }
        self.generators += 1;
    }

    /// Adds a new generator to a block, along a direction that carries the generators in use.
    pub fn vary_lifted(&mut self, level: usize, direction: &[Nilpotent]) {
        let generator = Nilpotent::generator(self.generators);
        for (number, component) in self.block_mut(level).iter_mut().zip(direction) {
            *number += generator * *component;
        }
        self.generators += 1;
    }

    /// Removes the newest generator from a block.
    pub fn release(&mut self, level: usize) {
        self.generators -= 1;
        let first = self.generators;
        for number in self.block_mut(level) {
            number.strip(first);
        }
    }

    /// The number of generators in use.
    pub fn generators(&self) -> usize {
        self.generators
    }

    /// The largest number of generators in a product that matters.
    pub fn order(&self) -> usize {
        self.order.min(self.generators)
    }

    /// Requests products of at most `order` generators from the next solve, whose blocks are right up to order `kept`.
    pub fn ask(&mut self, order: usize, kept: usize) {
        self.order = order;
        self.kept = kept;
    }

    /// Prepares the blocks from `first` on for a solve: strips what is not kept, and returns the order up to which they
    /// are right. That order is then reset, so that no deeper level uses it.
    pub fn begin(&mut self, first: usize) -> usize {
        let kept = std::mem::take(&mut self.kept);
        self.settle(first, if kept > 0 { self.generators } else { 0 });
        kept
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All variables.
    pub fn numbers(&self) -> &[Nilpotent] {
        &self.numbers
    }

    /// The block of a level, mutable.
    pub fn block_mut(&mut self, level: usize) -> &mut [Nilpotent] {
        &mut self.numbers[self.shape.range(level)]
    }

    /// Strips all generators but the first ones from the blocks from `first` on.
    fn settle(&mut self, first: usize, generators: usize) {
        for number in &mut self.numbers[self.shape.range(first).start..] {
            number.strip(generators);
        }
    }
}

/// Slopes of a level for each of its variables, on the stack for small problems; filled in place, since moving them is
/// slow.
pub type LevelGradient = SmallVec<[Nilpotent; 2]>;

/// Returns `size` slopes, all zero.
pub fn no_slopes(size: usize) -> LevelGradient {
    SmallVec::from_elem(Nilpotent::constant(0.0), size)
}

/// Computes the derivative of a level's reduced objective by one variable, counted over all levels and at or above it.
/// Carries the generators in use.
pub fn slope(
    answers: &(impl LowerLevels + ?Sized),
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    level: usize,
    variable: usize,
    out: &mut Nilpotent,
) {
    let (generator, order) = (lifted.generators, lifted.order);
    lifted.perturb(variable);
    if level < lifted.shape.levels() {
        // the new generator comes in addition to those that matter
        lifted.order = order.saturating_add(1);
        answers.answer(oracle, lifted, level + 1);
        lifted.order = order;
    }
    derivative(oracle, lifted, level, [variable, generator], out);
}

/// Computes the derivative of a level's objective along the newest generator, and removes that from its variable.
fn derivative(
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    level: usize,
    [variable, generator]: [usize; 2],
    out: &mut Nilpotent,
) {
    oracle.higher_derivative(level, &lifted.numbers, generator, out);
    lifted.numbers[variable].strip(generator);
    lifted.generators = generator;
}

/// Computes the derivatives of a level's reduced objective by the block of level `wrt`, its own or one above it.
///
/// Carries the generators in use. If the problem offers lifted gradients, those of the last level but one cost one
/// solve and one adjoint solve, whatever the size of the block; else they cost a solve for each variable.
pub fn slopes(
    answers: &(impl LowerLevels + ?Sized),
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    level: usize,
    wrt: usize,
    out: &mut [Nilpotent],
) {
    let shape = lifted.shape;
    let last = shape.levels();
    if level + 1 != last || !oracle.lifts_gradients() {
        for (out, variable) in out.iter_mut().zip(shape.range(wrt)) {
            slope(answers, oracle, lifted, level, variable, out);
        }
        return;
    }
    answers.answer(oracle, lifted, last);
    let mut gradient = vec![Nilpotent::constant(0.0); shape.total()];
    let blocks = Levels::only(wrt).and(last);
    oracle.lifted_gradient(level, &lifted.numbers, blocks, &mut gradient);
    let slopes = answers.pull_back(oracle, lifted, wrt, &gradient[shape.range(last)]);
    for ((out, slope), direct) in out.iter_mut().zip(&slopes).zip(&gradient[shape.range(wrt)]) {
        *out = *slope + *direct;
    }
}

/// Computes second derivatives of the innermost objective along a direction in the innermost block: those by the blocks
/// of `wrt`, an entry for each variable.
pub fn innermost_product(
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    direction: &[Nilpotent],
    wrt: Levels,
    out: &mut [Nilpotent],
) {
    let last = lifted.shape.levels();
    let generator = lifted.generators;
    lifted.vary_lifted(last, direction);
    oracle.lifted_gradient(last, &lifted.numbers, wrt, out);
    lifted.release(last);
    for level in (1..=last).filter(|level| wrt.contains(*level)) {
        for number in &mut out[lifted.shape.range(level)] {
            *number = number.derivative(generator);
        }
    }
}

/// Computes the slopes of the innermost level by the cheapest calls: a gradient without generators, products of second
/// derivatives for one, nilpotent numbers for more.
pub fn innermost_slopes(oracle: &mut Oracle<'_>, lifted: &mut LiftedPoint, out: &mut [Nilpotent]) {
    let shape = lifted.shape;
    let level = shape.levels();
    if lifted.generators > 1 && oracle.lifts_gradients() {
        let mut gradient = vec![Nilpotent::constant(0.0); shape.total()];
        oracle.lifted_gradient(level, &lifted.numbers, Levels::only(level), &mut gradient);
        out.copy_from_slice(&gradient[shape.range(level)]);
        return;
    }
    if lifted.generators > 1 {
        for (out, variable) in out.iter_mut().zip(shape.range(level)) {
            let generator = lifted.generators;
            lifted.perturb(variable);
            derivative(oracle, lifted, level, [variable, generator], out);
        }
        return;
    }
    for (value, number) in lifted.real.values_mut().iter_mut().zip(&lifted.numbers) {
        *value = number.real();
    }
    oracle.grad(
        level,
        &lifted.real,
        Levels::only(level),
        &mut lifted.gradient,
    );
    for (out, &slope) in out.iter_mut().zip(&lifted.gradient[level]) {
        out.strip(0);
        out.set(0, slope);
    }
    if lifted.generators == 0 {
        return;
    }
    let epsilon = Nilpotent::generator(0);
    for along in 1..=level {
        let size = shape.size(along);
        for (component, number) in lifted
            .direction
            .iter_mut()
            .zip(&lifted.numbers[shape.range(along)])
        {
            *component = number.coefficient(1);
        }
        let direction = &lifted.direction[..size];
        if direction.iter().all(|&component| component == 0.0) {
            continue;
        }
        let product = &mut lifted.gradient[level];
        if along == level {
            oracle.hvp(level, &lifted.real, level, direction, product);
        } else {
            oracle.jvp(level, &lifted.real, [level, along], direction, product);
        }
        for (out, &component) in out.iter_mut().zip(&lifted.gradient[level]) {
            out.add_scaled(component, &epsilon);
        }
    }
}

/// Second derivatives of a level's reduced objective: `∇_wrt (∇_level F_level · direction)`.
#[derive(Clone, Copy, Debug)]
pub struct MixedDerivative {
    /// The level of the reduced objective, in whose block the direction lies.
    pub level: usize,
    /// The block of the result, at or above that level.
    pub wrt: usize,
}

/// Computes a product of second derivatives of a reduced objective with a direction: `N_kj^T w` in the terms of
/// implicit differentiation, `H_k w` if `wrt` is the level itself.
pub fn mixed(
    answers: &(impl LowerLevels + ?Sized),
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    at: &Point,
    MixedDerivative { level, wrt }: MixedDerivative,
    direction: &[f64],
    out: &mut [f64],
) {
    let shape = at.shape();
    if level == shape.levels() {
        if wrt == level {
            oracle.hvp(level, at, level, direction, out);
        } else {
            oracle.jvp(level, at, [wrt, level], direction, out);
        }
        return;
    }
    lifted.set(at);
    lifted.vary_along(level, direction);
    if oracle.lifts_gradients() {
        let mut found = no_slopes(out.len());
        slopes(answers, oracle, lifted, level, wrt, &mut found);
        for (result, slope) in out.iter_mut().zip(&found) {
            *result = slope.coefficient(1);
        }
        return;
    }
    let mut found = Nilpotent::constant(0.0);
    for (result, variable) in out.iter_mut().zip(shape.range(wrt)) {
        if oracle.is_cancelled() {
            return;
        }
        slope(answers, oracle, lifted, level, variable, &mut found);
        *result = found.coefficient(1);
    }
}

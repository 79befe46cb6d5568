//! The independent referee: the lower level's true solution, the value gap, the reduced objective and its gradient.
//!
//! Methods never use it, and its work is never counted or timed. It uses closed forms if a problem has them and its own
//! searches otherwise: all stationary points for a follower of one variable, Newton's method from many starts for one
//! of several, and for three or more levels samples of each level with all deeper levels solved. `region.rs` defines
//! the searched region and the units of length and value.

mod answered;
mod answers;
mod branches;
mod column_cache;
mod confirmed;
mod found_minima;
mod isolated_ties;
mod jumps;
pub(crate) mod large;
mod lines;
mod minima;
mod multistart;
mod narrow;
mod nest;
mod objective_jumps;
pub(crate) mod obstacles;
mod poles;
mod reduced;
mod reduced_curve;
mod reduced_poles;
mod region;
mod search;
pub(crate) mod searched;
mod vicinity;

pub(crate) mod follower;
pub(crate) mod newton;

pub use branches::{AnswerJump, BranchSegment, Branches, branches};
pub use column_cache::ColumnCache;
pub use follower::{Stationary, StationaryKind, StationaryPoints};
pub use found_minima::{SearchedMinima, find_minima, with_found_minima};
pub use jumps::Jump;
pub use minima::FoundMinimum;
pub(crate) use reduced_curve::reduced_curve_of;
pub use reduced_curve::{ReducedCurve, reduced_curve};
pub(crate) use region::{Region, span};
pub(crate) use search::search;
pub(crate) use vicinity::{Around, Low, Vicinity};

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use answered::Answered;
use nest::Nest;

use crate::nested::{ChainOrder, Exact};
use crate::numerics::{Levels, Point, WorkToken, richardson};
use crate::problem::{Counts, LowerSolution, Oracle, Problem};

/// Radius of a minimum's neighborhood, as a share of the width.
pub(crate) const NEAR: f64 = 1.0 / 200.0;
/// Minima whose values differ by less than this share of the span of φ are equally deep.
pub(crate) const EQUALLY_DEEP: f64 = 1e-7;
/// Eigenvalues below this share of the largest count as zero.
const SINGULAR: f64 = 1e-10;
/// Lower levels whose Newton steps are shorter than this, in widths, are solved.
const STILL: f64 = 1e-10;
/// A given point replaces the minimum found if it is lower by more than this share of the span.
const MISSED: f64 = 1e-9;
/// Blocks closer than this, in widths, are the same.
const SAME: f64 = 1e-6;

/// Feasibility and reduced objective of a point, computed independently of the method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessment {
    /// The value gap of the innermost level.
    pub gap: f64,
    /// The reduced objective φ(x).
    pub reduced: f64,
    /// The largest gap of all followers, as a share of the span of that level's objective.
    pub share: f64,
    /// The level of that largest gap.
    pub level: usize,
}

/// Value gap of a follower, given the blocks above it and with all deeper levels solved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The follower's level.
    pub level: usize,
    /// `F_k` − min over `x_k` of `F_k`, never below zero.
    pub value: f64,
    /// Span of the level's objective over its region.
    pub span: f64,
}

impl Gap {
    /// The gap as a share of the span; 0 for a constant objective.
    pub fn share(&self) -> f64 {
        if self.span > 0.0 {
            self.value / self.span
        } else {
            0.0
        }
    }
}

/// Reference solver of a problem: lower-level solutions, value gaps and the reduced objective, independent of any
/// method.
///
/// ```
/// use bilevel::prelude::*;
///
/// let problem = problem::find("valleys").unwrap().instance();
/// let token = WorkToken::default();
/// let referee = Referee::new(&*problem, &token);
/// // g = (y − x)² / 2, so the follower answers y* = x
/// let at = Point::from_blocks(&[vec![1.0], vec![3.0]]);
/// assert_eq!(referee.answered(&at).unwrap().values(), [1.0, 1.0]);
/// assert_eq!(referee.gap(&at), Some(2.0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Referee<'a> {
    problem: &'a dyn Problem,
    token: &'a WorkToken,
    /// True if closed forms are ignored.
    ignores_closed_forms: bool,
}

impl<'a> Referee<'a> {
    /// Creates a referee for a problem; its work ends soon after the token is cancelled.
    pub fn new(problem: &'a dyn Problem, token: &'a WorkToken) -> Self {
        Self {
            problem,
            token,
            ignores_closed_forms: false,
        }
    }

    /// The same referee without closed forms: it relies on its own solves alone, to check closed forms against.
    #[must_use]
    pub fn without_closed_forms(mut self) -> Self {
        self.ignores_closed_forms = true;
        self
    }

    fn region(&self) -> Region {
        searched::region(self.problem, self.token)
    }

    fn nest(&self) -> Nest<'a> {
        Nest::new(
            self.problem,
            self.region(),
            !self.ignores_closed_forms,
            self.token,
        )
    }

    /// The lowest level's solution for the upper blocks of `at`; `None` if the search finds no finite minimum.
    ///
    /// The search covers the box, or without one the problem's picture and far beyond it, so the result depends on the
    /// upper blocks alone. The lower block of `at` is used only if its value is lower than that of every minimum found.
    pub fn lower(&self, at: &Point) -> Option<LowerSolution> {
        let nest = self.nest();
        let level = at.shape().levels();
        let mut point = at.clone();
        let found = self.innermost((&nest, None), at, &mut point)?;
        Some(LowerSolution {
            argmin: point[level].to_vec(),
            value: found.value,
            is_unique: found.is_unique,
        })
    }

    /// Solves the innermost level in place. If `at` is lower than the minimum found, descends from `at` instead.
    fn innermost(
        &self,
        searches: (&Nest<'_>, Option<&ColumnCache>),
        at: &Point,
        point: &mut Point,
    ) -> Option<Answered> {
        let level = at.shape().levels();
        let found = Self::searched(searches, level, point)?;
        let own = self.problem.value(level, at, self.token);
        let rounding = 16.0 * f64::EPSILON * (own.abs() + found.value.abs());
        if own >= found.value - rounding - 1e-12 * found.spread || self.knows(level) {
            return Some(found);
        }
        let mut lower = at.clone();
        let region = self.region();
        let descent =
            newton::NewtonDescent::new(self.problem, &region, (level, found.spread), self.token);
        descent.from(&mut lower);
        let value = self.problem.value(level, &lower, self.token).min(own);
        point.copy_from(&lower);
        Some(Answered {
            value,
            is_unique: true,
            ..found
        })
    }

    /// Solves the levels from `level` on in place, independently of earlier searches; those below the leader are kept.
    fn searched(
        (nest, memory): (&Nest<'_>, Option<&ColumnCache>),
        level: usize,
        point: &mut Point,
    ) -> Option<Answered> {
        nest.forget();
        match memory {
            // a large level is solved from its present block
            Some(memory) if level == 2 && !large::is_large(point) => {
                memory.answer(point, |point| nest.answer(level, point))
            }
            _ => nest.answer(level, point),
        }
    }

    /// The local minimum of the innermost objective that a descent from `at` reaches, with the rounding of the objective
    /// there; `None` if it reaches none or the level is too large for Newton's method.
    pub(crate) fn valley(&self, at: &Point, spread: f64) -> Option<(Point, f64)> {
        let level = at.shape().levels();
        if large::is_large(at) {
            return None;
        }
        let region = self.region();
        let mut point = at.clone();
        let descent =
            newton::NewtonDescent::new(self.problem, &region, (level, spread), self.token);
        if descent.from(&mut point) != newton::NewtonOutcome::Minimum {
            return None;
        }
        let noise = self.noise(level, &point);
        Some((point, noise))
    }

    /// The rounding of a level's objective around one of its stationary points: its changes over a few units in the last place.
    fn noise(&self, level: usize, at: &Point) -> f64 {
        let value = self.problem.value(level, at, self.token);
        let changes = [-4.0, -1.0, 1.0, 4.0].map(|units| {
            let mut beside = at.clone();
            for one in &mut beside[level] {
                *one *= 1.0 + units * f64::EPSILON;
            }
            (self.problem.value(level, &beside, self.token) - value).abs()
        });
        changes.into_iter().fold(0.0, f64::max)
    }

    /// True if the level's solution has a closed form that the referee may use.
    fn knows(&self, level: usize) -> bool {
        let start = &self.problem.metadata().start;
        !self.ignores_closed_forms
            && level == start.shape().levels()
            && self.problem.known_reaction(start).is_some()
    }

    /// The value gap q = g(x, y) − min over y of g(x, ·) of the innermost level, never below zero.
    pub fn gap(&self, at: &Point) -> Option<f64> {
        let level = at.shape().levels();
        let value = self.problem.value(level, at, self.token);
        let gap = value - self.lower(at)?.value;
        (!gap.is_nan()).then_some(gap.max(0.0))
    }

    /// Returns the gaps of levels 2 to n, in this order, and the point with all lower levels solved; a level keeps its
    /// given block if that is better than the minimum found. `None` if a level has no finite minimum.
    fn judge(
        &self,
        searches: (&Nest<'_>, Option<&ColumnCache>),
        at: &Point,
    ) -> Option<(Vec<Gap>, Point)> {
        let levels = at.shape().levels();
        let mut gaps = Vec::with_capacity(levels - 1);
        // levels k + 1 to n solved for the point's own blocks
        let mut beneath = at.clone();
        let mut answered = at.clone();
        for level in (2..=levels).rev() {
            let value = self.problem.value(level, &beneath, self.token);
            answered.copy_from(at);
            let found = if level == levels {
                self.innermost(searches, at, &mut answered)?
            } else {
                Self::searched(searches, level, &mut answered)?
            };
            let gap = value - found.value;
            if gap.is_nan() {
                return None;
            }
            let slack =
                64.0 * f64::EPSILON * (value.abs() + found.value.abs()) + MISSED * found.spread;
            // the search has missed a solution that is better than its own, here or deeper
            let is_missed = level < levels
                && (gap < -slack
                    || gap <= slack && self.is_better_beneath(level, [&beneath, &answered], &gaps));
            if is_missed {
                answered.copy_from(&beneath);
            }
            gaps.push(Gap {
                level,
                value: gap.max(0.0),
                span: found.spread.max(gap),
            });
            beneath.copy_from(&answered);
        }
        gaps.reverse();
        Some((gaps, answered))
    }

    /// True if two points have the same block of a level, and the first has a better block of the next level at which
    /// they differ; `gaps` has the deeper levels from the innermost up.
    fn is_better_beneath(&self, level: usize, [own, found]: [&Point; 2], gaps: &[Gap]) -> bool {
        let region = self.region();
        let is_same = |level: usize| region.distance(level, &own[level], &found[level]) <= SAME;
        if !is_same(level) {
            return false;
        }
        let mut moved = own.clone();
        for above in 1..=level {
            moved[above].copy_from_slice(&found[above]);
        }
        let deeper = gaps.iter().rev();
        let differing = deeper.into_iter().find(|gap| !is_same(gap.level));
        differing.is_some_and(|gap| {
            let [own, found] =
                [&moved, found].map(|point| self.problem.value(gap.level, point, self.token));
            let rounding = 64.0 * f64::EPSILON * (own.abs() + found.abs());
            own < found - rounding - MISSED * gap.span
        })
    }

    /// Assesses a point: gaps and reduced objective; `None` if a lower level has no finite solution.
    pub fn assess(&self, at: &Point) -> Option<Assessment> {
        self.assess_answered(at).map(|(found, ..)| found)
    }

    /// Like [`Referee::assess`], and also returns the gaps of all followers and the point with all lower levels solved.
    pub fn assess_answered(&self, at: &Point) -> Option<(Assessment, Vec<Gap>, Point)> {
        self.assess_with(at, None)
    }

    /// [`Referee::assess_answered`] with a cache, which changes no result.
    pub(crate) fn assess_with(
        &self,
        at: &Point,
        memory: Option<&ColumnCache>,
    ) -> Option<(Assessment, Vec<Gap>, Point)> {
        let nest = self.nest().following_if_nested();
        let (gaps, answered) = self.judge((&nest, memory), at)?;
        let (found, gaps) = self.assessed(gaps, &answered)?;
        Some((found, gaps, answered))
    }

    fn assessed(&self, gaps: Vec<Gap>, answered: &Point) -> Option<(Assessment, Vec<Gap>)> {
        let worst = gaps.iter().max_by(|a, b| a.share().total_cmp(&b.share()))?;
        let found = Assessment {
            gap: gaps.last()?.value,
            reduced: self.problem.value(1, answered, self.token),
            share: worst.share(),
            level: worst.level,
        };
        Some((found, gaps))
    }

    /// The point with all lower levels solved for the leader's block of `at`.
    pub fn answered(&self, at: &Point) -> Option<Point> {
        self.answered_below(1, at)
    }

    /// The point with all levels below `level` solved for the blocks of `at` from the first to that level; `None` if
    /// one of them has no finite solution.
    pub fn answered_below(&self, level: usize, at: &Point) -> Option<Point> {
        if level == at.shape().levels() {
            return Some(at.clone());
        }
        let mut answered = at.clone();
        self.nest().answer(level + 1, &mut answered)?;
        Some(answered)
    }

    /// The reduced objective φ(x) = f(x, y*(x)).
    pub fn reduced(&self, at: &Point) -> Option<f64> {
        let answered = self.answered(at)?;
        Some(self.problem.value(1, &answered, self.token))
    }

    /// The hypergradient dφ/dx, by the implicit function theorem over the variables that no bound holds. Extrapolated
    /// differences replace it if the solutions have a closed form and either the lower Hessian of a two-level problem
    /// is singular or a lower level of a deeper problem has over a hundred variables. `None` if neither gives a result.
    pub fn reduced_gradient(&self, at: &Point) -> Option<Vec<f64>> {
        self.gradient_at(&self.answered(at)?)
    }

    /// The hypergradient at a point with all lower levels solved.
    pub(crate) fn gradient_at(&self, answered: &Point) -> Option<Vec<f64>> {
        if answered.shape().levels() > 2 {
            // one closed form costs less than the Hessian of so wide a level
            if large::is_wide(answered) && self.problem.known_answers(answered).is_some() {
                return self.differences(answered);
            }
            return self.nested_gradient(answered);
        }
        self.implicit_gradient(answered).or_else(|| {
            self.problem.known_reaction(answered)?;
            self.differences(answered)
        })
    }

    /// The hypergradient by extrapolated differences of φ.
    fn differences(&self, answered: &Point) -> Option<Vec<f64>> {
        let step = 1e-4 * self.region().widths(1).fold(0.0, f64::max);
        richardson(&answered[1], step, |x| {
            let mut moved = answered.clone();
            moved[1].copy_from_slice(x);
            self.reduced(&moved).unwrap_or(f64::NAN)
        })
    }

    fn nested_gradient(&self, answered: &Point) -> Option<Vec<f64>> {
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let region = self.region();
        let mut point = answered.clone();
        let levels = 1..=answered.shape().levels();
        let widths: Vec<f64> = levels.flat_map(|level| region.widths(level)).collect();
        let mut exact = Exact::new(answered.shape(), 0.0);
        if !exact.is_solved(&mut oracle, &point, (&widths, STILL)) {
            exact.solve(&mut oracle, &mut point).ok()?;
            if region.distance_from(2, &point, answered) > 1e-5 {
                return None;
            }
        }
        let mut gradient = Point::zeros(answered.shape());
        oracle.grad(1, &point, Levels::ALL, &mut gradient);
        exact
            .hypergradient(&mut oracle, &point, ChainOrder::Reverse, &mut gradient)
            .ok()?;
        (!self.token.is_cancelled()).then(|| gradient[1].to_vec())
    }

    fn implicit_gradient(&self, answered: &Point) -> Option<Vec<f64>> {
        let mut gradient = Point::zeros(answered.shape());
        self.problem
            .grad(1, answered, Levels::ALL, &mut gradient, self.token);
        if large::is_large(answered) {
            let adjoint = large::adjoint(self.problem, answered, &gradient[2], self.token)?;
            return Some(self.responded(answered, &gradient, &adjoint));
        }
        let free = newton::free_variables(self.problem, answered, self.token);
        let hessian = newton::hessian(self.problem, 2, answered, self.token)
            .select_rows(&free)
            .select_columns(&free);
        // scaled by the region's widths, so that the test for singularity does not depend on units
        let widths: Vec<f64> = self.region().widths(2).collect();
        let scaled = DMatrix::from_fn(free.len(), free.len(), |row, column| {
            hessian[(row, column)] * widths[free[row]] * widths[free[column]]
        });
        let right = free.iter().map(|&i| gradient[2][i] * widths[i]);
        let right = DVector::from_iterator(free.len(), right);
        let solution = solve_definite(&scaled, &right)?;
        let mut adjoint = vec![0.0; answered[2].len()];
        for (&i, value) in free.iter().zip(solution.iter()) {
            adjoint[i] = *value * widths[i];
        }
        Some(self.responded(answered, &gradient, &adjoint))
    }

    /// The hypergradient from the gradient of f and the adjoint solution.
    fn responded(&self, answered: &Point, gradient: &Point, adjoint: &[f64]) -> Vec<f64> {
        let mut mixed = vec![0.0; answered[1].len()];
        self.problem
            .product(2, answered, [1, 2], adjoint, &mut mixed, self.token);
        let pairs = gradient[1].iter().zip(&mixed);
        pairs.map(|(direct, response)| direct - response).collect()
    }
}

/// A referee for many points of one problem, which follows known stationary points to nearby x.
///
/// Its results depend neither on the order of requests nor on the thread; see [`ColumnCache`].
#[derive(Debug)]
pub struct Bench<'a> {
    referee: Referee<'a>,
    nest: Nest<'a>,
    floors: &'a [f64],
}

impl<'a> Bench<'a> {
    /// Creates a bench that shares a cache with others.
    pub fn new(
        problem: &'a dyn Problem,
        memory: &'a Arc<ColumnCache>,
        token: &'a WorkToken,
    ) -> Self {
        let referee = Referee::new(problem, token);
        Self {
            referee,
            nest: referee.nest().sharing(memory).following_if_nested(),
            floors: memory.floors(problem, &searched::region(problem, token), token),
        }
    }

    /// Assesses a point: gaps and reduced objective; `None` if a lower level has no finite solution.
    pub fn assess(&self, at: &Point) -> Option<(Assessment, Vec<Gap>)> {
        let (mut gaps, answered) = self.referee.judge((&self.nest, None), at)?;
        for (gap, floor) in gaps.iter_mut().zip(self.floors) {
            gap.span = gap.span.max(*floor);
        }
        self.referee.assessed(gaps, &answered)
    }
}

/// Solves with a positive definite matrix; `None` if it is singular or indefinite.
fn solve_definite(matrix: &DMatrix<f64>, right: &DVector<f64>) -> Option<DVector<f64>> {
    if right.is_empty() {
        return Some(right.clone());
    }
    let eigenvalues = matrix.symmetric_eigenvalues();
    if eigenvalues.min() <= SINGULAR * eigenvalues.amax() {
        return None;
    }
    Some(matrix.clone().cholesky()?.solve(right))
}

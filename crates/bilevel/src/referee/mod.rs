//! The independent referee: the lower level's true answer, the value gap, the reduced objective and its gradient.
//!
//! Methods never use it, and its work is never counted or timed. It takes closed forms where a problem knows them and
//! tight solves of its own elsewhere. For three levels and more these solves are those of [`crate::nested`], from the
//! problem's own start and not from where a method is; `crates/bilevel/tests/it/nested.rs` checks them against other ways.

mod answers;
mod branches;
mod informed;
mod jumps;
mod large;
mod minima;
mod search;
mod valleys;

pub(crate) mod follower;
pub(crate) mod newton;

pub use branches::{Branches, Leap, Stretch, branches};
pub use follower::{Column, Kind, Stationary};
pub use informed::informed;
pub use jumps::Jump;
pub use minima::Found;
pub use valleys::{Valleys, valleys};

use nalgebra::{DMatrix, DVector};

use crate::nested::{Exact, Sweep};
use crate::numerics::{Levels, Point, WorkToken, richardson};
use crate::problem::{Counts, LowerSolution, Oracle, Problem};

/// The slope at which a level of three or more counts as answered.
const TOLERANCE: f64 = 1e-13;
/// Curvature below this share of the largest counts as none.
const SINGULAR: f64 = 1e-10;

/// How a point stands, whatever the method says that left it there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessment {
    /// The value gap q.
    pub gap: f64,
    /// The reduced objective φ(x).
    pub reduced: f64,
}

/// What is true of a problem, whatever a method believes.
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
    /// Whether to solve even where a closed form is known.
    ignores_closed_forms: bool,
}

impl<'a> Referee<'a> {
    /// A referee for a problem, whose work ends soon once the token is cancelled.
    pub fn new(problem: &'a dyn Problem, token: &'a WorkToken) -> Self {
        Self {
            problem,
            token,
            ignores_closed_forms: false,
        }
    }

    /// The same referee with nothing but its own solves, to check closed forms against.
    #[must_use]
    pub fn without_closed_forms(mut self) -> Self {
        self.ignores_closed_forms = true;
        self
    }

    /// The lowest level's solution for the upper blocks of `at`; `None` where the search found no finite minimum.
    ///
    /// The search starts from the lower block of `at`, from the problem's own start and from points spread over the box,
    /// so its answer depends on `at` alone and not on what was asked before.
    pub fn lower(&self, at: &Point) -> Option<LowerSolution> {
        if !self.ignores_closed_forms
            && let Some(known) = self.problem.known_reaction(at)
        {
            return Some(known);
        }
        if large::is_large(at) {
            return large::minimise(self.problem, at, self.token);
        }
        newton::minimise(self.problem, at, self.token)
    }

    /// The value gap q = g(x, y) − min over y of g(x, ·) of the innermost level, never below zero.
    pub fn gap(&self, at: &Point) -> Option<f64> {
        self.assess(at).map(|found| found.gap)
    }

    /// The value gap and the reduced objective, from one solve of the lower level; `None` where it has no finite answer.
    pub fn assess(&self, at: &Point) -> Option<Assessment> {
        self.assess_answered(at).map(|(found, _)| found)
    }

    /// The same, with the point at which all lower levels have answered.
    pub fn assess_answered(&self, at: &Point) -> Option<(Assessment, Point)> {
        let level = at.shape().levels();
        let value = self.problem.value(level, at, self.token);
        let lower = self.lower(at)?;
        let gap = value - lower.value;
        if gap.is_nan() {
            return None;
        }
        let answered = if level == 2 {
            with_last_block(at, &lower.argmin)
        } else {
            self.answered(at)?
        };
        let found = Assessment {
            gap: gap.max(0.0),
            reduced: self.problem.value(1, &answered, self.token),
        };
        Some((found, answered))
    }

    /// The point at which all lower levels have answered to the leader's block of `at`.
    pub fn answered(&self, at: &Point) -> Option<Point> {
        if at.shape().levels() == 2 {
            return Some(with_last_block(at, &self.lower(at)?.argmin));
        }
        if !self.ignores_closed_forms
            && let Some(known) = self.problem.known_answers(at)
        {
            return Some(known);
        }
        self.solved(at).map(|(answered, _)| answered)
    }

    /// The point at which all levels below `level` have answered to the blocks of `at` from the first to that level; `None`
    /// where one of them has no finite answer. Below a level other than the first, the search starts from the blocks of `at`.
    pub fn answered_below(&self, level: usize, at: &Point) -> Option<Point> {
        let levels = at.shape().levels();
        if level == 1 {
            return self.answered(at);
        }
        if level == levels {
            return Some(at.clone());
        }
        if level + 1 == levels
            && let Some(known) = self.problem.known_reaction(at)
        {
            return Some(with_last_block(at, &known.argmin));
        }
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let mut answered = at.clone();
        Exact::new(at.shape(), TOLERANCE)
            .solve_from(level + 1, &mut oracle, &mut answered)
            .ok()?;
        (!self.token.is_cancelled()).then_some(answered)
    }

    /// All answers by nested solves from the problem's own start, with the solver that found them.
    fn solved(&self, at: &Point) -> Option<(Point, Exact)> {
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let mut exact = Exact::new(at.shape(), TOLERANCE);
        let mut answered = self.problem.facts().start.clone();
        answered[1].copy_from_slice(&at[1]);
        exact.solve(&mut oracle, &mut answered).ok()?;
        (!self.token.is_cancelled()).then_some((answered, exact))
    }

    /// The reduced objective φ(x) = f(x, y*(x)).
    pub fn reduced(&self, at: &Point) -> Option<f64> {
        let answered = self.answered(at)?;
        Some(self.problem.value(1, &answered, self.token))
    }

    /// The hypergradient dφ/dx, by the implicit function theorem over the variables that no bound holds; for two levels, where the
    /// lower Hessian is singular, by extrapolated differences if the reaction has a closed form, else `None`.
    pub fn reduced_gradient(&self, at: &Point) -> Option<Vec<f64>> {
        if at.shape().levels() > 2 {
            return self.nested_gradient(at);
        }
        let answered = self.answered(at)?;
        self.implicit_gradient(&answered).or_else(|| {
            self.problem.known_reaction(at)?;
            richardson(&answered[1], 1e-3, |x| {
                let mut moved = answered.clone();
                moved[1].copy_from_slice(x);
                self.reduced(&moved).unwrap_or(f64::NAN)
            })
        })
    }

    fn nested_gradient(&self, at: &Point) -> Option<Vec<f64>> {
        let (answered, mut exact) = self.solved(at)?;
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let mut gradient = Point::zeros(at.shape());
        oracle.grad(1, &answered, Levels::ALL, &mut gradient);
        exact
            .hypergradient(&mut oracle, &answered, Sweep::Reverse, &mut gradient)
            .ok()?;
        Some(gradient[1].to_vec())
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
        let right = DVector::from_iterator(free.len(), free.iter().map(|&i| gradient[2][i]));
        let solution = solve_definite(&hessian, &right)?;
        let mut adjoint = vec![0.0; answered[2].len()];
        for (&i, value) in free.iter().zip(solution.iter()) {
            adjoint[i] = *value;
        }
        Some(self.responded(answered, &gradient, &adjoint))
    }

    /// The hypergradient from the gradient of f and the adjoint.
    fn responded(&self, answered: &Point, gradient: &Point, adjoint: &[f64]) -> Vec<f64> {
        let mut mixed = vec![0.0; answered[1].len()];
        self.problem
            .product(2, answered, [1, 2], adjoint, &mut mixed, self.token);
        let pairs = gradient[1].iter().zip(&mixed);
        pairs.map(|(direct, response)| direct - response).collect()
    }
}

fn with_last_block(at: &Point, block: &[f64]) -> Point {
    let mut changed = at.clone();
    changed[at.shape().levels()].copy_from_slice(block);
    changed
}

/// Solves with a positive definite matrix; `None` where it is singular or indefinite.
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

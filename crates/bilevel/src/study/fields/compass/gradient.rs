//! The hypergradient at a point, with a check that it exists there.

use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Coordinate, Problem};
use crate::referee::Referee;

/// The distance of the points that a gradient is compared with, as a share of a variable's range, and the factor by which
/// it shrinks in a second comparison.
const STEP: f64 = 1e-6;
const SHRINK: f64 = 0.01;
/// Gradients that differ by more than this share may belong to different sides of a kink.
const UNLIKE: f64 = 1e-4;
/// A difference that keeps more than this share over a shrunk step is a kink or a jump.
const KEPT: f64 = 0.5;
/// Differences below this share of the size of f's gradient, or of φ, are rounding.
const ROUNDING: f64 = 1e-10;

/// The reduced objective at a point, with its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueDirection {
    /// The point with all lower levels solved.
    pub answered: Point,
    /// The reduced objective.
    pub value: f64,
    /// ∇φ; `None` at a jump or a kink of φ, and where the lower Hessian is singular.
    pub gradient: Option<Vec<f64>>,
}

/// The reduced objective and its gradient at the leader's block of a point. `None` if the lower levels have no solution, or
/// once the token is cancelled.
///
/// The gradient is that of the [`Referee`]. It is dropped if beside the point, within a millionth of the leader's ranges,
/// φ or the gradient itself has another value that comes no closer when the step shrinks.
///
/// ```
/// use bilevel::prelude::*;
/// use bilevel::study::true_direction;
///
/// // φ(v) = 10 |v| has a kink at 0
/// let problem = problem::find("minimax").unwrap().instance();
/// let token = WorkToken::default();
/// let gradient = |v: f64| {
///     let at = Point::from_blocks(&[vec![v], vec![0.0]]);
///     true_direction(&*problem, &at, &token).unwrap().gradient
/// };
/// assert_eq!(gradient(2.0), Some(vec![10.0]));
/// assert_eq!(gradient(0.0), None);
/// ```
pub fn true_direction(
    problem: &dyn Problem,
    at: &Point,
    token: &WorkToken,
) -> Option<TrueDirection> {
    let referee = Referee::new(problem, token);
    let (answered, value) = solved(problem, referee, at, token)?;
    let gradient = referee.gradient_at(&answered);
    let gradient = gradient.filter(|gradient| gradient.iter().all(|one| one.is_finite()));
    let is_smooth = |gradient: &Vec<f64>| {
        let here = Side { value, gradient };
        (0..answered[1].len()).all(|index| {
            [1.0, -1.0]
                .into_iter()
                .all(|sign| is_smooth(problem, referee, (&answered, &here), (index, sign), token))
        })
    };
    let gradient = gradient.filter(is_smooth);
    (!token.is_cancelled()).then_some(TrueDirection {
        answered,
        value,
        gradient,
    })
}

struct Side<'a> {
    value: f64,
    gradient: &'a [f64],
}

fn solved(
    problem: &dyn Problem,
    referee: Referee<'_>,
    at: &Point,
    token: &WorkToken,
) -> Option<(Point, f64)> {
    let answered = referee.answered(at)?;
    let value = problem.value(1, &answered, token);
    value.is_finite().then_some((answered, value))
}

/// True if φ and its gradient continue in a direction along an axis; a direction that leaves the box counts.
fn is_smooth(
    problem: &dyn Problem,
    referee: Referee<'_>,
    (answered, here): (&Point, &Side<'_>),
    (index, sign): (usize, f64),
    token: &WorkToken,
) -> bool {
    let metadata = problem.metadata();
    let [low, high] = metadata.range(Coordinate { level: 1, index });
    let [least, most] = metadata.bounds.limits(1)[index];
    let step = sign * STEP * (high - low);
    let mut of_f = Point::zeros(answered.shape());
    problem.grad(1, answered, Levels::ALL, &mut of_f, token);
    let scale = norm(of_f.values());
    // differences of φ and of its gradient to a point beside
    let beside = |step: f64| {
        let mut there = answered.clone();
        there[1][index] += step;
        let (answered, value) = solved(problem, referee, &there, token)?;
        let gradient = referee.gradient_at(&answered)?;
        let pairs = gradient.iter().zip(here.gradient);
        let apart: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
        let size = norm(&gradient) + norm(here.gradient);
        Some(([value - here.value, norm(&apart)], size))
    };
    let there = answered[1][index] + step;
    if there < least || there > most {
        return true;
    }
    let Some((far, size)) = beside(step) else {
        return false;
    };
    let expected = size * step.abs();
    let floors = [
        expected + ROUNDING * here.value.abs(),
        UNLIKE * size + ROUNDING * scale,
    ];
    let is_suspicious = [0, 1].map(|part| far[part].abs() > floors[part]);
    if is_suspicious == [false; 2] {
        return true;
    }
    let Some((near, _)) = beside(SHRINK * step) else {
        return false;
    };
    (0..2).all(|part| !is_suspicious[part] || near[part].abs() <= KEPT * far[part].abs())
}

pub(super) fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|one| one * one).sum::<f64>().sqrt()
}

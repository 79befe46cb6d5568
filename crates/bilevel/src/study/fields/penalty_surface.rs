//! The surface of the leader's objective with a penalty on the follower's value gap, for one variable each.
//!
//! ```text
//! P_γ(x, y) = f(x, y) + γ q(x, y),   q = g(x, y) − g*(x),   g*(x) = min over y of g(x, ·)
//! ∇ₓ P_γ   = ∇ₓ f + γ (∇ₓ g(x, y) − ∇ₓ g(x, y*(x)))
//! ```
//!
//! The second line is Danskin's theorem: where the minimizer y*(x) is unique, the slope of g* is ∇ₓ g at it. As γ
//! grows, the minimizer of f + γ q moves from that of f to a bilevel solution, and the surface becomes as steep as γ g.

use super::landscape::{Grid, sample};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Coordinate, Metadata, Problem};
use crate::referee::Referee;

const X: Coordinate = Coordinate { level: 1, index: 0 };

/// The range of penalties γ.
pub const PENALTIES: [f64; 2] = [1e-2, 1e4];
/// Path samples per decade of the penalty.
const PER_DECADE: usize = 10;
/// The most Newton steps for a sample.
const STEPS: usize = 200;
/// The longest step, so that the path follows one minimizer and does not jump to a better one.
const REACH: f64 = 0.25;
/// A slope below this share of 1 + γ counts as zero.
const FLAT: f64 = 1e-11;
/// A minimizer with a slope above this share of 1 + γ is at a kink.
const KINK: f64 = 1e-4;
/// The largest magnitude of a coordinate of a minimizer.
const FARTHEST: f64 = 1e4;

/// True if the problem has exactly one leader's and one follower's variable.
pub fn is_plane(metadata: &Metadata) -> bool {
    let shape = metadata.shape();
    shape.levels() == 2 && shape.total() == 2
}

/// f and q over the plane, sampled once for every penalty.
#[derive(Clone, Debug, PartialEq)]
pub struct PenaltySurface {
    /// f.
    pub leader: Grid,
    /// q; NaN if the follower has no finite solution.
    pub gap: Grid,
}

impl PenaltySurface {
    /// Samples both, with one lower-level solution for each value of the leader's variable.
    pub fn sample(
        problem: &dyn Problem,
        axes: [Coordinate; 2],
        range: [[f64; 2]; 2],
        resolution: usize,
        token: &WorkToken,
    ) -> Self {
        let base = &problem.metadata().start;
        let over = |level| sample(problem, level, axes, base, range, [resolution; 2], token);
        let (leader, mut gap) = (over(1), over(2));
        let referee = Referee::new(problem, token);
        let is_across = axes[0] == X;
        let places = if is_across { gap.columns } else { gap.rows() };
        let best: Vec<f64> = (0..places)
            .map(|place| {
                let at = if is_across {
                    gap.position(place, 0)[0]
                } else {
                    gap.position(0, place)[1]
                };
                let lower = referee.lower(&point([at, base[2][0]]));
                lower.map_or(f64::NAN, |lower| lower.value)
            })
            .collect();
        let columns = gap.columns;
        for (number, value) in gap.values.iter_mut().enumerate() {
            let place = if is_across {
                number % columns
            } else {
                number / columns
            };
            let gap = *value - best[place];
            // negative values are rounding errors
            *value = if gap < 0.0 { 0.0 } else { gap };
        }
        Self { leader, gap }
    }

    /// f + γ q.
    pub fn penalised(&self, gamma: f64) -> Grid {
        let pairs = self.leader.values.iter().zip(&self.gap.values);
        Grid {
            values: pairs.map(|(f, q)| gamma.mul_add(*q, *f)).collect(),
            ..self.leader.clone()
        }
    }
}

/// A minimizer of f + γ q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathSample {
    /// γ.
    pub gamma: f64,
    /// The leader's variable and the follower's.
    pub at: [f64; 2],
    /// The largest eigenvalue of the Hessian there, over the variables that are not at a bound; infinite at a kink.
    pub steepest: f64,
}

impl PathSample {
    /// The interpolated sample at a penalty, from samples with increasing γ; beyond their ends the first or the last.
    pub fn between(path_samples: &[Self], gamma: f64) -> Option<Self> {
        let after = path_samples.partition_point(|sample| sample.gamma < gamma);
        let Some(right) = path_samples.get(after) else {
            return path_samples.last().copied();
        };
        let Some(left) = after.checked_sub(1).map(|before| path_samples[before]) else {
            return Some(*right);
        };
        let share = (gamma / left.gamma).ln() / (right.gamma / left.gamma).ln();
        let mix = |a: f64, b: f64| a + share * (b - a);
        let is_smooth = left.steepest.is_finite() && right.steepest.is_finite();
        Some(Self {
            gamma,
            at: [0, 1].map(|axis| mix(left.at[axis], right.at[axis])),
            steepest: if is_smooth {
                mix(left.steepest.ln(), right.steepest.ln()).exp()
            } else {
                f64::INFINITY
            },
        })
    }
}

/// The minimizers on the path that starts at a given point and is followed as the penalty grows.
///
/// A penalty without a reachable minimizer has no sample.
pub fn path_samples(problem: &dyn Problem, start: &Point, token: &WorkToken) -> Vec<PathSample> {
    let decades = (PENALTIES[1] / PENALTIES[0]).log10().round();
    let last = PER_DECADE * decades as usize;
    let mut at = [start[1][0], start[2][0]];
    let mut path_samples = Vec::new();
    for number in 0..=last {
        let gamma = PENALTIES[0] * 10.0_f64.powf(number as f64 / PER_DECADE as f64);
        let surface = PenaltyObjective {
            problem,
            referee: Referee::new(problem, token),
            gamma,
            token,
        };
        if let Some((found, steepest)) = surface.minimise(at) {
            at = found;
            path_samples.push(PathSample {
                gamma,
                at,
                steepest,
            });
        }
        if token.is_cancelled() {
            return Vec::new();
        }
    }
    path_samples
}

fn point([x, y]: [f64; 2]) -> Point {
    Point::from_blocks(&[vec![x], vec![y]])
}

/// The objective f + γ q with its derivatives.
struct PenaltyObjective<'a> {
    problem: &'a dyn Problem,
    referee: Referee<'a>,
    gamma: f64,
    token: &'a WorkToken,
}

impl PenaltyObjective<'_> {
    fn value(&self, at: [f64; 2]) -> f64 {
        let at = point(at);
        let value = |level| self.problem.value(level, &at, self.token);
        let best = self.referee.lower(&at).map_or(f64::NAN, |it| it.value);
        value(1) + self.gamma * (value(2) - best)
    }

    fn gradient_of(&self, level: usize, at: &Point) -> [f64; 2] {
        let mut gradient = Point::zeros(at.shape());
        self.problem
            .grad(level, at, Levels::ALL, &mut gradient, self.token);
        [gradient[1][0], gradient[2][0]]
    }

    /// The derivative of g*.
    fn best_slope(&self, x: f64, y: f64) -> Option<f64> {
        let lower = self.referee.lower(&point([x, y]))?;
        Some(self.gradient_of(2, &point([x, lower.argmin[0]]))[0])
    }

    fn gradient(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let at = point([x, y]);
        let (f, g) = (self.gradient_of(1, &at), self.gradient_of(2, &at));
        let slope = self.best_slope(x, y)?;
        Some([f[0] + self.gamma * (g[0] - slope), f[1] + self.gamma * g[1]])
    }

    fn second(&self, level: usize, at: &Point, wrt_along: [usize; 2]) -> f64 {
        let mut out = [0.0];
        self.problem
            .product(level, at, wrt_along, &[1.0], &mut out, self.token);
        out[0]
    }

    /// The second derivatives xx, xy and yy. That of g* is a central difference of its derivative.
    fn hessian(&self, [x, y]: [f64; 2]) -> Option<[f64; 3]> {
        let at = point([x, y]);
        let step = 1e-5 * (1.0 + x.abs());
        let [before, after] = [x - step, x + step].map(|x| self.best_slope(x, y));
        let best = (after? - before?) / (2.0 * step);
        let both = |pair| self.second(1, &at, pair) + self.gamma * self.second(2, &at, pair);
        Some([both([1, 1]) - self.gamma * best, both([1, 2]), both([2, 2])])
    }

    /// True for each variable that is not held at a bound.
    fn free(&self, at: [f64; 2], gradient: [f64; 2]) -> [bool; 2] {
        [0, 1].map(|axis| {
            let [low, high] = self.problem.metadata().bounds.limits(axis + 1)[0];
            !(at[axis] <= low && gradient[axis] > 0.0 || at[axis] >= high && gradient[axis] < 0.0)
        })
    }

    fn projected(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| {
            let [low, high] = self.problem.metadata().bounds.limits(axis + 1)[0];
            at[axis].max(low).min(high)
        })
    }

    /// A minimizer by regularized Newton steps, and the largest curvature there; `None` if none is reached.
    fn minimise(&self, from: [f64; 2]) -> Option<([f64; 2], f64)> {
        let mut at = self.projected(from);
        let mut value = self.value(at);
        let mut damping = 1e-8;
        for _ in 0..STEPS {
            if !value.is_finite() || self.token.is_cancelled() {
                return None;
            }
            let gradient = self.gradient(at)?;
            let free = self.free(at, gradient);
            let slope = [0, 1].map(|axis| if free[axis] { gradient[axis] } else { 0.0 });
            let hessian = held(self.hessian(at)?, free);
            if slope[0].hypot(slope[1]) <= FLAT * (1.0 + self.gamma) {
                return self.accepted(at, slope, hessian);
            }
            let mut improved = None;
            while improved.is_none() && damping <= 1e16 {
                if let Some(step) = solved(hessian, damping, slope)
                    && step[0].hypot(step[1]) <= REACH
                {
                    let trial = self.projected([at[0] - step[0], at[1] - step[1]]);
                    let next = self.value(trial);
                    if next < value || next <= value && step[0].hypot(step[1]) < 1e-7 {
                        improved = Some((trial, next));
                    }
                }
                if improved.is_none() {
                    damping = (10.0 * damping).max(1e-8 * (1.0 + self.gamma));
                }
            }
            // no step decreases the value beyond rounding
            let Some((trial, next)) = improved else {
                return self.accepted(at, slope, hessian);
            };
            if trial == at {
                return self.accepted(at, slope, hessian);
            }
            (at, value) = (trial, next);
            damping = (0.01 * damping).max(1e-14);
            if at.iter().any(|value| value.abs() > FARTHEST) {
                return None;
            }
        }
        // not converged
        None
    }

    /// Accepts a point that no step improves. If the surface still has a slope there, it has a kink, because y*(x)
    /// jumps.
    fn accepted(
        &self,
        at: [f64; 2],
        slope: [f64; 2],
        hessian: [f64; 3],
    ) -> Option<([f64; 2], f64)> {
        if slope[0].hypot(slope[1]) > KINK * (1.0 + self.gamma) {
            return Some((at, f64::INFINITY));
        }
        let [_, steepest] = eigenvalues(hessian);
        (steepest > 0.0 && steepest.is_finite()).then_some((at, steepest))
    }
}

/// The Hessian restricted to the free variables.
fn held([xx, xy, yy]: [f64; 3], [x, y]: [bool; 2]) -> [f64; 3] {
    let keep = |is_free: bool, value: f64| if is_free { value } else { 0.0 };
    [keep(x, xx), keep(x && y, xy), keep(y, yy)]
}

/// The eigenvalues of a symmetric 2 × 2 matrix, the smaller one first.
pub(crate) fn eigenvalues([xx, xy, yy]: [f64; 3]) -> [f64; 2] {
    let middle = 0.5 * (xx + yy);
    let radius = (0.5 * (xx - yy)).hypot(xy);
    [middle - radius, middle + radius]
}

/// Solves a damped linear system; `None` if its matrix is not positive definite.
fn solved([xx, xy, yy]: [f64; 3], damping: f64, right: [f64; 2]) -> Option<[f64; 2]> {
    let (xx, yy) = (xx + damping, yy + damping);
    let determinant = xx * yy - xy * xy;
    (xx > 0.0 && determinant > 0.0).then(|| {
        [
            (yy * right[0] - xy * right[1]) / determinant,
            (xx * right[1] - xy * right[0]) / determinant,
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};
    use std::sync::Arc;

    const Y: Coordinate = Coordinate { level: 2, index: 0 };

    fn problem(id: &str) -> Arc<dyn Problem> {
        let entry = problem::find(id).unwrap();
        (entry.build)(&Settings::new(entry.parameters))
    }

    #[test]
    fn path_samples_end_at_a_bilevel_solution() {
        for (id, start) in [("valleys", [1.2, 1.0]), ("pbgd", [2.4, 1.0])] {
            let problem = problem(id);
            let token = WorkToken::default();
            let path_samples = path_samples(&*problem, &point(start), &token);
            let last = path_samples.last().unwrap();
            assert!((last.gamma - 1e4).abs() < 1e-6, "{id}: {last:?}");
            let minima = problem.metadata().minima.iter();
            let away = minima.map(|minimum| minimum.distance(&point(last.at)));
            let away = away.fold(f64::INFINITY, f64::min);
            assert!(away < 1e-2, "{id}: {last:?} is {away} from every minimum");
            // conditioning of a penalty: the surface is as steep as γ g
            assert!(last.steepest > 1e3, "{id}: {last:?}");
            for pair in path_samples.windows(2) {
                assert!(pair[0].gamma < pair[1].gamma);
            }
        }
    }

    #[test]
    fn path_samples_of_the_valleys_end_at_the_optimum_from_nearby() {
        let problem = problem("valleys");
        let path_samples = path_samples(&*problem, &point([1.6, 1.6]), &WorkToken::default());
        let distance = problem
            .metadata()
            .distance(&point(path_samples.last().unwrap().at));
        assert!(distance.unwrap() < 1e-2);
    }

    #[test]
    fn every_bead_is_a_minimum_of_its_own_surface() {
        let problem = problem("valleys");
        let token = WorkToken::default();
        for sample in path_samples(&*problem, &problem.metadata().start, &token) {
            let surface = PenaltyObjective {
                problem: &*problem,
                referee: Referee::new(&*problem, &token),
                gamma: sample.gamma,
                token: &token,
            };
            let here = surface.value(sample.at);
            for [dx, dy] in [[1e-3, 0.0], [-1e-3, 0.0], [0.0, 1e-3], [0.0, -1e-3]] {
                let there = surface.projected([sample.at[0] + dx, sample.at[1] + dy]);
                assert!(surface.value(there) >= here - 1e-12, "{sample:?}");
            }
        }
    }

    #[test]
    fn a_minimiser_on_a_kink_has_no_curvature_that_a_step_could_suit() {
        // f + γ q = (1 − γ) v θ + 10 γ |v|: minimal at v = 0 for γ > 1
        let problem = problem("minimax");
        let path_samples = path_samples(&*problem, &point([4.0, 4.0]), &WorkToken::default());
        let last = path_samples.last().unwrap();
        assert!(
            last.at[0].abs() < 1e-6 && last.steepest == f64::INFINITY,
            "{last:?}"
        );
        let between = PathSample::between(&path_samples, 5e3).unwrap();
        assert!(between.at[0].abs() < 1e-6 && between.steepest == f64::INFINITY);
    }

    #[test]
    fn the_gap_is_zero_along_the_answers_and_a_penalty_leaves_f_alone_there() {
        // g = ½ (y − x)²: on the diagonal of a square grid the follower is optimal
        let problem = problem("valleys");
        let range = [[-2.0, 2.0]; 2];
        for axes in [[X, Y], [Y, X]] {
            let surface = PenaltySurface::sample(&*problem, axes, range, 9, &WorkToken::default());
            for place in 0..9 {
                assert!(surface.gap.value(place, place).abs() < 1e-15);
                assert!(
                    (surface.gap.value(place, 0) - 0.5 * (0.5 * place as f64).powi(2)).abs()
                        < 1e-12
                );
            }
            let penalised = surface.penalised(100.0);
            assert_eq!(penalised.value(3, 3), surface.leader.value(3, 3));
            let expected = surface.leader.value(5, 3) + 100.0 * 0.5;
            assert!((penalised.value(5, 3) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn between_two_samples_the_way_is_straight_over_the_logarithm() {
        let sample = |gamma: f64, x: f64, steepest: f64| PathSample {
            gamma,
            at: [x, 0.0],
            steepest,
        };
        let string = [sample(1.0, 0.0, 1.0), sample(100.0, 2.0, 100.0)];
        let middle = PathSample::between(&string, 10.0).unwrap();
        assert!((middle.at[0] - 1.0).abs() < 1e-12 && (middle.steepest - 10.0).abs() < 1e-9);
        assert_eq!(PathSample::between(&string, 0.1), Some(string[0]));
        assert_eq!(PathSample::between(&string, 1e3), Some(string[1]));
        assert_eq!(PathSample::between(&[], 1.0), None);
    }
}

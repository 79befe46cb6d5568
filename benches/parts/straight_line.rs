//! BOME on the toy coreset as a straight-line program: the cost without any abstraction.
//!
//! Written from the formulas, without code of the library: T = 10, all step sizes 0.05, η = 0.5, ε = 1e-8, the points
//! of the published script, no allocation, no indirect call, no counts.

use std::hint::black_box;

const POINTS: [[f64; 2]; 4] = [[1.0, 3.0], [3.0, 1.0], [-2.0, 2.0], [-3.0, -2.0]];
const GOAL: [f64; 2] = [3.0, -2.0];
const STEP: f64 = 0.05;
const ETA: f64 = 0.5;
const EPSILON: f64 = 1e-8;
const INNER_STEPS: usize = 10;

/// The state of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StraightLine {
    /// The leader's block.
    pub(crate) v: [f64; 4],
    /// The follower's block.
    pub(crate) theta: [f64; 2],
}

impl StraightLine {
    /// The state at the published start.
    pub(crate) fn new() -> Self {
        Self {
            v: [0.0; 4],
            theta: [0.0, 3.0],
        }
    }

    /// Performs an outer iteration with every gradient computed from its point, as a first-order method may request it:
    /// 13 gradients.
    pub(crate) fn step(&mut self) {
        let mut inner = self.theta;
        for _ in 0..INNER_STEPS {
            // without the black box the compiler sees that v is constant, and computes one softmax instead of twelve
            let (_, mean) = weighted(black_box(&self.v));
            inner[0] -= STEP * 2.0 * (inner[0] - mean[0]);
            inner[1] -= STEP * 2.0 * (inner[1] - mean[1]);
        }
        let here = weighted(black_box(&self.v));
        let there = weighted(black_box(&self.v));
        self.outer(inner, here, there);
    }

    /// Performs the same outer iteration with a single softmax, since the mean does not depend on θ.
    pub(crate) fn step_with_one_softmax(&mut self) {
        let mut inner = self.theta;
        let here = weighted(&self.v);
        for _ in 0..INNER_STEPS {
            inner[0] -= STEP * 2.0 * (inner[0] - here.1[0]);
            inner[1] -= STEP * 2.0 * (inner[1] - here.1[1]);
        }
        self.outer(inner, here, here);
    }

    /// Updates both blocks, from the weights and means of the two gradients of g.
    fn outer(&mut self, inner: [f64; 2], here: ([f64; 4], [f64; 2]), there: ([f64; 4], [f64; 2])) {
        let [a, b] = self.theta;
        let f = [0.2 * (a - GOAL[0]), 0.2 * (b - GOAL[1])];
        let at_here = leader_gradient(here, self.theta);
        let at_there = leader_gradient(there, inner);
        let gap_v: [f64; 4] = std::array::from_fn(|i| at_here[i] - at_there[i]);
        let mut square = 0.0;
        for slope in gap_v {
            square += slope * slope;
        }
        let gap_theta = [2.0 * (a - here.1[0]), 2.0 * (b - here.1[1])];
        square += gap_theta[0] * gap_theta[0] + gap_theta[1] * gap_theta[1];
        let alignment = f[0] * gap_theta[0] + f[1] * gap_theta[1];
        let multiplier = (ETA - alignment / (square + EPSILON)).max(0.0);
        for (v, slope) in self.v.iter_mut().zip(gap_v) {
            *v -= STEP * (multiplier * slope);
        }
        for axis in 0..2 {
            self.theta[axis] -= STEP * (f[axis] + multiplier * gap_theta[axis]);
        }
    }
}

/// The softmax of v and the weighted mean of the points.
#[inline]
fn weighted(v: &[f64; 4]) -> ([f64; 4], [f64; 2]) {
    let largest = v[0].max(v[1]).max(v[2]).max(v[3]);
    let raised = v.map(|entry| (entry - largest).exp());
    let total = raised[0] + raised[1] + raised[2] + raised[3];
    let weights = raised.map(|entry| entry / total);
    let mut mean = [0.0; 2];
    for (weight, point) in weights.iter().zip(&POINTS) {
        mean[0] += weight * point[0];
        mean[1] += weight * point[1];
    }
    (weights, mean)
}

/// ∇_v g at θ.
#[inline]
fn leader_gradient((weights, mean): ([f64; 4], [f64; 2]), theta: [f64; 2]) -> [f64; 4] {
    let residual = [2.0 * (theta[0] - mean[0]), 2.0 * (theta[1] - mean[1])];
    std::array::from_fn(|i| {
        -weights[i]
            * (residual[0] * (POINTS[i][0] - mean[0]) + residual[1] * (POINTS[i][1] - mean[1]))
    })
}

//! A problem of two to four levels that answers itself.
//!
//! ```text
//! x_k = shift + R (scale · u_k)                     every block in units of its own, rotated where nothing is at an edge
//! d_k = u_k − h_k(u_1 … u_{k−1})                    what a level does beside its answer
//! D_k = (d_k, its first entry (d/ω)² − 1 for two wells, 0 at a bound)      zero where level k has answered
//! f_k = a_k G_k(d_k + heed_k Σ_{j>k} D_j) + c_k     so that G_k(d_k) is left once all levels beneath have answered
//! f_1 = a_1 (Σ_i w_i(s_i + heed_1 Σ_j D_j) + Σ_j κ_j d_j/ω + bend · u_n) + c_1,   s_1 = u_1,  s_i = u_i − shear_i u_1²
//! ```
//!
//! `G` is a bowl, or two wells whose better one is known: (e² − 1)² + t (e³ − 3 e) / 4 with e = d/ω has minima at e = ±1 whatever t in
//! (−4, 4) is, and their values are ∓t/2. So φ = a₁ Σ wᵢ(sᵢ) + …, with everything in closed form.

use bilevel::numerics::{Blocks, Bounds, Point, Scalar, Shape};
use bilevel::problem::{Coordinate, Metadata, Objectives, Plane};

use super::curve::{Curve, Step};

/// The most variables of a block.
pub(crate) const MOST: usize = 3;

/// x = shift + R (scale · u).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) shift: Vec<f64>,
    pub(crate) scale: Vec<f64>,
    /// Rows of R.
    pub(crate) rotation: Vec<Vec<f64>>,
}

impl Frame {
    pub(crate) fn size(&self) -> usize {
        self.shift.len()
    }

    /// u of x.
    pub(crate) fn inward<S: Scalar>(&self, x: &[S]) -> [S; MOST] {
        let mut u = [S::from(0.0); MOST];
        for (column, u) in u.iter_mut().enumerate().take(self.size()) {
            for (row, x) in x.iter().enumerate() {
                *u += (*x - self.shift[row]) * (self.rotation[row][column] / self.scale[column]);
            }
        }
        u
    }

    /// x of u.
    pub(crate) fn outward(&self, u: &[f64]) -> Vec<f64> {
        (0..self.size())
            .map(|row| {
                let terms = (0..self.size())
                    .map(|column| self.rotation[row][column] * self.scale[column] * u[column]);
                self.shift[row] + terms.sum::<f64>()
            })
            .collect()
    }

    /// A gradient by x from one by u.
    pub(crate) fn covariant(&self, slope: &[f64]) -> Vec<f64> {
        (0..self.size())
            .map(|row| {
                (0..self.size())
                    .map(|column| self.rotation[row][column] * slope[column] / self.scale[column])
                    .sum()
            })
            .collect()
    }

    /// Limits of a variable of x where R only mirrors.
    pub(crate) fn limits(&self, variable: usize, [low, high]: [f64; 2]) -> [f64; 2] {
        let factor = self.rotation[variable][variable] * self.scale[variable];
        let mut limits = [low, high].map(|u| self.shift[variable] + factor * u);
        limits.sort_by(f64::total_cmp);
        limits
    }
}

/// An entry of h: where a level would like to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) constant: f64,
    /// Level, index, factor.
    pub(crate) linear: Vec<(usize, usize, f64)>,
    /// Level, index, factor of the square.
    pub(crate) square: Option<(usize, usize, f64)>,
    /// Level, index, amplitude, frequency.
    pub(crate) wave: Option<(usize, usize, f64, f64)>,
}

/// How a level answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Σ weight d² + quartic d₁⁴.
    Bowl { quartic: f64 },
    /// Two wells in the first entry, bowls in the others.
    Wells { width: f64, tilt: Tilt },
    /// A bowl whose first variable may not go below 0.
    Held,
}

/// The t of two wells.
#[derive(Clone, Debug)]
pub(crate) enum Tilt {
    /// The same everywhere; 0 where the two are as good.
    Constant(f64),
    /// 3 tanh(steep ∏ (u₁ − place)): the better well changes with the leader.
    Switch { step: Step, steep: f64 },
}

/// A level beneath the leader.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) frame: Frame,
    pub(crate) factor: f64,
    pub(crate) constant: f64,
    pub(crate) weights: Vec<f64>,
    pub(crate) answer: Answer,
    pub(crate) reach: Vec<Reach>,
    pub(crate) heed: f64,
    /// What fₖ adds for the well that the innermost level is in: decides where that is indifferent.
    pub(crate) likes: f64,
    /// The κ of f₁.
    pub(crate) favour: f64,
}

/// The whole problem.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) leader: Frame,
    pub(crate) factor: f64,
    pub(crate) constant: f64,
    pub(crate) heed: f64,
    pub(crate) curves: Vec<Curve>,
    /// The leader's limits in u; only where its frame is not rotated.
    pub(crate) limits: Vec<[f64; 2]>,
    pub(crate) shear: Vec<f64>,
    /// Levels 2 to n.
    pub(crate) levels: Vec<Level>,
    /// The box in x, level after level.
    pub(crate) bounds: Vec<[f64; 2]>,
    /// What pictures show of x, level after level.
    pub(crate) shown: Vec<[f64; 2]>,
    /// Where the answers to that lie, level after level: what pictures show, or not.
    pub(crate) answers: Vec<[f64; 2]>,
    pub(crate) start: Vec<f64>,
}

impl Level {
    pub(crate) fn size(&self) -> usize {
        self.frame.size()
    }

    /// h, from the blocks above in their own units.
    pub(crate) fn reached<S: Scalar>(&self, above: &[[S; MOST]]) -> [S; MOST] {
        let mut places = [S::from(0.0); MOST];
        for (place, reach) in places.iter_mut().zip(&self.reach) {
            *place += S::from(reach.constant);
            for &(level, index, factor) in &reach.linear {
                *place += above[level - 1][index] * factor;
            }
            if let Some((level, index, factor)) = reach.square {
                *place += above[level - 1][index].square() * factor;
            }
            if let Some((level, index, amplitude, frequency)) = reach.wave {
                *place += (above[level - 1][index] * frequency).sin() * amplitude;
            }
        }
        places
    }

    /// G, with t where there are two wells.
    pub(crate) fn objective<S: Scalar>(&self, d: &[S; MOST], tilt: S) -> S {
        let mut total = S::from(0.0);
        let bowls = match &self.answer {
            Answer::Bowl { quartic } => {
                total += d[0].square().square() * *quartic;
                0
            }
            Answer::Wells { width, .. } => {
                let e = d[0] / *width;
                total += (e.square() - 1.0).square();
                total += tilt * (e.square() * e - e * 3.0) * 0.25;
                1
            }
            Answer::Held => 0,
        };
        for (d, weight) in d.iter().zip(&self.weights).skip(bowls) {
            total += d.square() * *weight;
        }
        total
    }

    /// D.
    fn deviation<S: Scalar>(&self, d: &[S; MOST]) -> [S; MOST] {
        let mut deviation = *d;
        match &self.answer {
            Answer::Bowl { .. } => {}
            Answer::Wells { width, .. } => deviation[0] = (d[0] / *width).square() - 1.0,
            Answer::Held => deviation[0] = S::from(0.0),
        }
        deviation
    }

    /// t, by the leader's first variable.
    pub(crate) fn tilt<S: Scalar>(&self, first: S) -> S {
        match &self.answer {
            Answer::Wells {
                tilt: Tilt::Constant(tilt),
                ..
            } => S::from(*tilt),
            Answer::Wells {
                tilt: Tilt::Switch { step, steep },
                ..
            } => {
                let mut product = S::from(*steep);
                for place in &step.places {
                    product = product * (first - *place);
                }
                product.tanh() * (3.0 * step.sign)
            }
            _ => S::from(0.0),
        }
    }
}

impl Chain {
    pub(crate) fn shape(&self) -> Shape {
        let mut sizes = vec![self.leader.size()];
        sizes.extend(self.levels.iter().map(Level::size));
        Shape::new(&sizes)
    }

    /// s of u.
    pub(crate) fn unsheared<S: Scalar>(&self, u: &[S; MOST]) -> [S; MOST] {
        let mut s = *u;
        for (place, s) in s.iter_mut().enumerate().skip(1).take(self.shear.len() - 1) {
            *s = u[place] - u[0].square() * self.shear[place];
        }
        s
    }

    /// All blocks in their own units.
    pub(crate) fn inward<S: Scalar>(&self, at: Blocks<'_, S>) -> Vec<[S; MOST]> {
        let mut blocks = vec![self.leader.inward(&at[1])];
        let lower = self.levels.iter().enumerate();
        blocks.extend(lower.map(|(place, level)| level.frame.inward(&at[place + 2])));
        blocks
    }

    /// d of a level, counted from 2.
    pub(crate) fn beside<S: Scalar>(&self, level: usize, blocks: &[[S; MOST]]) -> [S; MOST] {
        let own = &self.levels[level - 2];
        let reached = own.reached(&blocks[..level - 1]);
        let mut d = blocks[level - 1];
        for (d, reached) in d.iter_mut().zip(reached) {
            *d -= reached;
        }
        d
    }
}

impl Objectives for Chain {
    fn metadata(&self) -> Metadata {
        let shape = self.shape();
        let start = Point::from_values(shape, self.start.clone()).expect("it is of this shape");
        let mut metadata = Metadata::new(start);
        let mut bounds = Bounds::none(shape);
        for (variable, limits) in self.bounds.iter().enumerate() {
            let (level, index) = shape.locate(variable);
            if limits.iter().any(|limit| limit.is_finite()) {
                bounds = bounds.with_variable(level, index, *limits);
            }
        }
        metadata.bounds = bounds;
        let coordinate = |variable: usize| {
            let (level, index) = shape.locate(variable);
            Coordinate { level, index }
        };
        let plane = |horizontal: usize, vertical: usize| Plane {
            horizontal: coordinate(horizontal),
            vertical: coordinate(vertical),
            range: [self.shown[horizontal], self.shown[vertical]],
            marks: Vec::new(),
        };
        let leader = self.leader.size();
        metadata.planes = (leader..shape.total())
            .map(|lower| plane(0, lower))
            .collect();
        metadata
            .planes
            .extend((1..leader).map(|other| plane(0, other)));
        metadata
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let blocks = self.inward(at);
        let mut deviation = [S::from(0.0); MOST];
        let mut favours = S::from(0.0);
        let last = self.levels.len() + 1;
        for deeper in (level + 1).max(2)..=last {
            let own = &self.levels[deeper - 2];
            let d = self.beside(deeper, &blocks);
            let missed = own.deviation(&d);
            for (place, sum) in deviation.iter_mut().enumerate() {
                *sum += missed[place % own.size()];
            }
            let Answer::Wells { width, .. } = &own.answer else {
                continue;
            };
            if level == 1 {
                favours += d[0] * (own.favour / *width);
            } else if deeper == last {
                favours += d[0] * (self.levels[level - 2].likes / *width);
            }
        }
        if level > 1 {
            let own = &self.levels[level - 2];
            let mut d = self.beside(level, &blocks);
            for (d, missed) in d.iter_mut().zip(deviation) {
                *d += missed * own.heed;
            }
            let tilt = own.tilt(blocks[0][0]);
            return (own.objective(&d, tilt) + favours) * own.factor + own.constant;
        }
        let mut total = favours;
        let s = self.unsheared(&blocks[0]);
        for (place, curve) in self.curves.iter().enumerate() {
            total += curve.smooth(s[place] + deviation[place] * self.heed);
            if let Some([_, slope]) = curve.bend {
                total += blocks[last - 1][0] * slope;
            }
        }
        total * self.factor + self.constant
    }
}

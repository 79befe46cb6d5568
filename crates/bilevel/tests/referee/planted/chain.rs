//! A problem of two to four levels whose lower-level solutions are known in closed form.
//!
//! ```text
//! x_k = shift + R (scale · u_k)                     each block in its own units, rotated if nothing is at an edge
//! d_k = u_k − h_k(u_1 … u_{k−1})                    the offset of a level from its target
//! D_k = (d_k, its first entry (d/ω)² − 1 for two wells, 0 at a bound)      zero at the solution of level k
//! f_k = a_k G_k(d_k + heed_k Σ_{j>k} D_j) + c_k     G_k(d_k) alone if all lower levels are solved
//! f_1 = a_1 (Σ_i w_i(s_i + heed_1 Σ_j D_j) + Σ_j κ_j d_j/ω + bend · u_n) + c_1,   s_1 = u_1,  s_i = u_i − shear_i u_1²
//! ```
//!
//! `G` is a bowl, or a double well whose better well is known: (e² − 1)² + t (e³ − 3 e) / 4 with e = d/ω has minima at
//! e = ±1 for every t in (−4, 4), with values ∓t/2. So φ = a₁ Σ wᵢ(sᵢ) + …, with everything in closed form.

use bilevel::numerics::{Blocks, Bounds, MAX_GENERATORS, Point, Scalar, Shape};
use bilevel::problem::{Coordinate, Metadata, Objectives, Plane};

use super::curve::{Curve, Step};

/// The largest number of variables in a block.
pub(crate) const MOST: usize = 3;
/// The largest number of levels.
const LEVELS: usize = 4;

/// The frame of a block: x = shift + R (scale · u).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) shift: Vec<f64>,
    pub(crate) scale: Vec<f64>,
    /// The rows of R.
    pub(crate) rotation: Vec<Vec<f64>>,
    /// The factors of x − shift in u, by the index in u and that in x.
    inverse: [[f64; MOST]; MOST],
}

impl Frame {
    pub(crate) fn new(shift: Vec<f64>, scale: Vec<f64>, rotation: Vec<Vec<f64>>) -> Self {
        let mut inverse = [[0.0; MOST]; MOST];
        for (column, scale) in scale.iter().enumerate() {
            for (row, rotation) in rotation.iter().enumerate() {
                inverse[column][row] = rotation[column] / scale;
            }
        }
        Self {
            shift,
            scale,
            rotation,
            inverse,
        }
    }

    pub(crate) fn size(&self) -> usize {
        self.shift.len()
    }

    /// Converts x to u.
    pub(crate) fn inward<S: Scalar>(&self, x: &[S]) -> [S; MOST] {
        let mut u = [S::from(0.0); MOST];
        for (x, (shift, row)) in x.iter().zip(self.shift.iter().zip(0..)) {
            let x: S = *x - *shift;
            for (u, factors) in u.iter_mut().zip(&self.inverse) {
                // unrotated frames have mostly zeros
                if factors[row] != 0.0 {
                    *u += x * factors[row];
                }
            }
        }
        u
    }

    /// Converts u to x.
    pub(crate) fn outward(&self, u: &[f64]) -> Vec<f64> {
        (0..self.size())
            .map(|row| {
                let terms = (0..self.size())
                    .map(|column| self.rotation[row][column] * self.scale[column] * u[column]);
                self.shift[row] + terms.sum::<f64>()
            })
            .collect()
    }

    /// Converts a gradient by u to one by x.
    pub(crate) fn covariant(&self, slope: &[f64]) -> Vec<f64> {
        (0..self.size())
            .map(|row| {
                (0..self.size())
                    .map(|column| self.rotation[row][column] * slope[column] / self.scale[column])
                    .sum()
            })
            .collect()
    }

    /// The limits of a variable of x; R may only mirror here.
    pub(crate) fn limits(&self, variable: usize, [low, high]: [f64; 2]) -> [f64; 2] {
        let factor = self.rotation[variable][variable] * self.scale[variable];
        let mut limits = [low, high].map(|u| self.shift[variable] + factor * u);
        limits.sort_by(f64::total_cmp);
        limits
    }
}

/// An entry of h: the target of a level's variable, as a function of the blocks above.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) constant: f64,
    /// Linear terms: level, index, factor.
    pub(crate) linear: Vec<(usize, usize, f64)>,
    /// A quadratic term: level, index, factor.
    pub(crate) square: Option<(usize, usize, f64)>,
    /// A sine term: level, index, amplitude, frequency.
    pub(crate) wave: Option<(usize, usize, f64, f64)>,
}

/// The form of G, and with it of the lower-level solution.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Σ weight d² + quartic d₁⁴.
    Bowl { quartic: f64 },
    /// Two wells in the first entry, bowls in the others.
    Wells { width: f64, tilt: Tilt },
    /// A bowl whose first variable has the lower bound 0.
    Held,
}

/// The t of a double well.
#[derive(Clone, Debug)]
pub(crate) enum Tilt {
    /// The same everywhere; 0 if the two wells are tied.
    Constant(f64),
    /// 3 tanh(steep ∏ (u₁ − place)): the better well changes with the leader.
    Switch { step: Step, steep: f64 },
}

/// A lower level.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) frame: Frame,
    pub(crate) factor: f64,
    pub(crate) constant: f64,
    pub(crate) weights: Vec<f64>,
    pub(crate) answer: Answer,
    pub(crate) reach: Vec<Reach>,
    pub(crate) heed: f64,
    /// The weight in fₖ of the innermost level's well; its sign breaks ties there.
    pub(crate) likes: f64,
    /// The κ in f₁.
    pub(crate) favour: f64,
}

/// The whole problem: the leader and all lower levels.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) leader: Frame,
    pub(crate) factor: f64,
    pub(crate) constant: f64,
    pub(crate) heed: f64,
    pub(crate) curves: Vec<Curve>,
    /// The leader's limits in u; finite only if its frame is not rotated.
    pub(crate) limits: Vec<[f64; 2]>,
    pub(crate) shear: Vec<f64>,
    /// Levels 2 to n, in order.
    pub(crate) levels: Vec<Level>,
    /// The box in x, by variable over all levels.
    pub(crate) bounds: Vec<[f64; 2]>,
    /// The pictured ranges of x, by variable over all levels.
    pub(crate) shown: Vec<[f64; 2]>,
    /// The ranges of the solutions for the pictured x, by variable; the pictures need not contain them.
    pub(crate) answers: Vec<[f64; 2]>,
    pub(crate) start: Vec<f64>,
}

impl Level {
    pub(crate) fn size(&self) -> usize {
        self.frame.size()
    }

    /// The values of h, from the blocks above in their own units.
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

    /// The value of G, with tilt t for a double well.
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

    /// The value of D.
    fn deviation<S: Scalar>(&self, d: &[S; MOST]) -> [S; MOST] {
        let mut deviation = *d;
        match &self.answer {
            Answer::Bowl { .. } => {}
            Answer::Wells { width, .. } => deviation[0] = (d[0] / *width).square() - 1.0,
            Answer::Held => deviation[0] = S::from(0.0),
        }
        deviation
    }

    /// The value of t, from the leader's first variable.
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
                tanh(product) * (3.0 * step.sign)
            }
            _ => S::from(0.0),
        }
    }
}

/// The hyperbolic tangent, by one evaluation of it whatever the order of derivatives.
fn tanh<S: Scalar>(x: S) -> S {
    x.of_series(f64::tanh, |x| {
        let mut series = [0.0; MAX_GENERATORS + 1];
        series[0] = x.tanh();
        for order in 0..MAX_GENERATORS {
            let square: f64 = (0..=order)
                .map(|part| series[part] * series[order - part])
                .sum();
            let slope = if order == 0 { 1.0 - square } else { -square };
            series[order + 1] = slope / (order + 1) as f64;
        }
        series
    })
}

impl Chain {
    pub(crate) fn shape(&self) -> Shape {
        let mut sizes = vec![self.leader.size()];
        sizes.extend(self.levels.iter().map(Level::size));
        Shape::new(&sizes)
    }

    /// Converts u to s.
    pub(crate) fn unsheared<S: Scalar>(&self, u: &[S; MOST]) -> [S; MOST] {
        let mut s = *u;
        for (place, s) in s.iter_mut().enumerate().skip(1).take(self.shear.len() - 1) {
            *s = u[place] - u[0].square() * self.shear[place];
        }
        s
    }

    /// Converts the blocks of the first levels to their own units.
    pub(crate) fn inward<S: Scalar>(
        &self,
        at: Blocks<'_, S>,
        levels: usize,
    ) -> [[S; MOST]; LEVELS] {
        let frames = std::iter::once(&self.leader).chain(self.levels.iter().map(|one| &one.frame));
        let mut blocks = [[S::from(0.0); MOST]; LEVELS];
        for (place, (block, frame)) in blocks.iter_mut().zip(frames).take(levels).enumerate() {
            *block = frame.inward(&at[place + 1]);
        }
        blocks
    }

    /// The d of a level, with levels counted from 1 at the leader.
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
        let mut deviation = [S::from(0.0); MOST];
        let mut favours = S::from(0.0);
        let last = self.levels.len() + 1;
        let (heed, likes) = match level {
            1 => (self.heed, 0.0),
            _ => (self.levels[level - 2].heed, self.levels[level - 2].likes),
        };
        let is_own = heed == 0.0 && likes == 0.0 && level > 1;
        let needed = if is_own { level } else { last };
        let blocks = self.inward(at, needed);
        for deeper in (level + 1).max(2)..=last {
            let own = &self.levels[deeper - 2];
            let favour = match &own.answer {
                Answer::Wells { width, .. } if level == 1 => own.favour / *width,
                Answer::Wells { width, .. } if deeper == last => likes / *width,
                _ => 0.0,
            };
            if heed == 0.0 && favour == 0.0 {
                continue;
            }
            let d = self.beside(deeper, &blocks);
            let missed = own.deviation(&d);
            for (place, sum) in deviation.iter_mut().enumerate() {
                *sum += missed[place % own.size()];
            }
            favours += d[0] * favour;
        }
        if level > 1 {
            let own = &self.levels[level - 2];
            let mut d = self.beside(level, &blocks);
            for (d, missed) in d.iter_mut().zip(deviation) {
                *d += missed * heed;
            }
            let tilt = own.tilt(blocks[0][0]);
            return (own.objective(&d, tilt) + favours) * own.factor + own.constant;
        }
        let mut total = favours;
        let s = self.unsheared(&blocks[0]);
        for (place, curve) in self.curves.iter().enumerate() {
            total += curve.smooth(s[place] + deviation[place] * heed);
            if let Some([_, slope]) = curve.bend {
                total += blocks[last - 1][0] * slope;
            }
        }
        total * self.factor + self.constant
    }
}

//! Descent of a reduced objective with kinks by a quasi-Newton method (Lewis and Overton, Math. Program. 2013): with a
//! weak Wolfe line search the matrices of Broyden, Fletcher, Goldfarb and Shanno become steep across kinks, and steps
//! follow them.

use nalgebra::{DMatrix, DVector};

use super::Vicinity;

/// The most steps, the most trials of a line search, and the longest step in widths.
const STEPS: usize = 150;
const TRIALS: usize = 24;
const LONGEST: f64 = 0.125;
/// The first step, and the shortest one, in widths.
const FIRST: f64 = 1e-2;
const SHORTEST: f64 = 1e-9;
/// The conditions of Wolfe: the least share of the promised decrease, and the largest share of the slope that remains.
const WOLFE: [f64; 2] = [1e-4, 0.5];

impl Vicinity<'_> {
    /// End of quasi-Newton steps from a place, with φ there.
    pub(crate) fn descend_along_kinks(&self, x: &[f64], value: f64) -> (Vec<f64>, f64) {
        let size = x.len();
        let (mut here, mut value) = (x.to_vec(), value);
        let Some(mut slope) = self.free_slope(&here) else {
            return (here, value);
        };
        let mut inverse: Option<DMatrix<f64>> = None;
        for _ in 0..STEPS {
            let steep = slope.norm();
            if steep == 0.0 || self.token.is_cancelled() {
                break;
            }
            let mut down = match &inverse {
                Some(inverse) => -(inverse * &slope),
                None => &slope * (-FIRST / steep),
            };
            if down.dot(&slope) >= 0.0 {
                (inverse, down) = (None, &slope * (-FIRST / steep));
            }
            let longest = down.norm();
            if longest > LONGEST {
                down *= LONGEST / longest;
            }
            let Some((next, fallen, next_slope)) = self.wolfe(&here, value, &slope, &down) else {
                break;
            };
            let pairs = next.iter().zip(&here).zip(&self.widths);
            let moved = pairs.map(|((to, from), width)| (to - from) / width);
            let moved = DVector::from_iterator(size, moved);
            let turned = &next_slope - &slope;
            let curved = moved.dot(&turned);
            if curved > 0.0 {
                let known = inverse.unwrap_or_else(|| {
                    DMatrix::identity(size, size) * (curved / turned.norm_squared())
                });
                let left = DMatrix::identity(size, size) - &moved * turned.transpose() / curved;
                inverse =
                    Some(&left * known * left.transpose() + &moved * moved.transpose() / curved);
            }
            (here, value, slope) = (next, fallen, next_slope);
            if moved.amax() < SHORTEST {
                break;
            }
        }
        (here, value)
    }

    /// A step along a direction that fulfils the weak conditions of Wolfe, with φ and its slope there; if there is none,
    /// the longest with enough decrease.
    fn wolfe(
        &self,
        x: &[f64],
        value: f64,
        slope: &DVector<f64>,
        down: &DVector<f64>,
    ) -> Option<(Vec<f64>, f64, DVector<f64>)> {
        let promised = slope.dot(down);
        let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
        let mut best = None;
        for _ in 0..TRIALS {
            let there = self.moved(x, down.as_slice(), length);
            let fallen = self.phi(&there);
            let enough = (-WOLFE[0] * length * promised).max(self.noise(value));
            if fallen < value - enough {
                let next = self.free_slope(&there)?;
                let is_flatter = next.dot(down) >= WOLFE[1] * promised;
                best = Some((there, fallen, next));
                if is_flatter {
                    break;
                }
                low = length;
            } else {
                high = length;
            }
            length = if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * length
            };
        }
        best
    }

    /// The scaled slope without components that the box blocks.
    fn free_slope(&self, x: &[f64]) -> Option<DVector<f64>> {
        let slope = self.free(x, &self.gradient(x)?);
        let scaled = slope.iter().zip(&self.widths);
        Some(DVector::from_iterator(
            x.len(),
            scaled.map(|(one, width)| one * width),
        ))
    }
}

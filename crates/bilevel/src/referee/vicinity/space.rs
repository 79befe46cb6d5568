//! Leaders of several variables: the lowest point around x is searched for by Newton steps and along sampled gradients,
//! and φ must not be lower on spheres around it.

use nalgebra::{DMatrix, DVector};

use super::kink::{Kink, shortest};
use super::{Around, Low, RADII, STEP, Vicinity, WINDOW};
use crate::messages;

/// A curvature below this share of the largest counts as zero.
const BENT: f64 = 1e-6;
/// The largest deviation of an even slope and of the fall along it, as a share of the slope.
const EVEN: f64 = 0.25;
/// A change that is odd in the distance belongs to a slope from this share of the largest change on, if it grows by less than
/// this factor over twice the distance.
const LINEAR: f64 = 1e-5;
const CUBIC: f64 = 3.0;
/// Steps along sampled gradients, and their least radius as a share of `near`, also after more of them.
const COMPASS: usize = 24;
const SHORTEST: f64 = 1e-4;
const FINEST: f64 = 1e-7;

impl Vicinity<'_> {
    pub(super) fn in_space(&self, x: &[f64], near: f64, slack: f64) -> Around {
        if self.is_even_slope(x, near, slack) {
            return Around::Slope;
        }
        let (mut here, bend) = self.newton(x, near);
        let mut value = self.phi(&here);
        let start = self.phi(x);
        let mut is_still = bend.is_some();
        if value > start + slack || self.region.distance(1, &here, x) > WINDOW * near {
            is_still = false;
        }
        // Newton steps lead to a saddle although φ may be higher there
        let level = here.clone();
        let is_level_near = is_still || bend.is_some() && self.region.distance(1, &here, x) <= near;
        // along a plateau steps go anywhere
        let is_away = |here: &[f64], value: f64| {
            value >= start - slack && self.region.distance(1, here, x) > 0.5 * near
        };
        if value > start || is_away(&here, value) {
            (here, value) = (x.to_vec(), start);
        }
        let mut lower = self.lower_around(&here, value, near, slack, bend.as_ref());
        // where the slopes of both sides of a kink meet, few directions lead down
        if lower.is_some() || !is_still {
            (here, value) = self.compass(&here, value, near);
            if is_away(&here, value) {
                (here, value) = (x.to_vec(), start);
            }
            if self.region.distance(1, &here, x) <= WINDOW * near {
                lower = self.lower_around(&here, value, near, slack, bend.as_ref());
            }
            if lower.is_some() && self.region.distance(1, &here, x) <= near {
                // across a kink, a point that is off by little is higher by much
                (here, value) = self.fall(&here, value, [SHORTEST * near, FINEST * near], COMPASS);
                lower = self.lower_around(&here, value, near, slack, bend.as_ref());
            }
        }
        if self.token.is_cancelled() {
            return Around::Unknown(messages::outcome::work_stopped());
        }
        let distance = self.region.distance(1, &here, x);
        if lower.is_none() && distance <= near {
            let is_held = |(x, [low, high]): (&f64, &[f64; 2])| x <= low || x >= high;
            let is_at_edge = here.iter().zip(self.limits).any(is_held);
            let is_edge = is_at_edge && self.slopes_outwards(&here, near, slack);
            let is_jump = self.jumps_up(&here, value, near);
            if is_jump {
                let (there, fallen) = self.slide(&here, value, near);
                if self.region.distance(1, &there, x) <= near {
                    (here, value) = (there, fallen);
                } else if fallen < value - slack {
                    return Around::Slope;
                }
            }
            if !is_jump && self.is_kink(&here, near) {
                match self.kink(&here, value, near, slack) {
                    Kink::Minimum => {}
                    Kink::Saddle => return Around::Saddle,
                    Kink::Unknown => return Around::Unknown(messages::outcome::kink()),
                }
            }
            return Around::Minimum(Low {
                x: here,
                value,
                is_edge,
                is_jump,
            });
        }
        let is_level = is_level_near && self.is_stationary(&level, near, slack);
        if is_level || self.is_balanced(x, near) {
            return Around::Saddle;
        }
        Around::Slope
    }

    /// True if ∇φ is nearly the same at sampled places up to beyond `near`, away from the box, and φ falls as it says: a
    /// slope without a minimum nearby.
    fn is_even_slope(&self, x: &[f64], near: f64, slack: f64) -> bool {
        let scaled = |slope: Vec<f64>| {
            let pairs = slope.into_iter().zip(&self.widths);
            DVector::from_iterator(x.len(), pairs.map(|(one, width)| one * width))
        };
        let reach = WINDOW * near;
        let is_inside = (x.iter().zip(&self.widths).zip(self.limits))
            .all(|((x, width), [low, high])| x - reach * width > *low && x + reach * width < *high);
        let Some(here) = self.gradient(x).filter(|_| is_inside).map(scaled) else {
            return false;
        };
        let steep = here.norm();
        if steep * near <= 1e3 * slack {
            return false;
        }
        let value = self.phi(x);
        let down: Vec<f64> = here.iter().map(|one| -one / steep).collect();
        let falls = |length: f64| {
            let fallen = value - self.phi(&self.moved(x, &down, length));
            (fallen - length * steep).abs() <= EVEN * length.abs() * steep
        };
        let is_even = |direction: &[f64], length: f64| {
            let there = self.gradient(&self.moved(x, direction, length)).map(scaled);
            there.is_some_and(|there| (there - &here).norm() <= EVEN * steep)
        };
        let directions = self.directions();
        let mut around = directions[..2 * x.len()]
            .iter()
            .chain(directions[2 * x.len()..].iter().step_by(3));
        [0.5, 1.0, 1.5].into_iter().all(|share| {
            falls(share * near) && falls(-share * near) && is_even(&down, share * near)
        }) && around.all(|direction| is_even(direction, 1.25 * near))
    }

    /// True if φ jumps right beside a place, in the directions where it rises most.
    fn jumps_up(&self, x: &[f64], value: f64, near: f64) -> bool {
        let places = self.directions().into_iter();
        let mut rises: Vec<(f64, Vec<f64>)> = places
            .map(|direction| self.moved(x, &direction, RADII[1] * near))
            .map(|there| (self.phi(&there) - value, there))
            .collect();
        rises.sort_by(|a, b| b.0.total_cmp(&a.0));
        rises
            .iter()
            .take(2)
            .any(|(_, there)| self.is_parted(x, there))
    }

    /// True if φ grows linearly from some edge that a point is at.
    fn slopes_outwards(&self, x: &[f64], near: f64, slack: f64) -> bool {
        let value = self.phi(x);
        (0..x.len()).any(|i| {
            let [low, high] = self.limits[i];
            let inwards = if x[i] <= low {
                1.0
            } else if x[i] >= high {
                -1.0
            } else {
                return false;
            };
            let mut axis = vec![0.0; x.len()];
            axis[i] = inwards;
            let rise = |share: f64| self.phi(&self.moved(x, &axis, share * near)) - value;
            let (once, twice) = (rise(0.25), rise(0.5));
            once > slack && twice < 3.0 * once
        })
    }

    /// True if φ changes quadratically, not linearly, with the distance from a point.
    fn is_stationary(&self, x: &[f64], near: f64, slack: f64) -> bool {
        let value = self.phi(x);
        let changes = |share: f64| -> Vec<[f64; 2]> {
            let directions = self.directions().into_iter();
            let sides = directions.map(|direction| {
                let there = self.phi(&self.moved(x, &direction, share * near));
                let back = self.phi(&self.moved(x, &direction, -share * near));
                [(there - back).abs(), (there - value).abs()]
            });
            sides.collect()
        };
        let [far, close] = [0.5, 0.25].map(changes);
        // quadratic changes vanish in some directions from a saddle
        let whole = far.iter().chain(&close).map(|change| change[1]);
        let whole = whole.fold(0.0_f64, f64::max);
        // along a valley there may be a slope that is small against the walls
        let is_linear =
            |[far, close]: [f64; 2]| far > 4.0 * slack + LINEAR * whole && far < CUBIC * close;
        let mut sides = far.iter().zip(&close);
        if sides.any(|(far, close)| is_linear([far[0], close[0]])) {
            return false;
        }
        let odd = far.iter().map(|change| change[0]).fold(0.0_f64, f64::max);
        odd <= 4.0 * slack + 0.1 * whole || odd <= 1e-9 * self.span
    }

    /// End of Newton steps on the gradient from x within the window, over the free variables and the directions of
    /// nonzero curvature; with the axes of the curvature, or none if no gradient is known.
    fn newton(&self, x: &[f64], near: f64) -> (Vec<f64>, Option<Vec<Vec<f64>>>) {
        let mut here = x.to_vec();
        let mut down = None;
        for _ in 0..4 {
            let Some(gradient) = self.gradient(&here) else {
                return (here, down);
            };
            let free: Vec<usize> = (0..here.len())
                .filter(|&i| {
                    let [low, high] = self.limits[i];
                    low < high
                        && !(here[i] <= low && gradient[i] > 0.0
                            || here[i] >= high && gradient[i] < 0.0)
                })
                .collect();
            if free.is_empty() {
                return (here, Some(Vec::new()));
            }
            let Some(hessian) = self.hessian(&here, &free, near) else {
                return (here, down);
            };
            let slope = free.iter().map(|&i| gradient[i] * self.widths[i]);
            let slope = DVector::from_iterator(free.len(), slope);
            let eigen = hessian.symmetric_eigen();
            let largest = eigen
                .eigenvalues
                .iter()
                .fold(0.0_f64, |most, one| most.max(one.abs()));
            let mut step = DVector::zeros(free.len());
            let mut bends = Vec::new();
            for (value, vector) in eigen
                .eigenvalues
                .iter()
                .zip(eigen.eigenvectors.column_iter())
            {
                if value.abs() > BENT * largest {
                    step += vector * (vector.dot(&slope) / value);
                }
                let mut whole = vec![0.0; here.len()];
                for (&i, one) in free.iter().zip(vector.iter()) {
                    whole[i] = *one;
                }
                bends.push(whole);
            }
            down = Some(bends);
            let mut whole = vec![0.0; here.len()];
            for (&i, one) in free.iter().zip(step.iter()) {
                whole[i] = -*one;
            }
            let next = self.moved(&here, &whole, 1.0);
            let moved = self.region.distance(1, &next, &here);
            if self.region.distance(1, &next, x) > WINDOW * near {
                return (here, if moved > near { None } else { down });
            }
            here = next;
            if moved <= 1e-3 * near {
                break;
            }
        }
        (here, down)
    }

    /// The scaled Hessian of φ over some variables, by differences of its gradient.
    fn hessian(&self, x: &[f64], free: &[usize], near: f64) -> Option<DMatrix<f64>> {
        let mut hessian = DMatrix::zeros(free.len(), free.len());
        for (column, &i) in free.iter().enumerate() {
            let mut axis = vec![0.0; x.len()];
            axis[i] = 1.0;
            let sides = [STEP * near, -STEP * near].map(|step| self.moved(x, &axis, step));
            let apart = (sides[0][i] - sides[1][i]) / self.widths[i];
            let [above, below] = [self.gradient(&sides[0])?, self.gradient(&sides[1])?];
            for (row, &j) in free.iter().enumerate() {
                hessian[(row, column)] = (above[j] - below[j]) * self.widths[j] / apart;
            }
        }
        Some((&hessian + hessian.transpose()) * 0.5)
    }

    /// A place around a point at which φ is lower beyond rounding.
    fn lower_around(
        &self,
        x: &[f64],
        value: f64,
        near: f64,
        slack: f64,
        bends: Option<&Vec<Vec<f64>>>,
    ) -> Option<Vec<f64>> {
        let mut directions = self.directions();
        for bend in bends.into_iter().flatten() {
            directions.push(bend.clone());
            directions.push(bend.iter().map(|one| -one).collect());
        }
        RADII.iter().find_map(|radius| {
            directions.iter().find_map(|direction| {
                let there = self.moved(x, direction, radius * near);
                (self.phi(&there) < value - slack).then_some(there)
            })
        })
    }

    /// End of steps along sampled gradients (Burke, Lewis, Overton, SIAM J. Optim. 2005), which descend along kinks,
    /// too. The sampling radius goes from the first to the second of `radii`, in widths.
    pub(crate) fn fall(
        &self,
        x: &[f64],
        value: f64,
        radii: [f64; 2],
        most: usize,
    ) -> (Vec<f64>, f64) {
        let directions = self.directions();
        let directions = &directions[..(2 * x.len() + 6).min(directions.len())];
        let (mut here, mut lowest) = (x.to_vec(), value);
        let mut radius = radii[0];
        for _ in 0..most {
            if radius < radii[1] || self.token.is_cancelled() {
                break;
            }
            let places = directions.iter().map(|one| self.moved(&here, one, radius));
            let slopes: Vec<DVector<f64>> = std::iter::once(here.clone())
                .chain(places)
                .filter_map(|place| self.gradient(&place))
                .map(|slope| {
                    let free = self.free(&here, &slope);
                    let scaled = free
                        .iter()
                        .zip(&self.widths)
                        .map(|(one, width)| one * width);
                    DVector::from_iterator(free.len(), scaled)
                })
                .collect();
            let Some(down) = shortest(&slopes) else {
                match self.lowest_beside(&here, lowest, radius) {
                    Some((there, value)) => (here, lowest) = (there, value),
                    None => radius *= 0.25,
                }
                continue;
            };
            let steep = down.norm();
            let steps = (steep > 0.0).then(|| {
                let along: Vec<f64> = down.iter().map(|one| -one / steep).collect();
                (0..14).find_map(|halvings| {
                    let length = 8.0 * radius * 0.5_f64.powi(halvings);
                    let there = self.moved(&here, &along, length);
                    let value = self.phi(&there);
                    let enough = (1e-3 * length * steep).max(self.noise(lowest));
                    (value < lowest - enough).then_some((there, value))
                })
            });
            match steps.flatten() {
                Some((there, value)) => (here, lowest) = (there, value),
                // slopes on the upper side of a jump do not lead down
                None => match self.lowest_beside(&here, lowest, radius) {
                    Some((there, value)) => (here, lowest) = (there, value),
                    None => radius *= 0.25,
                },
            }
        }
        (here, lowest)
    }

    /// The lowest of the points around one, if it is lower.
    fn lowest_beside(&self, x: &[f64], value: f64, radius: f64) -> Option<(Vec<f64>, f64)> {
        let around = self.directions().into_iter().map(|direction| {
            let there = self.moved(x, &direction, radius);
            let value = self.phi(&there);
            (there, value)
        });
        let best = around.min_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 < value - self.noise(value)).then_some(best)
    }

    /// The lowest point nearby, along sampled gradients.
    fn compass(&self, x: &[f64], value: f64, near: f64) -> (Vec<f64>, f64) {
        self.fall(x, value, [0.25 * near, SHORTEST * near], COMPASS)
    }
}

//! Descent along a jump of the reduced objective of a leader of several variables.
//!
//! On the lower side φ slopes towards the jump and falls further along it, in directions so narrow that spheres around a
//! point miss them. The course of the jump is found by bisections across it, and steps go along its tangents.

use nalgebra::DVector;

use super::{RADII, Vicinity};

/// The most steps, the most halvings of a step, and the longest step in widths.
const STEPS: usize = 30;
const HALVINGS: usize = 16;
const LONGEST: f64 = 0.05;
/// Bisections across a jump, and the least height of the same jump elsewhere, as a share.
const PARTS: usize = 30;
const SAME: f64 = 0.25;
/// Distances as shares of the radius: of the places that give the tangents, and of that of the slope beneath the jump.
const BESIDE: f64 = 0.25;
const BENEATH: f64 = 1e-3;
/// The distance of the end from the jump, in widths.
const ROOM: f64 = 1e-9;
/// Least decrease of a step, as a share of that promised by its slope.
const GAIN: f64 = 1e-4;
/// A slope along the jump below this, in spans per width, counts as none.
const LEVEL: f64 = 1e-9;

/// A place on the lower side of a jump.
struct Foot {
    x: DVector<f64>,
    value: f64,
}

/// A jump near a place: the direction across it towards the upper side, its height, and the radius at which it is sampled.
struct Course {
    across: DVector<f64>,
    height: f64,
    radius: f64,
}

impl Vicinity<'_> {
    /// End of steps down along the jump beside a place on its lower side; the place itself if there is no jump or φ does
    /// not fall along it.
    pub(crate) fn slide(&self, x: &[f64], value: f64, near: f64) -> (Vec<f64>, f64) {
        let start = (x.to_vec(), value);
        if x.len() < 2 {
            return start;
        }
        let Some(mut course) = self.course(x, value, RADII[1] * near) else {
            return start;
        };
        let Some(mut here) = self.foot(&self.scaled(x), &course, course.radius) else {
            return start;
        };
        let mut last: Option<(DVector<f64>, DVector<f64>)> = None;
        let mut length = 0.0;
        for _ in 0..STEPS {
            let Some((slope, tilt)) = self.slope_along(&here, &course) else {
                break;
            };
            let steep = slope.norm();
            if steep <= LEVEL * self.span || self.token.is_cancelled() {
                break;
            }
            // Barzilai and Borwein
            let curved = last.as_ref().map(|(x, before)| {
                let (moved, turned) = (&here.x - x, &slope - before);
                (moved.norm_squared(), moved.dot(&turned))
            });
            length = match curved {
                Some((square, curved)) if curved > 0.0 => square / curved,
                Some(_) => 4.0 * length,
                None => course.radius / steep,
            };
            length = length.min(LONGEST / steep);
            let along = &slope + &course.across * slope.dot(&tilt);
            let mut next = None;
            for _ in 0..HALVINGS {
                let there = &here.x - &along * length;
                let reach = course.radius.max(0.5 * length * steep);
                let enough = (GAIN * length * steep * steep).max(self.noise(here.value));
                next = (self.foot(&there, &course, reach))
                    .filter(|foot| foot.value < here.value - enough);
                if next.is_some() {
                    break;
                }
                length *= 0.5;
            }
            let Some(next) = next else {
                break;
            };
            last = Some((here.x, slope));
            here = next;
            course.across = (&course.across - tilt).normalize();
        }
        // rounding must not choose the side
        let beneath = self.unscaled(&(&here.x - &course.across * ROOM));
        let fallen = self.phi(&beneath);
        if fallen < value {
            (beneath, fallen)
        } else {
            start
        }
    }

    /// The jump beside a place, in the directions in which φ rises most; `None` if there is none.
    fn course(&self, x: &[f64], value: f64, radius: f64) -> Option<Course> {
        let directions = self.directions().into_iter().map(DVector::from_vec);
        let rises: Vec<(f64, DVector<f64>)> = directions
            .map(|one| {
                (
                    self.phi(&self.moved(x, one.as_slice(), radius)) - value,
                    one,
                )
            })
            .filter(|one| !one.0.is_nan())
            .collect();
        let steepest = rises.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let highest = self.moved(x, steepest.1.as_slice(), radius);
        if !self.is_parted(x, &highest) {
            return None;
        }
        let least = 0.5 * steepest.0;
        let upper = rises.iter().filter(|one| one.0 > least);
        let sum = upper.fold(DVector::zeros(x.len()), |sum, one| sum + &one.1);
        let across = sum.try_normalize(1e-3)?;
        Some(Course {
            across,
            height: steepest.0,
            radius,
        })
    }

    /// The place right beneath a jump, on the line across it through some place; `None` if the jump is not within reach.
    fn foot(&self, through: &DVector<f64>, course: &Course, reach: f64) -> Option<Foot> {
        let at = |length: f64| through + &course.across * length;
        let phi = |length: f64| self.phi(&self.unscaled(&at(length)));
        let [mut low, mut high] = [-reach, reach];
        let (mut below, mut above) = (phi(low), phi(high));
        for _ in 0..PARTS {
            let middle = 0.5 * (low + high);
            let between = phi(middle);
            if (between - below).abs() > (above - between).abs() {
                (high, above) = (middle, between);
            } else {
                (low, below) = (middle, between);
            }
        }
        (above - below > SAME * course.height).then(|| Foot {
            x: at(low),
            value: below,
        })
    }

    /// The slope of φ along a jump, in directions orthogonal to `across`, and the tilt of the jump in these; `None` if one
    /// of them is unknown.
    fn slope_along(&self, here: &Foot, course: &Course) -> Option<(DVector<f64>, DVector<f64>)> {
        let beneath = &here.x - &course.across * (BENEATH * course.radius);
        let gradient = self.gradient(&self.unscaled(&beneath))?;
        let scaled = gradient
            .iter()
            .zip(&self.widths)
            .map(|(one, width)| one * width);
        let gradient = DVector::from_iterator(here.x.len(), scaled);
        let step = BESIDE * course.radius;
        let mut slope = DVector::zeros(here.x.len());
        let mut tilt = DVector::zeros(here.x.len());
        for tangent in complement(&course.across) {
            let beside = self.foot(&(&here.x + &tangent * step), course, course.radius)?;
            let rise = (beside.x - &here.x).dot(&course.across) / step;
            tilt += &tangent * rise;
            slope += &tangent * (gradient.dot(&tangent) + gradient.dot(&course.across) * rise);
        }
        Some((slope, tilt))
    }

    fn scaled(&self, x: &[f64]) -> DVector<f64> {
        DVector::from_iterator(
            x.len(),
            x.iter().zip(&self.widths).map(|(x, width)| x / width),
        )
    }

    /// The place of scaled coordinates, moved into the box.
    fn unscaled(&self, scaled: &DVector<f64>) -> Vec<f64> {
        let places = scaled.iter().zip(&self.widths).zip(self.limits);
        places
            .map(|((one, width), [low, high])| (one * width).clamp(*low, *high))
            .collect()
    }
}

/// Orthonormal directions orthogonal to a unit vector.
fn complement(unit: &DVector<f64>) -> Vec<DVector<f64>> {
    let mut found: Vec<DVector<f64>> = vec![unit.clone()];
    for i in 0..unit.len() {
        let mut axis = DVector::zeros(unit.len());
        axis[i] = 1.0;
        for one in &found {
            axis -= one * one.dot(&axis);
        }
        if axis.norm() > 1.0 / (2.0 * unit.len() as f64).sqrt() && found.len() < unit.len() {
            found.push(axis.normalize());
        }
    }
    found.split_off(1)
}

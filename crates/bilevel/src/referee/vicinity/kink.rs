//! Kinks of the reduced objective of a leader of several variables: a minimum, a saddle or neither.
//!
//! Slopes differ across a kink and φ is smooth along it (the V- and U-spaces of Lemaréchal, Oustry and Sagastizábal,
//! Trans. AMS 2000). Across it, slopes on all sides must point away from the kink; along it, the values of φ decide,
//! each minimized across the kink, which may be curved.

use nalgebra::{DMatrix, DVector};

use super::{RADII, Vicinity};
use crate::numerics::roots::golden_section;

/// The most variables of a leader whose kinks are examined.
const MOST: usize = 3;
/// Radii at which slopes are taken, as shares of `near`: to balance them, and to tell the sides of a kink.
const BALANCE: f64 = 1.0 / 64.0;
const SIDES: f64 = 1.0 / 512.0;
/// The largest mean slope of a balanced kink, as a share of the steepest, and that of a kink from which φ falls.
const BALANCED: f64 = 0.1;
const LEVEL: f64 = 1e-3;
/// Slopes vary in a direction if they do by more than this share of the steepest.
const VARIED: f64 = 3e-3;
/// Least slope across a kink, as a share of the steepest, in one direction and in more.
const SHARP: [f64; 2] = [1e-3, 1e-2];
/// Directions across a kink in which that is tested.
const TESTED: usize = 400;
/// Golden sections across a kink, by the number of directions.
const SECTIONS: [usize; 2] = [44, 24];
/// A fall along a kink below this share of the span is an error of those.
const FALLEN: f64 = 1e-10;
/// Steps down from beside a kink.
const SLIDES: usize = 6;

/// Behavior of φ at a kink.
pub(super) enum Kink {
    /// φ falls nowhere.
    Minimum,
    /// φ falls on both sides along the kink, and has no slope there.
    Saddle,
    Unknown,
}

impl Vicinity<'_> {
    /// Scaled slopes around a place, within a share of the widths.
    fn slopes_around(&self, x: &[f64], radius: f64) -> Vec<DVector<f64>> {
        let places = self.directions();
        let places = places.iter().map(|one| self.moved(x, one, radius));
        let slopes = places.filter_map(|place| self.gradient(&place));
        slopes
            .map(|slope| {
                let free = self.free(x, &slope);
                let scaled = free
                    .iter()
                    .zip(&self.widths)
                    .map(|(one, width)| one * width);
                DVector::from_iterator(free.len(), scaled)
            })
            .collect()
    }

    /// True if slopes stay as steep however close to a place they are taken.
    pub(super) fn is_kink(&self, x: &[f64], near: f64) -> bool {
        let [far, close] =
            [BALANCE, BALANCE / 64.0].map(|share| steepest(&self.slopes_around(x, share * near)));
        close > 0.25 * far && close > 1e-9 * self.span
    }

    /// True if slopes around a place where φ has a kink cancel each other.
    pub(super) fn is_balanced(&self, x: &[f64], near: f64) -> bool {
        if x.len() > MOST {
            return false;
        }
        let slopes = self.slopes_around(x, SIDES * near);
        let left = shortest(&slopes).map_or(f64::INFINITY, |left| left.norm());
        left <= LEVEL * steepest(&slopes) && self.is_kink(x, near)
    }

    /// Classifies a kink that is not higher than φ on spheres around it.
    pub(super) fn kink(&self, x: &[f64], value: f64, near: f64, slack: f64) -> Kink {
        let slopes = self.slopes_around(x, BALANCE * near);
        let left = shortest(&slopes).map_or(0.0, |left| left.norm());
        if left > BALANCED * steepest(&slopes) || x.len() > MOST {
            return Kink::Unknown;
        }
        let slopes = self.slopes_around(x, SIDES * near);
        let (across, along) = spaces(&slopes);
        if !is_sharp(&slopes, &across) {
            let is_foot = x.len() == 2 && self.is_foot(x, value, near, slack);
            return if is_foot {
                Kink::Minimum
            } else {
                Kink::Unknown
            };
        }
        // the place itself is only about on the kink
        let reach = RADII[1] * near;
        let value = value.min(self.lowest_across(x, &across, reach));
        let mut falls = false;
        let mut is_level = true;
        for radius in RADII.map(|radius| radius * near) {
            let values = tried(&along, |direction| {
                [1.0, -1.0].map(|sign| {
                    let beside = self.moved(x, (direction * sign).as_slice(), radius);
                    self.lowest_across(&beside, &across, radius) - value
                })
            });
            let all = || values.iter().flatten();
            falls |= all().any(|change| *change < -slack - FALLEN * self.span);
            let bent = all().fold(0.0_f64, |most, change| most.max(change.abs()));
            // of the smaller radius, which comes last
            is_level = values
                .iter()
                .all(|[there, back]| (there - back).abs() <= 4.0 * slack + 0.1 * bent);
        }
        match (falls, is_level) {
            (false, _) => Kink::Minimum,
            (true, true) => Kink::Saddle,
            (true, false) => Kink::Unknown,
        }
    }

    /// The least φ across a kink, within a reach of a place.
    fn lowest_across(&self, x: &[f64], across: &[DVector<f64>], reach: f64) -> f64 {
        let Some((first, others)) = across.split_first() else {
            return self.phi(x);
        };
        let sections = SECTIONS[others.len().min(1)];
        let at = |length: f64| {
            let there = self.moved(x, first.as_slice(), length);
            self.lowest_across(&there, others, reach)
        };
        at(golden_section([-reach, reach], sections, at))
    }

    /// True if no descent from beside a kink leads below it.
    fn is_foot(&self, x: &[f64], value: f64, near: f64, slack: f64) -> bool {
        self.directions().iter().all(|direction| {
            let beside = self.moved(x, direction, 0.5 * near);
            let there = self.phi(&beside);
            let (_, fallen) = self.fall(&beside, there, [near / 16.0, near / 256.0], SLIDES);
            fallen >= value - slack
        })
    }
}

/// The norm of the longest slope.
fn steepest(slopes: &[DVector<f64>]) -> f64 {
    slopes.iter().map(DVector::norm).fold(0.0, f64::max)
}

/// Orthonormal directions in which slopes vary, and all others.
fn spaces(slopes: &[DVector<f64>]) -> (Vec<DVector<f64>>, Vec<DVector<f64>>) {
    let Some(first) = slopes.first() else {
        return (Vec::new(), Vec::new());
    };
    let size = first.len();
    let count = slopes.len() as f64;
    let mean = slopes
        .iter()
        .fold(DVector::zeros(size), |sum, one| sum + one)
        / count;
    let spread = slopes.iter().fold(DMatrix::zeros(size, size), |sum, one| {
        let apart = one - &mean;
        sum + &apart * apart.transpose() / count
    });
    let eigen = spread.symmetric_eigen();
    let least = (VARIED * steepest(slopes)).powi(2);
    let pairs = eigen
        .eigenvalues
        .iter()
        .zip(eigen.eigenvectors.column_iter());
    let (across, along): (Vec<_>, Vec<_>) = pairs
        .map(|(value, vector)| (*value > least, vector.into_owned()))
        .partition(|(is_varied, _)| *is_varied);
    let vectors = |all: Vec<(bool, DVector<f64>)>| all.into_iter().map(|one| one.1).collect();
    (vectors(across), vectors(along))
}

/// True if φ rises in all directions across a kink.
fn is_sharp(slopes: &[DVector<f64>], across: &[DVector<f64>]) -> bool {
    let rise = |direction: &DVector<f64>| {
        let along = slopes.iter().map(|slope| slope.dot(direction));
        along.fold(f64::NEG_INFINITY, f64::max)
    };
    let steepest = steepest(slopes);
    match across {
        [] => false,
        [only] => [only.clone(), -only]
            .iter()
            .all(|one| rise(one) >= SHARP[0] * steepest),
        _ => (0..TESTED).all(|number| {
            // points of a spiral cover a sphere evenly, and a circle too
            let turn = number as f64 * 2.399_963_229_728_653;
            let height = match across.len() {
                2 => 0.0,
                _ => 1.0 - 2.0 * (number as f64 + 0.5) / TESTED as f64,
            };
            let flat = (1.0 - height * height).sqrt();
            let parts = [flat * turn.cos(), flat * turn.sin(), height];
            let direction = across.iter().zip(parts).map(|(one, part)| one * part);
            let direction = direction.reduce(|sum, one| sum + one);
            direction.is_some_and(|one| rise(&one) >= SHARP[1] * steepest)
        }),
    }
}

/// The values on both sides in some directions along a kink; of two dimensions, also in the one of least curvature.
fn tried(along: &[DVector<f64>], sides: impl Fn(&DVector<f64>) -> [f64; 2]) -> Vec<[f64; 2]> {
    let [first, second] = along else {
        return along.iter().map(sides).collect();
    };
    let at = |angle: f64| sides(&(first * angle.cos() + second * angle.sin()));
    let eighth = std::f64::consts::FRAC_PI_4;
    let mut values: Vec<[f64; 2]> = (0..4)
        .map(|number| at(f64::from(number) * eighth))
        .collect();
    let bent: Vec<f64> = values.iter().map(|[there, back]| there + back).collect();
    let most = 0.5 * (bent[1] - bent[3]).atan2(bent[0] - bent[2]);
    values.push(at(most + 2.0 * eighth));
    values
}

/// The shortest vector of the convex hull of `vectors`, by steps towards the vector that shortens it most.
pub(super) fn shortest(vectors: &[DVector<f64>]) -> Option<DVector<f64>> {
    let mut found = vectors.first()?.clone();
    for _ in 0..200 {
        let best = vectors
            .iter()
            .min_by(|a, b| a.dot(&found).total_cmp(&b.dot(&found)))?;
        let apart = &found - best;
        let gained = found.dot(&apart);
        if gained <= 1e-6 * found.norm_squared() {
            break;
        }
        let share = (gained / apart.norm_squared()).min(1.0);
        found -= apart * share;
    }
    Some(found)
}

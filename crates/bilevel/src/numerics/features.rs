//! Places at which a function along a line turns within a short way, from the arguments of its parts.
//!
//! A few samples of exp(-((y - a)/w)²) are all 0 beside a narrow well, but samples of its argument show where it is.
//!
//! ```text
//! peak       exp(u)               u is greatest, and falls by 1/2 within the way
//! crossing   tanh(u), ...         u vanishes or comes close to 0, and changes by 2 within the way
//! least      1/u, log(u), ...     |u| is least but not 0, and doubles within the way
//! kink       max(u, 0), |u|, ...  u has the other sign only within the way; two kinks lie within it
//! wave       sin(u), ...          u changes by more than π/4 between two samples
//! ```

use std::f64::consts::FRAC_PI_4;

use super::roots::golden_section;

/// The change of an argument within a narrow peak and a narrow crossing.
const PEAK: f64 = 0.5;
const CROSSING: f64 = 2.0;
/// The share of that change between two samples from which on the feature may be narrow.
const HINT: f64 = 0.2;
/// An argument farther from 0 than this is beyond a crossing.
const BEYOND: f64 = 20.0;
/// An argument below this share of its usual magnitude is one of rounding.
const ROUNDING: f64 = 1e-12;
/// Kinks closer than this share of the way are one.
const SAME: f64 = 1e-12;
/// The most halvings of the way to measure a width, bisections towards a zero, and golden sections.
const HALVINGS: usize = 34;
const BISECTIONS: usize = 60;
const SECTIONS: usize = 72;
/// Samples around a place: the nearest, in widths of the feature, and the growth of distances up to the way.
const NEAREST: f64 = 0.1;
const GROWTH: f64 = 1.4;
/// The most places added to a line.
const MOST: usize = 4096;

/// The way in which a part of a function turns with its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// A peak, where the argument is greatest.
    Peak,
    /// A crossing or near touch of 0 by the argument.
    Crossing,
    /// The least magnitude of the argument.
    Least,
    /// A kink, where the argument is 0.
    Kink,
    /// A wave, which turns whenever the argument has changed by π.
    Wave,
}

/// The argument of a part of a function at some point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    /// The way in which the part turns.
    pub kind: FeatureKind,
    /// The value of its argument.
    pub argument: f64,
}

/// A narrow feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NarrowFeature {
    /// Its middle.
    pub(crate) place: f64,
    /// The distance from it over which its argument changes.
    pub(crate) width: f64,
}

/// The search for narrow features of a function along a line.
pub(crate) struct FeatureSearch<'a> {
    /// The way within which a feature is narrow.
    pub(crate) way: f64,
    /// The ends of the line.
    pub(crate) limits: [f64; 2],
    /// The usual magnitudes of the arguments; the largest on the line for those not given.
    pub(crate) scales: Vec<f64>,
    /// The features at a place: as many, of the same kinds, wherever they are known; none where they are not.
    pub(crate) features: &'a dyn Fn(f64) -> Vec<Feature>,
}

impl FeatureSearch<'_> {
    /// The narrow features of one part each, waves aside, between samples at ascending places.
    pub(crate) fn narrow(&self, samples: &[(f64, Vec<Feature>)]) -> Vec<NarrowFeature> {
        let mut found = Vec::new();
        for (term, kind) in kinds(samples).into_iter().enumerate() {
            let known = arguments(samples, term);
            let least = self.least(&known, term);
            let places = self.candidates(&known, (term, kind), least);
            found.extend(places.into_iter().filter_map(|place| {
                let width = self.width(place, (term, kind), least)?;
                Some(NarrowFeature { place, width })
            }));
        }
        found
    }

    /// Kinks so close to each other that they may form a narrow feature.
    fn kinks(&self, samples: &[(f64, Vec<Feature>)]) -> Vec<NarrowFeature> {
        let terms = kinds(samples).into_iter().enumerate();
        let terms = terms.filter(|(_, kind)| *kind == FeatureKind::Kink);
        let kinks = terms.flat_map(|(term, _)| {
            let known = arguments(samples, term);
            self.zeros(&known, term, self.least(&known, term))
        });
        let mut kinks: Vec<f64> = kinks.collect();
        kinks.sort_unstable_by(f64::total_cmp);
        let between = kinks.windows(2).filter_map(|pair| {
            let width = 0.5 * (pair[1] - pair[0]);
            let is_narrow = SAME * self.way < width && width < self.way;
            is_narrow.then_some(NarrowFeature {
                place: pair[0] + width,
                width,
            })
        });
        between.collect()
    }

    /// The magnitude below which the argument of a term is one of rounding.
    fn least(&self, known: &[[f64; 2]], term: usize) -> f64 {
        let usual = self.scales.get(term).copied();
        let most = || known.iter().map(|at| at[1].abs()).fold(0.0, f64::max);
        ROUNDING * usual.unwrap_or_else(most)
    }

    /// Places to sample besides those of the samples, so that every feature between them shows, in ascending order;
    /// `None` if there are too many.
    pub(crate) fn places(&self, samples: &[(f64, Vec<Feature>)]) -> Option<Vec<f64>> {
        let [low, high] = self.limits;
        let mut places = Vec::new();
        for feature in self.narrow(samples).into_iter().chain(self.kinks(samples)) {
            places.push(feature.place);
            let mut distance = NEAREST * feature.width;
            while distance < self.way && places.len() <= MOST {
                places.extend([feature.place - distance, feature.place + distance]);
                distance *= GROWTH;
            }
        }
        for pair in samples.windows(2) {
            self.split(pair, &mut places);
            if places.len() > MOST {
                return None;
            }
        }
        places.retain(|place| (low..=high).contains(place));
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        Some(places)
    }

    /// Adds places between two samples until no wave turns unseen between two of them; more than the most that are
    /// allowed if there is no end to it.
    fn split(&self, pair: &[(f64, Vec<Feature>)], places: &mut Vec<f64>) {
        let mut ahead = vec![(pair[0].clone(), pair[1].clone())];
        while let Some((left, right)) = ahead.pop() {
            let middle = 0.5 * (left.0 + right.0);
            let is_seen = turn(&left.1, &right.1) <= FRAC_PI_4;
            if is_seen || !(left.0 < middle && middle < right.0) {
                continue;
            }
            places.push(middle);
            if places.len() > MOST {
                return;
            }
            let between = (middle, (self.features)(middle));
            ahead.push((left, between.clone()));
            ahead.push((between, right));
        }
    }

    fn argument(&self, place: f64, term: usize) -> f64 {
        (self.features)(place)
            .get(term)
            .map_or(f64::NAN, |feature| feature.argument)
    }

    /// The places at which a term may have a narrow feature.
    fn candidates(
        &self,
        known: &[[f64; 2]],
        (term, kind): (usize, FeatureKind),
        least: f64,
    ) -> Vec<f64> {
        // what is least at the middle of the feature
        let size = |argument: f64| match kind {
            FeatureKind::Peak => -argument,
            FeatureKind::Crossing | FeatureKind::Least => argument.abs(),
            FeatureKind::Kink | FeatureKind::Wave => f64::NAN,
        };
        let mut found = Vec::new();
        for three in known.windows(3) {
            let ends = [three[0][0], three[2][0]];
            let [left, middle, right] = [0, 1, 2].map(|number: usize| three[number][1]);
            if kind == FeatureKind::Kink {
                let sign = middle.signum();
                // the neighbor with the least magnitude is that which the other sign may hide beside
                let is_alike = left * sign > 0.0 && right * sign > 0.0;
                if is_alike && middle * sign <= (left * sign).min(right * sign) {
                    let place = golden_section(ends, SECTIONS, |at| sign * self.argument(at, term));
                    found.push(place);
                } else if left * sign < 0.0 && right * sign < 0.0 {
                    found.push(three[1][0]);
                }
                continue;
            }
            let change = (left - middle).abs().max((right - middle).abs());
            let argument = middle.abs();
            let [left, middle, right] = [left, middle, right].map(size);
            let is_lowest = middle <= left && middle <= right && middle < left.max(right);
            if is_lowest && change >= HINT * needed(kind, argument) {
                found.push(golden_section(ends, SECTIONS, |at| {
                    let size = size(self.argument(at, term));
                    if size.is_nan() { f64::INFINITY } else { size }
                }));
            }
        }
        if kind == FeatureKind::Crossing {
            found.extend(self.zeros(known, term, least));
        }
        found
    }

    /// The places at which the argument of a term changes its sign, by more than rounding.
    fn zeros(&self, known: &[[f64; 2]], term: usize, least: f64) -> Vec<f64> {
        let known: Vec<[f64; 2]> = known.iter().copied().filter(|at| at[1] != 0.0).collect();
        let changes = known.windows(2).filter(|pair| {
            pair[0][1] * pair[1][1] < 0.0 && (pair[0][1] - pair[1][1]).abs() > least
        });
        let zeros = changes.map(|pair| {
            let [mut left, mut right] = [pair[0][0], pair[1][0]];
            for _ in 0..BISECTIONS {
                let middle = 0.5 * (left + right);
                if self.argument(middle, term) * pair[0][1] > 0.0 {
                    left = middle;
                } else {
                    right = middle;
                }
            }
            0.5 * (left + right)
        });
        zeros.collect()
    }

    /// The distance from a place over which the argument of a term changes; `None` if that is no narrow feature.
    fn width(&self, place: f64, (term, kind): (usize, FeatureKind), least: f64) -> Option<f64> {
        let here = self.argument(place, term);
        let is_none = match kind {
            FeatureKind::Crossing => here.abs() > BEYOND,
            FeatureKind::Kink => here.abs() <= least,
            _ => false,
        };
        if is_none {
            return None;
        }
        let needed = needed(kind, here.abs());
        let [low, high] = self.limits;
        let changes = |distance: f64| {
            let sides = [place - distance, place + distance].into_iter();
            let mut inside = sides.filter(|there| (low..=high).contains(there));
            let there = |there: f64| self.argument(there, term);
            match kind {
                FeatureKind::Kink => inside.all(|at| there(at) * here < 0.0),
                _ => inside.any(|at| (there(at) - here).abs() >= needed),
            }
        };
        if !changes(self.way) {
            return None;
        }
        let mut width = self.way;
        for _ in 0..HALVINGS {
            if !changes(0.5 * width) {
                return Some(width);
            }
            width *= 0.5;
        }
        // an argument that vanishes doubles at every distance: that is a pole
        (kind != FeatureKind::Least).then_some(width)
    }
}

/// The change of an argument within a narrow feature in whose middle it has some magnitude.
fn needed(kind: FeatureKind, argument: f64) -> f64 {
    match kind {
        FeatureKind::Peak => PEAK,
        FeatureKind::Crossing => CROSSING,
        FeatureKind::Least => argument,
        FeatureKind::Kink | FeatureKind::Wave => 0.0,
    }
}

/// The largest change of the argument of a wave between two samples; 0 if there is none.
fn turn(left: &[Feature], right: &[Feature]) -> f64 {
    let pairs = left.iter().zip(right);
    let waves = pairs.filter(|(left, _)| left.kind == FeatureKind::Wave);
    let changes = waves.map(|(left, right)| (right.argument - left.argument).abs());
    changes
        .filter(|change| change.is_finite())
        .fold(0.0, f64::max)
}

/// The largest change of the argument of a wave between two samples that follow each other.
pub(crate) fn most_turned(samples: &[(f64, Vec<Feature>)]) -> f64 {
    let pairs = samples.windows(2);
    pairs
        .map(|pair| turn(&pair[0].1, &pair[1].1))
        .fold(0.0, f64::max)
}

/// The kinds of the terms of samples.
fn kinds(samples: &[(f64, Vec<Feature>)]) -> Vec<FeatureKind> {
    let longest = samples.iter().max_by_key(|one| one.1.len());
    let features = longest.into_iter().flat_map(|one| &one.1);
    features.map(|feature| feature.kind).collect()
}

/// The places and the arguments of a term where they are defined.
fn arguments(samples: &[(f64, Vec<Feature>)], term: usize) -> Vec<[f64; 2]> {
    let known = samples
        .iter()
        .filter_map(|(place, features)| Some([*place, features.get(term)?.argument]));
    known.filter(|at| !at[1].is_nan()).collect()
}

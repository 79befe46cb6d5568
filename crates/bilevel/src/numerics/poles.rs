//! Poles at which a function along a line falls without bound.
//!
//! ```text
//! place   a zero of a term of the function: the term changes its sign there, or touches 0
//! pole    on one side of the place, each of the last halvings of the distance from it makes the function fall, beyond
//!         rounding, and by no less than 9/10 of the fall by the halving before
//! ```
//!
//! Towards the pole of a logarithm the falls are equal, towards that of a power they grow. Into a well of finite depth
//! they die away: to 1/4 at a smooth bottom, to 1/2 at a kink, and to 0.71 at the cusp of a square root.

use super::roots::golden_section;

/// The number of last halvings that count, and the share of a fall that the next one keeps at a pole.
const LAST: i32 = 6;
const KEPT: f64 = 0.9;
/// A change of a value below this share of it is rounding.
const ROUNDING: f64 = 64.0 * f64::EPSILON;
/// All halvings of the width, and those if the place is less accurate: where a term touches 0 or comes from a solution.
pub(crate) const EXACT: i32 = 34;
pub(crate) const ROUGH: i32 = 24;
/// A term below this share of its largest value on the line vanishes.
const VANISHING: f64 = 1e-12;
/// Between its neighbors, a sample below this share of the higher one may be near a place where the term touches 0.
const LOW: f64 = 0.4;
/// The most bisections, and the golden sections towards a place where a term touches 0.
const BISECTIONS: usize = 90;
const SECTIONS: usize = 45;

/// A sample of the terms: the place and their values.
pub(crate) type TermSample = (f64, Vec<f64>);

/// The search for poles of a function along a line.
pub(crate) struct PoleSearch<'a> {
    /// The length in which distances are measured.
    pub(crate) width: f64,
    /// The ends of the line.
    pub(crate) limits: [f64; 2],
    /// True if values and terms come from formulas alone, and not from solutions at each place.
    pub(crate) is_exact: bool,
    /// The values of the terms; none where they are unknown.
    pub(crate) terms: &'a dyn Fn(f64) -> Vec<f64>,
    /// The function; NaN where it is undefined.
    pub(crate) value: &'a dyn Fn(f64) -> f64,
}

impl PoleSearch<'_> {
    /// The poles between samples of the terms along the line, in ascending order of their places.
    pub(crate) fn poles(&self, samples: &[TermSample]) -> Vec<f64> {
        let count = samples.iter().map(|one| one.1.len()).max().unwrap_or(0);
        (0..count)
            .flat_map(|term| self.zeros(samples, term))
            .filter(|&(place, halvings)| {
                falls_without_bound(place, (self.width, self.limits, halvings), self.value)
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// The places at which a term vanishes, with the number of halvings that their accuracy permits.
    fn zeros(&self, samples: &[TermSample], term: usize) -> Vec<(f64, i32)> {
        let known = samples
            .iter()
            .filter_map(|(place, terms)| Some([*place, *terms.get(term)?]));
        let known: Vec<[f64; 2]> = known.filter(|one| one[1].is_finite()).collect();
        let most = known
            .iter()
            .fold(0.0_f64, |most, one| most.max(one[1].abs()));
        if most == 0.0 {
            return Vec::new();
        }
        let fine = if self.is_exact { EXACT } else { ROUGH };
        let zeros = known.iter().filter(|one| one[1].abs() <= VANISHING * most);
        let mut found: Vec<(f64, i32)> = zeros.map(|one| (one[0], fine)).collect();
        for pair in known.windows(2) {
            if pair[0][1] * pair[1][1] < 0.0 {
                found.push((self.root([pair[0], pair[1]], term), fine));
            }
        }
        let size = |place: f64| {
            let value = (self.terms)(place)
                .get(term)
                .map_or(f64::NAN, |one| one.abs());
            if value.is_nan() { f64::INFINITY } else { value }
        };
        for three in known.windows(3) {
            let [left, middle, right] = [0, 1, 2].map(|number: usize| three[number][1].abs());
            if middle <= left && middle <= right && middle <= LOW * left.max(right) {
                let place = golden_section([three[0][0], three[2][0]], SECTIONS, size);
                if size(place) <= VANISHING * most {
                    found.push((place, ROUGH));
                }
            }
        }
        found
    }

    /// A change of a term's sign between two samples, or a place in between at which it is unknown.
    fn root(&self, [mut left, mut right]: [[f64; 2]; 2], term: usize) -> f64 {
        for _ in 0..BISECTIONS {
            let place = 0.5 * (left[0] + right[0]);
            if !(left[0] < place && place < right[0]) {
                break;
            }
            let value = (self.terms)(place).get(term).copied();
            let Some(value) = value.filter(|value| value.abs() > 0.0) else {
                return place;
            };
            if value * left[1] > 0.0 {
                left = [place, value];
            } else {
                right = [place, value];
            }
        }
        if left[1].abs() < right[1].abs() {
            left[0]
        } else {
            right[0]
        }
    }
}

/// True if a function falls without bound towards a place on one of its sides, within the line's ends.
pub(crate) fn falls_without_bound(
    place: f64,
    (width, [low, high], halvings): (f64, [f64; 2], i32),
    value: impl Fn(f64) -> f64,
) -> bool {
    [-1.0, 1.0].into_iter().any(|side| {
        let distances = (halvings - LAST..=halvings).map(|halving| width * 0.5_f64.powi(halving));
        let places: Vec<f64> = distances.map(|away| place + side * away).collect();
        if !places.iter().all(|there| (low..=high).contains(there)) {
            return false;
        }
        let values: Vec<f64> = places.into_iter().map(&value).collect();
        if values.contains(&f64::NEG_INFINITY) {
            return true;
        }
        let fall = |pair: &[f64]| {
            let rounding = ROUNDING * pair[0].abs().max(pair[1].abs());
            let fall = pair[0] - pair[1];
            (fall > rounding).then_some(fall)
        };
        let falls: Option<Vec<f64>> = values.windows(2).map(fall).collect();
        falls.is_some_and(|falls| falls.windows(2).all(|pair| pair[1] >= KEPT * pair[0]))
    })
}

//! Leaders of one variable: the window around x is sampled.

use super::{Around, Low, Vicinity, WINDOW};
use crate::messages;
use crate::numerics::roots::golden_section;

/// Samples of the window around x, and golden sections towards the lowest.
const SAMPLES: usize = 16;
const SECTIONS: usize = 16;

impl Vicinity<'_> {
    pub(super) fn on_a_line(&self, x: f64, near: f64, slack: f64) -> Around {
        let reach = WINDOW * near * self.widths[0];
        let [bottom, top] = self.limits[0];
        let (low, high) = ((x - reach).max(bottom), (x + reach).min(top));
        let phi = |place: f64| self.phi(&[place]);
        let mut places: Vec<f64> = (0..=SAMPLES)
            .map(|number| match number {
                SAMPLES => high,
                _ => low + (high - low) * number as f64 / SAMPLES as f64,
            })
            .collect();
        // a place that equals x up to rounding is no neighbor
        let is_end = |place: f64| place == low || place == high;
        places.retain(|place| is_end(*place) || (place - x).abs() > 1e-3 * reach);
        places.push(x);
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        let values: Vec<f64> = places.iter().map(|place| phi(*place)).collect();
        if self.token.is_cancelled() {
            return Around::Unknown(messages::outcome::work_stopped());
        }
        let last = places.len() - 1;
        let is_beside = |place: usize, other: usize| values[place] <= values[other] + slack;
        // true if neither neighbor is lower; the ends of the window count only if they are those of the box
        let is_low = |place: usize| {
            values[place].is_finite()
                && if place == 0 {
                    places[0] <= bottom
                } else {
                    is_beside(place, place - 1)
                }
                && if place == last {
                    places[last] >= top
                } else {
                    is_beside(place, place + 1)
                }
        };
        let lowest = (0..=last).filter(|&place| is_low(place));
        let refined = lowest.map(|place| {
            if places[place] == x && is_flat(&places, &values, (place, slack)) {
                // on a plateau, x itself is a minimum
                return (x, values[place]);
            }
            let bracket = [place.saturating_sub(1), (place + 1).min(last)].map(|at| places[at]);
            let inner = golden_section(bracket, SECTIONS, phi);
            let value = phi(inner);
            if value < values[place] {
                (inner, value)
            } else {
                (places[place], values[place])
            }
        });
        let away = |place: f64| (place - x).abs() / self.widths[0];
        let nearest = refined.min_by(|a, b| away(a.0).total_cmp(&away(b.0)));
        if let Some((place, value)) = nearest.filter(|(place, _)| away(*place) <= near) {
            return Around::Minimum(Low {
                x: vec![place],
                value,
                is_edge: self.is_held(place, value, reach, slack),
                is_jump: [low, high]
                    .iter()
                    .any(|end| self.is_parted(&[place], &[*end])),
            });
        }
        // a change of φ across a jump says nothing about its slope
        if [low, high].iter().any(|end| self.is_parted(&[x], &[*end])) {
            return Around::Slope;
        }
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = (0..=last)
            .max_by(|&a, &b| values[a].total_cmp(&values[b]))
            .unwrap_or_default();
        let most = values[highest];
        let falls = values[0] < most - slack && values[last] < most - slack;
        let is_top = falls && (places[highest] - x).abs() <= near * self.widths[0];
        if is_top || self.is_level(x, (low, high), (&values, most - least), slack) {
            Around::Saddle
        } else {
            Around::Slope
        }
    }

    /// True if φ has no slope at a place near which it falls: an inflection.
    fn is_level(
        &self,
        x: f64,
        (low, high): (f64, f64),
        (values, height): (&[f64], f64),
        slack: f64,
    ) -> bool {
        if values.iter().any(|value| !value.is_finite()) || height <= 64.0 * slack {
            return false;
        }
        let step = (high - low) / 64.0;
        let (below, here, above) = (
            self.phi(&[(x - step).max(low)]),
            self.phi(&[x]),
            self.phi(&[(x + step).min(high)]),
        );
        // a linear φ would change by a 64th of its height over one step
        let change = (above - here).abs().max((here - below).abs());
        change <= slack.max(height / 2000.0)
    }

    /// True if only an edge of the box holds a place: φ slopes there, towards the edge.
    fn is_held(&self, place: f64, value: f64, reach: f64, slack: f64) -> bool {
        let [bottom, top] = self.limits[0];
        let inwards = if place <= bottom {
            1.0
        } else if place >= top {
            -1.0
        } else {
            return false;
        };
        // linear growth doubles over twice the distance, quadratic growth quadruples
        let rise = |share: f64| self.phi(&[place + inwards * share * reach]) - value;
        let (once, twice) = (rise(0.125), rise(0.25));
        once > slack && twice < 3.0 * once
    }
}

/// True if φ is equal at a place and one of its neighbors.
fn is_flat(places: &[f64], values: &[f64], (place, slack): (usize, f64)) -> bool {
    let beside = [place.checked_sub(1), Some(place + 1)];
    beside
        .into_iter()
        .flatten()
        .filter(|beside| *beside < places.len())
        .any(|beside| (values[beside] - values[place]).abs() <= slack)
}

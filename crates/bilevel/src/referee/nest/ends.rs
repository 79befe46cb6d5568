//! Ends of a level's searches, and samples beyond its region.

use super::super::region::Region;
use super::{SAME, TIE};
use crate::numerics::Point;

/// Doublings of the step beyond an open end.
const DOUBLINGS: usize = 30;

/// Ends of a level's searches, each with its value.
pub(super) struct SearchEnds {
    pub(super) ends: Vec<(f64, Point)>,
    pub(super) spread: f64,
}

impl SearchEnds {
    /// Keeps the ends that are tied with the best, each once.
    pub(super) fn reach(&mut self, region: &Region, level: usize) {
        self.ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let best = self.ends.first().map_or(f64::NAN, |end| end.0);
        let good = best + TIE * self.spread + 8.0 * f64::EPSILON * best.abs();
        let mut kept: Vec<(f64, Point)> = Vec::new();
        for end in self.ends.drain(..).take_while(|end| end.0 <= good) {
            let is_new =
                |known: &(f64, Point)| region.distance_from(level, &known.1, &end.1) > 100.0 * SAME;
            if kept.iter().all(is_new) {
                kept.push(end);
            }
        }
        self.ends = kept;
    }
}

/// Samples outwards from an end of the region by doubled steps, until the values rise.
pub(super) fn beyond(
    (end, value): (f64, f64),
    width: f64,
    sample: impl Fn(f64) -> Option<(f64, Point)>,
) -> Vec<(f64, Point)> {
    let mut samples: Vec<(f64, Point)> = Vec::new();
    let mut distance = 0.5 * width;
    let mut last = value;
    for _ in 0..DOUBLINGS {
        let Some(next) = sample(end + distance) else {
            break;
        };
        let rises = next.0 > last;
        last = next.0;
        samples.push(next);
        if rises && distance.abs() > width.abs() {
            break;
        }
        distance *= 2.0;
    }
    samples
}

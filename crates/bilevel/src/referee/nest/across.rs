//! Candidate solutions of a level of several variables: descents from points spread over its region.

use super::super::region::span;
use super::{Nest, SAME, SPREAD, STARTS, SearchEnds};
use crate::numerics::Point;

impl Nest<'_> {
    /// Candidate solutions of a level of several variables.
    pub(super) fn across(&self, level: usize, at: &Point) -> Option<SearchEnds> {
        if let Some(followed) = self.followed(level, at) {
            return Some(followed);
        }
        let levels = at.shape().levels();
        let place = (levels - 2).min(STARTS.len() - 1);
        let (count, followed) = (SPREAD[place], STARTS[place]);
        let ranges = self.region.ranges(level);
        let own = &self.problem.metadata().start[level];
        let spread = |offset: &[f64]| -> Vec<Vec<f64>> {
            let block = |number: usize| {
                let mut block = own.to_vec();
                self.region.spread(level, number, &mut block);
                for (value, offset) in block.iter_mut().zip(offset) {
                    *value += offset;
                }
                block
            };
            (0..count).map(block).collect()
        };
        let mut starts = spread(&vec![0.0; own.len()]);
        starts.insert(0, own.to_vec());
        starts.extend(self.hinted(level, at));
        let mut found = self.descended(level, at, starts, followed)?;
        let best = found.ends.first()?.1[level].to_vec();
        let is_inside = best
            .iter()
            .zip(ranges)
            .all(|(value, [low, high])| low <= value && value <= high);
        if !is_inside {
            // measured over the region, a far end is neither accurate nor distinct
            let offset = best.iter().zip(ranges);
            let offset: Vec<f64> = offset
                .map(|(best, [low, high])| best - 0.5 * (low + high))
                .collect();
            let mut starts = spread(&offset);
            starts.extend(found.ends.iter().map(|end| end.1[level].to_vec()));
            found = self.descended(level, at, starts, followed + 1)?;
        }
        self.remember_ends(level, at, &found, None);
        Some(found)
    }

    /// Ends of descents from the lowest of some starts, the best first, and the span of the objective over all starts;
    /// `None` if there is none.
    fn descended(
        &self,
        level: usize,
        at: &Point,
        starts: Vec<Vec<f64>>,
        followed: usize,
    ) -> Option<SearchEnds> {
        let width = self.region.widths(level).fold(0.0, f64::max);
        let mut samples: Vec<(f64, Point)> = Vec::new();
        for block in starts {
            let mut start = at.clone();
            start[level].copy_from_slice(&block);
            self.problem
                .metadata()
                .bounds
                .project(level, &mut start[level]);
            if let Some(value) = self.reduced(level, &mut start) {
                samples.push((value, start));
            }
        }
        let spread = span(samples.iter().map(|one| one.0));
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut ends: Vec<(f64, Point)> = Vec::new();
        for mut here in samples.into_iter().take(followed) {
            // each round ends with the global deeper solutions, from which further steps may descend
            for _ in 0..3 {
                match self.stepped(level, &here.1, spread.max(f64::MIN_POSITIVE) / width) {
                    Some(next) if next.0 < here.0 => {
                        let moved = self.region.distance(level, &next.1[level], &here.1[level]);
                        here = next;
                        if moved <= SAME {
                            break;
                        }
                    }
                    _ => break,
                }
            }
            ends.push(here);
        }
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        (!ends.is_empty()).then_some(SearchEnds { ends, spread })
    }
}

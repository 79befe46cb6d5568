//! Minima remembered by their upper blocks, and followed to nearby ones.

use super::super::multistart::{KnownWish, Nearby};
use super::{Nest, SearchEnds};
use crate::numerics::Point;

/// The largest distance, in widths, over which minima are followed, by the number of levels from two on, since searches
/// cost ever more; and the number of searches remembered.
const RECALLED: [f64; 4] = [1.0 / 48.0, 1.0 / 32.0, 1.0 / 10.0, 1.0 / 5.0];
const MEMORY: usize = 512;
/// The number of results that were followed and are remembered, as nearer starts.
const LATEST: usize = 48;

/// Minima found for given upper blocks.
#[derive(Debug)]
pub(super) struct Remembered {
    level: usize,
    upper: Vec<f64>,
    /// The upper blocks of the search from which they were followed: these ones for a search.
    origin: Vec<f64>,
    /// The results; minima are the blocks from the level on, global or not.
    found: Nearby,
}

impl Nest<'_> {
    /// The remembered results nearest to the upper blocks of a point, of searches within reach, and the upper blocks of
    /// that search.
    pub(super) fn recalled(&self, level: usize, at: &Point) -> Option<(Nearby, Vec<f64>)> {
        let searched = self.memory.as_ref()?.borrow();
        let followed = self.latest.borrow();
        let upper = &at.values()[..at.shape().range(level).start];
        let reach = reach(at);
        let known = searched.iter().chain(followed.iter());
        let near = known
            .filter(|one| one.level == level)
            .filter(|one| self.region.is_within(upper, &one.origin, reach));
        let away = near.map(|one| (self.region.apart(upper, &one.upper), one));
        let (_, nearest) = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((nearest.found.clone(), nearest.origin.clone()))
    }

    /// The block that the leader prefers in the nearest search of the innermost level, at any distance.
    pub(super) fn nearest_wish(&self, at: &Point) -> KnownWish {
        let Some(memory) = &self.memory else {
            return KnownWish::Unasked;
        };
        let level = at.shape().levels();
        let searched = memory.borrow();
        let upper = &at.values()[..at.shape().range(level).start];
        let known = searched.iter().filter(|one| one.level == level);
        let away = known.map(|one| (self.region.apart(upper, &one.upper), one));
        match away.min_by(|a, b| a.0.total_cmp(&b.0)) {
            None => KnownWish::Unasked,
            Some((_, nearest)) => match &nearest.found.wish {
                None => KnownWish::Nowhere,
                Some(wish) => KnownWish::At(wish.clone()),
            },
        }
    }

    /// Remembers results of a search, or of following those of an earlier one at `origin`.
    pub(super) fn remember(
        &self,
        level: usize,
        at: &Point,
        found: Nearby,
        origin: Option<Vec<f64>>,
    ) {
        let Some(memory) = &self.memory else {
            return;
        };
        let upper = at.values()[..at.shape().range(level).start].to_vec();
        let is_followed = origin.is_some();
        let new = Remembered {
            level,
            origin: origin.unwrap_or_else(|| upper.clone()),
            upper,
            found,
        };
        if is_followed {
            let mut latest = self.latest.borrow_mut();
            if latest.len() >= LATEST {
                latest.pop_front();
            }
            latest.push_back(new);
            return;
        }
        let mut memory = memory.borrow_mut();
        if memory.len() >= MEMORY {
            memory.remove(0);
        }
        memory.push(new);
    }

    /// Remembers the distinct minima among the ends of a search, or those followed from an earlier one at an origin if
    /// none was lost on the way.
    pub(super) fn remember_ends(
        &self,
        level: usize,
        at: &Point,
        found: &SearchEnds,
        origin: Option<Vec<f64>>,
    ) {
        let first = at.shape().range(level).start;
        let mut minima: Vec<&Point> = Vec::new();
        for (_, end) in &found.ends {
            let is_new = |known: &&Point| self.region.distance_from(level, known, end) > 1e-3;
            if minima.iter().all(is_new) {
                minima.push(end);
            }
        }
        if origin.is_some() && minima.len() < found.ends.len() {
            return;
        }
        let minima = minima.iter().map(|end| end.values()[first..].to_vec());
        let found = Nearby {
            minima: minima.collect(),
            spread: found.spread,
            wish: None,
        };
        self.remember(level, at, found, origin);
    }
}

/// The largest distance over which minima are followed, in widths.
pub(super) fn reach(at: &Point) -> f64 {
    RECALLED[(at.shape().levels() - 2).min(RECALLED.len() - 1)]
}

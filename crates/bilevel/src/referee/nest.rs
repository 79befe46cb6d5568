//! Solutions of several nested levels, each global over its region: samples of a level's objective with all deeper
//! levels solved, and exact steps from the lowest of them.
//!
//! Level k − 1 chooses among the tied solutions of level k, level k − 2 among those still tied, and so on up to the
//! leader: for two levels this is the optimistic rule.

mod across;
mod ends;
mod known_searches;
mod refined;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use self::ends::{SearchEnds, beyond};
use self::known_searches::{Remembered, reach};
use super::answered::Answered;
use super::column_cache::ColumnCache;
use super::follower::{ColumnMemory, Follower, StationaryPoints};
use super::multistart::{self, GivenStarts, KnownWish, Nearby};
use super::narrow::is_narrow_follower;
use super::obstacles;
use super::region::{Region, span, span_of_exact};
use crate::nested::Exact;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// Samples along a block of one variable above the innermost level, by the number of levels, from two on.
const SAMPLES: [usize; 5] = [25, 25, 13, 7, 5];
/// Samples of a block of several variables, and the number of lowest ones that steps start from, by the same number.
const SPREAD: [usize; 5] = [32, 32, 12, 6, 4];
const STARTS: [usize; 5] = [5, 5, 3, 2, 2];
/// The most samples for the span of an objective.
const MOST_SPREAD: usize = 32;
/// The number of lowest samples that are refined.
const FOLLOWED: usize = 4;
/// Values within this share of their span are tied, for the level itself and for the levels above that choose.
const TIE: f64 = 1e-12;
/// Solutions closer than this share of the width are the same.
const SAME: f64 = 1e-6;

/// Solver of all levels but the first.
#[derive(Debug)]
pub(super) struct Nest<'a> {
    problem: &'a dyn Problem,
    region: Region,
    token: &'a WorkToken,
    follower: Option<Follower<'a>>,
    /// Searches so far, the latest last; `None` if every solution is searched for anew.
    memory: Option<RefCell<Vec<Remembered>>>,
    /// The latest minima that were followed.
    latest: RefCell<VecDeque<Remembered>>,
    /// Columns of a follower of one variable searched or followed so far.
    known_columns: ColumnMemory,
    /// Shared stationary points of a follower beneath a leader of one variable.
    columns: Option<Arc<ColumnCache>>,
    /// Blocks of all lower levels, in one, to start from as well.
    hints: RefCell<Vec<Vec<f64>>>,
    /// Solver of exact steps, created when first needed.
    exact: RefCell<Option<Exact>>,
    uses_closed_forms: bool,
    /// False if a lower level's objective jumps, so that no search finds its minima for certain.
    is_continuous: bool,
}

impl<'a> Nest<'a> {
    pub(super) fn new(
        problem: &'a dyn Problem,
        region: Region,
        uses_closed_forms: bool,
        token: &'a WorkToken,
    ) -> Self {
        let is_continuous = obstacles::are_answers_continuous(problem, &region, token);
        let is_narrow = obstacles::obstacles(problem, &region, token).is_narrow;
        Self {
            is_continuous,
            ..Self::made((problem, region), uses_closed_forms, token).resolving(is_narrow)
        }
    }

    /// The same solver, for a region that may still be moved: objectives count as continuous.
    pub(super) fn within(
        problem: &'a dyn Problem,
        region: Region,
        uses_closed_forms: bool,
        token: &'a WorkToken,
    ) -> Self {
        let is_narrow = is_narrow_follower(problem, &region, token);
        Self::made((problem, region), uses_closed_forms, token).resolving(is_narrow)
    }

    fn made(
        (problem, region): (&'a dyn Problem, Region),
        uses_closed_forms: bool,
        token: &'a WorkToken,
    ) -> Self {
        Self {
            problem,
            is_continuous: true,
            follower: Follower::new(problem, &region, None, token),
            region,
            token,
            memory: None,
            latest: RefCell::default(),
            known_columns: ColumnMemory::default(),
            columns: None,
            hints: RefCell::default(),
            exact: RefCell::new(None),
            uses_closed_forms,
        }
    }

    /// The same solver, whose follower of one variable has more rows where its objective turns.
    fn resolving(mut self, is_narrow: bool) -> Self {
        self.follower = self.follower.map(|follower| follower.resolving(is_narrow));
        self
    }

    /// The same solver, following minima to points near those of earlier searches.
    pub(super) fn following(mut self) -> Self {
        self.memory = Some(RefCell::new(Vec::new()));
        self
    }

    /// [`Nest::following`] for three levels and more, where a search solves the deeper levels many times.
    pub(super) fn following_if_nested(self) -> Self {
        if self.problem.metadata().shape().levels() > 2 {
            self.following()
        } else {
            self
        }
    }

    /// Forgets earlier searches, so that the next one depends on its upper blocks alone.
    pub(super) fn forget(&self) {
        if let Some(memory) = &self.memory {
            memory.borrow_mut().clear();
        }
        self.latest.borrow_mut().clear();
        self.known_columns.forget();
    }

    /// The same solver, sharing the stationary points of a follower of one variable beneath a leader of one.
    pub(super) fn sharing(mut self, memory: &Arc<ColumnCache>) -> Self {
        let shape = self.problem.metadata().shape();
        let is_plane = shape.levels() == 2 && shape.size(1) == 1;
        self.columns = is_plane.then(|| Arc::clone(memory));
        self
    }

    /// Sets the blocks of all lower levels from which later searches start as well.
    pub(super) fn hint(&self, answers: &[&[f64]]) {
        *self.hints.borrow_mut() = answers.iter().map(|one| one.to_vec()).collect();
    }

    /// The hinted blocks of a level.
    fn hinted(&self, level: usize, at: &Point) -> Vec<Vec<f64>> {
        let first = at.shape().range(1).end;
        let block = at.shape().range(level);
        let own = block.start - first..block.end - first;
        let hints = self.hints.borrow();
        hints
            .iter()
            .map(|hint| hint[own.clone()].to_vec())
            .collect()
    }

    /// Solves the levels from `level` on for the blocks above them, in place; `None` if one has no solution.
    pub(super) fn answer(&self, level: usize, at: &mut Point) -> Option<Answered> {
        if self.token.is_cancelled() || !self.is_continuous {
            return None;
        }
        let levels = at.shape().levels();
        if level == levels {
            return self.innermost(at);
        }
        if level == 2
            && self.uses_closed_forms
            && let Some(known) = self.problem.known_answers(at)
        {
            at.copy_from(&known);
            return Some(Answered {
                value: self.problem.value(2, at, self.token),
                spread: self.span(2, at),
                is_unique: true,
            });
        }
        let mut found = if at.shape().size(level) == 1 {
            self.along(level, at)
        } else {
            self.across(level, at)
        }?;
        found.reach(&self.region, level);
        let place = self.favourite(level, &found.ends)?;
        at.copy_from(&found.ends[place].1);
        Some(Answered {
            value: found.ends[place].0,
            spread: found.spread,
            is_unique: found.ends.len() == 1,
        })
    }

    /// The reduced objective F of a level: its objective with all deeper levels solved, in place.
    fn reduced(&self, level: usize, at: &mut Point) -> Option<f64> {
        self.answer(level + 1, at)?;
        let value = self.problem.value(level, at, self.token);
        value.is_finite().then_some(value)
    }

    /// Span of a level's objective over its own region with all other blocks fixed.
    pub(super) fn span(&self, level: usize, at: &Point) -> f64 {
        let mut point = at.clone();
        let block = at.shape().range(level);
        let mut values = vec![self.problem.value(level, at, self.token)];
        for number in 0..(2 * block.len() + 6).min(MOST_SPREAD) {
            self.region.spread(level, number, &mut point[level]);
            values.push(self.problem.value(level, &point, self.token));
        }
        span_of_exact(values.into_iter())
    }

    /// The stationary points of a follower of one variable, followed from a search nearby or searched for.
    fn column(&self, follower: &Follower<'_>, at: &Point) -> Option<StationaryPoints> {
        follower.stand(at);
        if self.memory.is_none() {
            return follower.column();
        }
        let upper = &at.values()[..at.shape().range(at.shape().levels()).start];
        self.known_columns.column(follower, &self.region, upper)
    }

    fn innermost(&self, at: &mut Point) -> Option<Answered> {
        let level = at.shape().levels();
        if self.uses_closed_forms
            && let Some(known) = self.problem.known_reaction(at)
        {
            let spread = self.span(level, at);
            at[level].copy_from_slice(&known.argmin);
            return Some(Answered {
                value: known.value,
                spread,
                is_unique: known.is_unique,
            });
        }
        if let Some(follower) = &self.follower {
            let column = if let Some(memory) = &self.columns {
                memory.column(follower, &self.region, at)
            } else {
                self.column(follower, at)
            }?;
            let answer = column.answer()?;
            at[level][0] = answer.y;
            let is_global = |kind: super::StationaryKind| kind.is_global();
            let answers = column.points.iter().filter(|point| is_global(point.kind));
            return Some(Answered {
                value: answer.lower,
                spread: column.spread,
                is_unique: answers.count() == 1 && !answer.is_stretch(),
            });
        }
        if super::large::is_large(at) {
            let found = super::large::minimise(self.problem, at, self.token)?;
            let spread = self.span(level, at);
            at[level].copy_from_slice(&found.argmin);
            return Some(Answered {
                value: found.value,
                spread,
                is_unique: true,
            });
        }
        let recalled = self.recalled(level, at);
        let (recalled, origin) = recalled.unzip();
        let count = recalled.as_ref().map_or(0, |near| near.minima.len());
        let known = GivenStarts {
            wish: if recalled.is_none() {
                self.nearest_wish(at)
            } else {
                KnownWish::Unasked
            },
            nearby: recalled,
            hints: self.hinted(level, at),
        };
        let found = multistart::minimise(self.problem, &self.region, at, known, self.token)?;
        if found.minima.len() >= count {
            let nearby = Nearby {
                minima: found.minima.clone(),
                spread: found.spread,
                wish: found.wish.clone(),
            };
            self.remember(level, at, nearby, origin);
        }
        let ends: Vec<(f64, Point)> = found
            .points
            .into_iter()
            .map(|point| (found.value, point))
            .collect();
        let place = self.favourite(level, &ends)?;
        at.copy_from(&ends[place].1);
        Some(Answered {
            value: found.value,
            spread: found.spread,
            is_unique: ends.len() == 1,
        })
    }

    /// Index of the tied solution that the level above prefers; the levels above that choose among those still tied.
    fn favourite(&self, level: usize, ends: &[(f64, Point)]) -> Option<usize> {
        let mut tied: Vec<usize> = (0..ends.len()).collect();
        for above in (1..level).rev() {
            if tied.len() < 2 {
                break;
            }
            let value = |place: &usize| self.problem.value(above, &ends[*place].1, self.token);
            let values: Vec<f64> = tied.iter().map(value).collect();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            // where all values are rounding, their own range says nothing: those on the way between tied solutions do
            let between = tied[1..].iter().map(|&place| {
                let halfway = halfway(&ends[tied[0]].1, &ends[place].1);
                self.problem.value(above, &halfway, self.token)
            });
            let all: Vec<f64> = values.iter().copied().chain(between).collect();
            let good = least + TIE * difference(&all) + 8.0 * f64::EPSILON * least.abs();
            let mut values = values.into_iter();
            tied.retain(|_| values.next().is_some_and(|value| value <= good));
        }
        tied.first().copied()
    }

    /// Solutions continued from remembered minima nearby; `None` if there are none or one cannot be continued.
    fn followed(&self, level: usize, at: &Point) -> Option<SearchEnds> {
        let (recalled, origin) = self.recalled(level, at)?;
        let spread = recalled.spread;
        let width = self.region.widths(level).fold(0.0, f64::max);
        let first = at.shape().range(level).start;
        let size = at.shape().size(level);
        let mut ends = Vec::new();
        for block in recalled.minima {
            let mut point = at.clone();
            point.values_mut()[first..].copy_from_slice(&block);
            let reach = 4.0 * reach(at);
            let stepped = self
                .stepped(level, &point, spread / width)
                .filter(|end| self.region.distance(level, &end.1[level], &block[..size]) <= reach);
            ends.push(match stepped {
                Some(end) => end,
                None if size == 1 => {
                    let [low, high] = self.problem.metadata().bounds.limits(level)[0];
                    let bracket = [block[0] - reach * width, block[0] + reach * width];
                    let bracket = bracket.map(|place| place.clamp(low, high));
                    let value = self.reduced(level, &mut point)?;
                    self.lowest(level, &(value, point), bracket)
                }
                None => return None,
            });
        }
        let found = SearchEnds { ends, spread };
        self.remember_ends(level, at, &found, Some(origin));
        (!found.ends.is_empty()).then_some(found)
    }

    /// Candidate solutions of a level of one variable.
    fn along(&self, level: usize, at: &Point) -> Option<SearchEnds> {
        if let Some(followed) = self.followed(level, at) {
            return Some(followed);
        }
        let levels = at.shape().levels();
        let count = SAMPLES[(levels - 2).min(SAMPLES.len() - 1)];
        let [low, high] = self.region.ranges(level)[0];
        let is_closed = self.region.is_closed(level)[0];
        let sample = |place: f64| -> Option<(f64, Point)> {
            let mut point = at.clone();
            point[level][0] = place;
            let value = self.reduced(level, &mut point)?;
            Some((value, point))
        };
        let mut samples: Vec<(f64, Point)> = (0..count)
            .filter_map(|number| {
                let place = match number {
                    0 => low,
                    _ if number + 1 == count => high,
                    // shifted, since solutions are often at round numbers
                    _ => low + (high - low) * (number as f64 + 0.137) / (count - 1) as f64,
                };
                sample(place)
            })
            .collect();
        if samples.is_empty() {
            return None;
        }
        let spread = span(samples.iter().map(|one| one.0));
        // beyond an open end only if that is the lowest sample
        let least = samples.iter().map(|one| one.0);
        let least = least.fold(f64::INFINITY, f64::min);
        if !is_closed[0] && samples[0].0 <= least {
            let mut beyond = beyond((low, samples[0].0), low - high, sample);
            beyond.reverse();
            beyond.append(&mut samples);
            samples = beyond;
        }
        let last = samples.len() - 1;
        if !is_closed[1] && samples[last].0 <= least {
            samples.extend(beyond((high, samples[last].0), high - low, sample));
        }
        for hint in self.hinted(level, at) {
            let place = samples.partition_point(|one| one.1[level][0] < hint[0]);
            let is_new = samples
                .get(place)
                .is_none_or(|one| one.1[level][0] > hint[0]);
            // an end of the samples stays one
            if is_new && (1..samples.len()).contains(&place) {
                samples.splice(place..place, sample(hint[0])).for_each(drop);
            }
        }
        let last = samples.len() - 1;
        let mut lowest: Vec<usize> = (0..=last)
            .filter(|&here| {
                let value = samples[here].0;
                (here == 0 || samples[here - 1].0 >= value)
                    && (here == last || samples[here + 1].0 >= value)
            })
            .collect();
        // an open end that still falls has no minimum
        let is_open = |here: usize| here == 0 && !is_closed[0] || here == last && !is_closed[1];
        lowest.sort_by(|&a, &b| samples[a].0.total_cmp(&samples[b].0));
        if lowest.first().is_some_and(|&here| is_open(here)) {
            return None;
        }
        let mut ends = Vec::new();
        for here in lowest.into_iter().take(FOLLOWED) {
            ends.push(self.beside(level, &samples, here, spread));
        }
        let mut found = SearchEnds { ends, spread };
        self.look_around(level, &mut found, count, sample);
        if self.memory.is_none() {
            self.look_beside(level, &mut found, (high - low) / (count - 1) as f64);
        }
        self.remember_ends(level, at, &found, None);
        Some(found)
    }

    /// The minimum near sample `here`.
    fn beside(
        &self,
        level: usize,
        samples: &[(f64, Point)],
        here: usize,
        spread: f64,
    ) -> (f64, Point) {
        let neighbours = [here.saturating_sub(1), (here + 1).min(samples.len() - 1)];
        let bracket = neighbours.map(|number| samples[number].1[level][0]);
        self.refined(level, &samples[here], bracket, spread)
    }

    /// Replaces the ends by the minima in a window as wide as the region around the best one, if that lies outside the
    /// region, where steps are too long to resolve more than one, and measures the objective over the window.
    fn look_around(
        &self,
        level: usize,
        found: &mut SearchEnds,
        count: usize,
        sample: impl Fn(f64) -> Option<(f64, Point)>,
    ) {
        let [low, high] = self.region.ranges(level)[0];
        found.ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some(middle) = found.ends.first().map(|best| best.1[level][0]) else {
            return;
        };
        if (low..=high).contains(&middle) {
            return;
        }
        let [bottom, top] = self.problem.metadata().bounds.limits(level)[0];
        let places = (0..=count).map(|number| {
            let share = (number as f64 - 0.137) / count as f64 - 0.5;
            (middle + share * (high - low)).clamp(bottom, top)
        });
        let samples: Vec<(f64, Point)> = places.filter_map(sample).collect();
        found.spread = span(samples.iter().map(|one| one.0));
        let rough = std::mem::take(&mut found.ends);
        let inner = 1..samples.len().saturating_sub(1);
        let lowest = inner.filter(|&here| {
            let value = samples[here].0;
            samples[here - 1].0 >= value && samples[here + 1].0 >= value
        });
        found.ends = lowest
            .map(|here| self.beside(level, &samples, here, found.spread))
            .collect();
        // the first ends were only as accurate as the span of the objective over the region required
        let half = 0.5 * (high - low);
        for end in rough {
            let place = end.1[level][0];
            if found.ends.is_empty() || (place - middle).abs() > half {
                let bracket = [place - half, place + half].map(|end| end.clamp(bottom, top));
                found
                    .ends
                    .push(self.refined(level, &end, bracket, found.spread));
            }
        }
        found.ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    }

    /// Adds the ends of steps from both sides of the best one: wells closer than the samples look like one.
    fn look_beside(&self, level: usize, found: &mut SearchEnds, spacing: f64) {
        let [low, high] = self.problem.metadata().bounds.limits(level)[0];
        let width: f64 = self.region.widths(level).sum();
        let best = found.ends.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, best)) = best.cloned() else {
            return;
        };
        for side in [-spacing, spacing] {
            let mut beside = best.clone();
            beside[level][0] = (best[level][0] + side).clamp(low, high);
            let end = self.stepped(level, &beside, found.spread / width);
            found.ends.extend(end.filter(|end| end.0.is_finite()));
        }
    }
}

/// The point halfway between two points.
fn halfway(from: &Point, to: &Point) -> Point {
    let mut point = from.clone();
    for (value, other) in point.values_mut().iter_mut().zip(to.values()) {
        *value = 0.5 * (*value + other);
    }
    point
}

/// Range of the finite values.
fn difference(values: &[f64]) -> f64 {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    });
    if high > low { high - low } else { 0.0 }
}

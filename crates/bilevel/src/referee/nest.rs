//! The answers of several levels, each the best that its whole region holds: samples of a level's objective with all levels beneath it
//! answered, and from the lowest of them exact steps.
//!
//! Of answers that are equally good for level k, level k − 1 has its favourite, of what is still tied level k − 2, and so on up to the
//! leader: for two levels the optimistic rule.

mod ends;

use std::cell::RefCell;
use std::sync::Arc;

use self::ends::{SearchEnds, beyond};
use super::column_cache::ColumnCache;
use super::follower::Follower;
use super::multistart::{self, GivenStarts};
use super::region::{Region, span};
use crate::nested::Exact;
use crate::numerics::roots::golden_section;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, Oracle, Problem};

/// Samples along a block of one variable that another level lies beneath, by how many such levels a problem has.
const SAMPLES: [usize; 5] = [25, 25, 13, 7, 5];
/// Samples of a block of several variables, and from how many of the lowest steps begin, by the same.
const SPREAD: [usize; 5] = [32, 32, 12, 6, 4];
const STARTS: [usize; 5] = [5, 5, 3, 2, 2];
/// Samples of an objective's span at most.
const MOST_SPREAD: usize = 32;
/// How many of the lowest samples are followed.
const FOLLOWED: usize = 4;
/// Two answers are equally good within this share of what the objective spans, and as good for a level above within a share of theirs.
const TIE: f64 = 1e-12;
/// Two answers are one within this share of the width.
const SAME: f64 = 1e-6;
/// The slope at which a level counts as answered, as a share of span over width.
const TOLERANCE: f64 = 1e-12;
/// Minima are followed this far from where they were searched for, in widths, by how many levels a problem has: searches cost ever more. So many
/// are remembered.
const RECALLED: [f64; 4] = [1.0 / 48.0, 1.0 / 32.0, 1.0 / 10.0, 1.0 / 5.0];
const MEMORY: usize = 512;
/// Sections where exact steps lead elsewhere.
const SECTIONS: usize = 40;

/// How a level has answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// The least value of its objective.
    pub(super) value: f64,
    /// How much that differs over its region.
    pub(super) spread: f64,
    /// Whether there is no other answer as good.
    pub(super) is_unique: bool,
}

/// What was found beneath some upper blocks.
#[derive(Debug)]
struct Remembered {
    level: usize,
    upper: Vec<f64>,
    /// The blocks from the level on of all minima that were found, global or not.
    minima: Vec<Vec<f64>>,
}

/// What answers all levels but the first.
#[derive(Debug)]
pub(super) struct Nest<'a> {
    problem: &'a dyn Problem,
    region: Region,
    token: &'a WorkToken,
    follower: Option<Follower<'a>>,
    /// Searches so far, the latest last; `None` where each answer is searched for anew.
    memory: Option<RefCell<Vec<Remembered>>>,
    /// Columns beneath a leader of one variable that have been looked at.
    columns: Option<Arc<ColumnCache>>,
    /// An innermost block to search from as well.
    hint: RefCell<Option<Vec<f64>>>,
    /// Exact steps, made when they are first asked for.
    exact: RefCell<Option<Exact>>,
    uses_closed_forms: bool,
}

impl<'a> Nest<'a> {
    pub(super) fn new(
        problem: &'a dyn Problem,
        region: Region,
        uses_closed_forms: bool,
        token: &'a WorkToken,
    ) -> Self {
        Self {
            problem,
            follower: Follower::new(problem, &region, None, token),
            region,
            token,
            memory: None,
            columns: None,
            hint: RefCell::new(None),
            exact: RefCell::new(None),
            uses_closed_forms,
        }
    }

    /// The same, which follows minima to places near those where it has searched for them.
    pub(super) fn following(mut self) -> Self {
        self.memory = Some(RefCell::new(Vec::new()));
        self
    }

    /// The same, which shares what is remembered of a follower of one variable beneath a leader of one.
    pub(super) fn sharing(mut self, memory: &Arc<ColumnCache>) -> Self {
        let shape = self.problem.metadata().shape();
        let is_plane = shape.levels() == 2 && shape.size(1) == 1;
        self.columns = is_plane.then(|| Arc::clone(memory));
        self
    }

    /// Searches from an innermost block from now on, too.
    pub(super) fn hint(&self, block: &[f64]) {
        *self.hint.borrow_mut() = Some(block.to_vec());
    }

    /// The minima that were found near the upper blocks of a point.
    fn recalled(&self, level: usize, at: &Point) -> Option<Vec<Vec<f64>>> {
        let memory = self.memory.as_ref()?.borrow();
        let upper = &at.values()[..at.shape().range(level).start];
        let away = |one: &Remembered| self.region.apart(upper, &one.upper);
        let near = memory.iter().filter(|one| one.level == level);
        let nearest = near
            .map(|one| (away(one), one))
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        (nearest.0 <= reach(at)).then(|| nearest.1.minima.clone())
    }

    fn remember(&self, level: usize, at: &Point, minima: impl Iterator<Item = Vec<f64>>) {
        let Some(memory) = &self.memory else {
            return;
        };
        let mut memory = memory.borrow_mut();
        if memory.len() >= MEMORY {
            memory.remove(0);
        }
        memory.push(Remembered {
            level,
            upper: at.values()[..at.shape().range(level).start].to_vec(),
            minima: minima.collect(),
        });
    }

    /// Answers the levels from one on for the blocks above it, in place; `None` where one has no answer.
    pub(super) fn answer(&self, level: usize, at: &mut Point) -> Option<Answered> {
        if self.token.is_cancelled() {
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

    /// F of a level: its objective with all levels beneath it answered, in place.
    fn reduced(&self, level: usize, at: &mut Point) -> Option<f64> {
        self.answer(level + 1, at)?;
        let value = self.problem.value(level, at, self.token);
        value.is_finite().then_some(value)
    }

    /// How much a level's objective differs over its own region with all else where it is.
    pub(super) fn span(&self, level: usize, at: &Point) -> f64 {
        let mut point = at.clone();
        let block = at.shape().range(level);
        let mut values = vec![self.problem.value(level, at, self.token)];
        for number in 0..(2 * block.len() + 6).min(MOST_SPREAD) {
            self.region.spread(level, number, &mut point[level]);
            values.push(self.problem.value(level, &point, self.token));
        }
        span(values.into_iter())
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
                follower.stand(at);
                follower.column()
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
        let is_new = recalled.is_none();
        let known = GivenStarts {
            minima: recalled,
            hint: self.hint.borrow().clone(),
        };
        let found = multistart::minimise(self.problem, &self.region, at, known, self.token)?;
        if is_new {
            self.remember(level, at, found.minima.iter().cloned());
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

    /// Which of equally good answers of a level the level above likes best, and of what is still tied the one above that.
    fn favourite(&self, level: usize, ends: &[(f64, Point)]) -> Option<usize> {
        let mut tied: Vec<usize> = (0..ends.len()).collect();
        for above in (1..level).rev() {
            if tied.len() < 2 {
                break;
            }
            let value = |place: &usize| self.problem.value(above, &ends[*place].1, self.token);
            let values: Vec<f64> = tied.iter().map(value).collect();
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let good = least + TIE * difference(&values) + 8.0 * f64::EPSILON * least.abs();
            let mut values = values.into_iter();
            tied.retain(|_| values.next().is_some_and(|value| value <= good));
        }
        tied.first().copied()
    }

    /// The answers that minima near by have become; `None` where there are none, or one can not be followed.
    fn followed(&self, level: usize, at: &Point) -> Option<SearchEnds> {
        let recalled = self.recalled(level, at)?;
        let spread = self.span(level, at);
        let width = self.region.widths(level).fold(0.0, f64::max);
        let first = at.shape().range(level).start;
        let size = at.shape().size(level);
        let mut ends = Vec::new();
        for block in recalled {
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
        (!ends.is_empty()).then_some(SearchEnds { ends, spread })
    }

    /// The answers of a level of one variable.
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
                    // shifted, since answers like to be at round numbers
                    _ => low + (high - low) * (number as f64 + 0.137) / (count - 1) as f64,
                };
                sample(place)
            })
            .collect();
        if samples.is_empty() {
            return None;
        }
        let spread = span(samples.iter().map(|one| one.0));
        // only where the region's end is the lowest of all
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
            ends.push(samples[here].clone());
        }
        self.look_around(level, &mut ends, (count, spread), sample);
        let first = at.shape().range(level).start;
        let refined = ends.iter().step_by(2);
        self.remember(
            level,
            at,
            refined.map(|end| end.1.values()[first..].to_vec()),
        );
        Some(SearchEnds { ends, spread })
    }

    /// The minimum near one of some samples.
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

    /// Adds the minima, each with its sample, in a window as wide as the region around the best end, if that lies outside of the region: steps on
    /// the way there were too long to see more than one.
    fn look_around(
        &self,
        level: usize,
        ends: &mut Vec<(f64, Point)>,
        (count, spread): (usize, f64),
        sample: impl Fn(f64) -> Option<(f64, Point)>,
    ) {
        let [low, high] = self.region.ranges(level)[0];
        let best = ends.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let Some(middle) = best.map(|best| best.1[level][0]) else {
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
        for here in 1..samples.len().saturating_sub(1) {
            let value = samples[here].0;
            if samples[here - 1].0 >= value && samples[here + 1].0 >= value {
                ends.push(self.beside(level, &samples, here, spread));
                ends.push(samples[here].clone());
            }
        }
    }

    /// The minimum near a sample, within its bracket.
    fn refined(
        &self,
        level: usize,
        (value, point): &(f64, Point),
        bracket: [f64; 2],
        spread: f64,
    ) -> (f64, Point) {
        let width: f64 = self.region.widths(level).sum();
        if let Some(end) = self.stepped(level, point, spread / width) {
            let place = end.1[level][0];
            if bracket[0] <= place && place <= bracket[1] && end.0 <= *value {
                return end;
            }
        }
        self.lowest(level, &(*value, point.clone()), bracket)
    }

    /// The lowest place in a bracket that sections lead to, if it is lower than a sample.
    fn lowest(
        &self,
        level: usize,
        (value, point): &(f64, Point),
        bracket: [f64; 2],
    ) -> (f64, Point) {
        let place = golden_section(bracket, SECTIONS, |place| {
            let mut there = point.clone();
            there[level][0] = place;
            self.reduced(level, &mut there).unwrap_or(f64::INFINITY)
        });
        let mut there = point.clone();
        there[level][0] = place;
        match self.reduced(level, &mut there) {
            Some(lower) if lower < *value => (lower, there),
            _ => (*value, point.clone()),
        }
    }

    /// Where exact steps on a level lead from a point, if its deeper levels then have their best answers.
    fn stepped(&self, level: usize, from: &Point, slope: f64) -> Option<(f64, Point)> {
        let mut point = from.clone();
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let mut exact = self
            .exact
            .borrow_mut()
            .take()
            .unwrap_or_else(|| Exact::new(from.shape(), 0.0))
            .with_tolerance(TOLERANCE * slope);
        let is_solved = exact.solve_from(level, &mut oracle, &mut point).is_ok();
        *self.exact.borrow_mut() = Some(exact);
        if !is_solved || self.token.is_cancelled() {
            return None;
        }
        let own = self.problem.value(level, &point, self.token);
        let mut checked = point.clone();
        let value = self.reduced(level, &mut checked)?;
        // exact steps may follow deeper answers that are not the best
        let is_right = self.region.distance_from(level + 1, &point, &checked) <= SAME;
        if is_right {
            Some((own, point))
        } else {
            Some((value, checked))
        }
    }

    /// The answers of a level of several variables.
    fn across(&self, level: usize, at: &Point) -> Option<SearchEnds> {
        if let Some(followed) = self.followed(level, at) {
            return Some(followed);
        }
        let levels = at.shape().levels();
        let place = (levels - 2).min(STARTS.len() - 1);
        let (count, followed) = (SPREAD[place], STARTS[place]);
        let bounds = &self.problem.metadata().bounds;
        let width = self.region.widths(level).fold(0.0, f64::max);
        let mut starts: Vec<(f64, Point)> = Vec::new();
        for number in 0..=count {
            let mut start = at.clone();
            match number.checked_sub(1) {
                None => start[level].copy_from_slice(&self.problem.metadata().start[level]),
                Some(number) => self.region.spread(level, number, &mut start[level]),
            }
            bounds.project(level, &mut start[level]);
            if let Some(value) = self.reduced(level, &mut start) {
                starts.push((value, start));
            }
        }
        let spread = span(starts.iter().map(|one| one.0));
        starts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut ends: Vec<(f64, Point)> = Vec::new();
        for (value, start) in starts.into_iter().take(followed) {
            let mut here = (value, start);
            // each round ends with the best deeper answers; they may lead on
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
        let first = at.shape().range(level).start;
        let mut minima: Vec<&(f64, Point)> = Vec::new();
        for end in &ends {
            let is_new = |known: &&&(f64, Point)| {
                self.region.distance(level, &known.1[level], &end.1[level]) <= 1e-3
            };
            if !minima.iter().any(|known| is_new(&known)) {
                minima.push(end);
            }
        }
        self.remember(
            level,
            at,
            minima.iter().map(|end| end.1.values()[first..].to_vec()),
        );
        (!ends.is_empty()).then_some(SearchEnds { ends, spread })
    }
}

/// How much finite values differ.
fn difference(values: &[f64]) -> f64 {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    });
    if high > low { high - low } else { 0.0 }
}

/// How far minima are followed.
fn reach(at: &Point) -> f64 {
    RECALLED[(at.shape().levels() - 2).min(RECALLED.len() - 1)]
}

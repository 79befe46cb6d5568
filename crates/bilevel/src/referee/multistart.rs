//! Global minimizers of a lowest level with several variables, by descents from many starts.

use super::newton::{NewtonDescent, NewtonOutcome, polish};
use super::region::{Region, span_of_exact};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Curvature, Problem};

/// Minimizers farther apart than this, in widths, are distinct; values within this share of the spread are tied.
const SAME: f64 = 1e-4;
const TIE: f64 = 1e-12;
/// A descent that comes this close to a minimum found, in widths, where the objective is convex, ends there.
const AGAIN: f64 = 1e-3;
/// The number of blocks spread over the region, of those beyond an open region, and of the lowest from which descents
/// start.
const SPREAD: usize = 64;
const BEYOND: usize = 12;
const FOLLOWED: usize = 12;
/// A search ends after this many descents per distinct minimum found.
const ENOUGH: usize = 4;
/// Offsets, in widths, of starts beside the leader's favorite of several minimizers, and the number of rounds.
const BESIDE: [f64; 4] = [0.03, 0.1, 0.3, 0.6];
const ROUNDS: usize = 2;
/// The largest distance, in widths, between the problem's own start and the start that the leader prefers.
const WISHED: f64 = 1e5;

/// The global minimizers found.
#[derive(Clone, Debug)]
pub(super) struct MultistartAnswers {
    /// The least value.
    pub(super) value: f64,
    /// Span of the objective over the starts.
    pub(super) spread: f64,
    /// The points of all tied minimizers.
    pub(super) points: Vec<Point>,
    /// The blocks of all local minima, tied or not.
    pub(super) minima: Vec<Vec<f64>>,
    /// The block that minimizes the leader's objective, if it was searched for and found.
    pub(super) wish: Option<Vec<f64>>,
}

/// Results of a search at a nearby point, which replace the samples of a search.
#[derive(Clone, Debug)]
pub(super) struct Nearby {
    /// The minima.
    pub(super) minima: Vec<Vec<f64>>,
    /// Span of the objective.
    pub(super) spread: f64,
    /// The block that minimizes the leader's objective.
    pub(super) wish: Option<Vec<f64>>,
}

/// Starts given to a search in addition to its own.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenStarts {
    /// The results at a nearby point.
    pub(super) nearby: Option<Nearby>,
    /// Blocks to descend from as well.
    pub(super) hints: Vec<Vec<f64>>,
    /// The block that minimizes the leader's objective at another point.
    pub(super) wish: KnownWish,
}

/// The result of an earlier search for the block that minimizes the leader's objective.
#[derive(Clone, Debug, Default)]
pub(super) enum KnownWish {
    /// There was no such search.
    #[default]
    Unasked,
    /// There is no such block.
    Nowhere,
    /// The block.
    At(Vec<f64>),
}

/// Returns the best minimizers of the innermost objective found for the upper blocks of `at`; `None` if there is none
/// or the objective is unbounded below.
pub(super) fn minimise(
    problem: &dyn Problem,
    region: &Region,
    at: &Point,
    known: GivenStarts,
    token: &WorkToken,
) -> Option<MultistartAnswers> {
    let mut search = Multistart {
        problem,
        region,
        token,
        level: at.shape().levels(),
        spread: 0.0,
        point: at.clone(),
        found: Vec::new(),
        lowest: f64::INFINITY,
        wish: None,
    };
    if let Some(nearby) = known.nearby {
        search.descend_from_nearby(at, nearby)?;
    } else {
        search.descend_from_starts(at, known.hints, known.wish)?;
        search.look_around()?;
    }
    search.look_beside_favourites();
    search.answers()
}

/// Descents on the innermost objective beneath fixed upper blocks.
struct Multistart<'a> {
    problem: &'a dyn Problem,
    region: &'a Region,
    token: &'a WorkToken,
    level: usize,
    /// Span of the objective.
    spread: f64,
    point: Point,
    found: Vec<(f64, Point)>,
    /// The least value of a descent that went beyond all scales.
    lowest: f64,
    /// The block that minimizes the leader's objective.
    wish: Option<Vec<f64>>,
}

impl Multistart<'_> {
    fn has_one_valley(&self) -> bool {
        matches!(
            self.problem.metadata().lower_level.curvature,
            Curvature::StronglyConvex | Curvature::Unimodal
        )
    }

    fn descend(&mut self, start: &[f64]) {
        let level = self.level;
        let descent =
            NewtonDescent::new(self.problem, self.region, (level, self.spread), self.token);
        self.point[level].copy_from_slice(start);
        let mut known = None;
        let end = descent.descend_until(&mut self.point, |point, value| {
            let mut found = self.found.iter();
            known = found.position(|(least, other)| {
                *least <= value
                    && self.region.distance(level, &other[level], &point[level]) <= AGAIN
            });
            known.is_some()
        });
        let value = self.problem.value(level, &self.point, self.token);
        match end {
            NewtonOutcome::Minimum => self.found.push((value, self.point.clone())),
            NewtonOutcome::Unbounded => self.lowest = self.lowest.min(value),
            NewtonOutcome::Ended => {
                let again = known.map(|known| self.found[known].clone());
                self.found.extend(again);
            }
            NewtonOutcome::Stuck => {}
        }
    }

    fn value(&mut self, block: &[f64]) -> f64 {
        self.point[self.level].copy_from_slice(block);
        self.problem.value(self.level, &self.point, self.token)
    }

    /// Descends from the minima of a nearby point; of several, the leader may prefer another one by now. `None` once
    /// the token is cancelled.
    fn descend_from_nearby(&mut self, at: &Point, nearby: Nearby) -> Option<()> {
        self.spread = nearby.spread;
        for start in nearby.minima {
            self.descend(&start);
            if self.token.is_cancelled() {
                return None;
            }
        }
        if let Some(wish) = nearby
            .wish
            .filter(|_| self.favourite_of_several().is_some())
        {
            self.wish = self.wished(at, &wish);
            if let Some(start) = self.wish.clone() {
                self.descend(&start);
            }
        }
        (!self.token.is_cancelled()).then_some(())
    }

    /// Descends from the lowest samples until another minimum is unlikely; `None` once the token is cancelled.
    fn descend_from_starts(
        &mut self,
        at: &Point,
        hints: Vec<Vec<f64>>,
        wish: KnownWish,
    ) -> Option<()> {
        let blocks = spread_blocks(self.problem, self.region, self.level);
        let mut samples: Vec<(f64, Vec<f64>)> = blocks
            .into_iter()
            .map(|block| (self.value(&block), block))
            .collect();
        // beyond the region an objective may grow without bound
        self.spread = span_of_exact(samples[..SPREAD].iter().map(|one| one.0));
        let start = self.problem.metadata().start[self.level].to_vec();
        if !self.has_one_valley() {
            // where the leader prefers no block, it hardly does elsewhere
            self.wish = match wish {
                KnownWish::Unasked => self.wished(at, &start),
                KnownWish::Nowhere => None,
                KnownWish::At(wish) => self.wished(at, &wish),
            };
        }
        samples.retain(|one| one.0.is_finite());
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        samples.truncate(FOLLOWED);
        let lowest = samples.into_iter().map(|one| one.1);
        let wishes = [Some(start), self.wish.clone()].into_iter().flatten();
        let starts: Vec<Vec<f64>> = hints.into_iter().chain(wishes).chain(lowest).collect();
        for (descents, start) in (1..).zip(&starts) {
            self.descend(start);
            if self.token.is_cancelled() {
                return None;
            }
            let is_enough = if self.has_one_valley() {
                !self.found.is_empty()
            } else {
                // repeated ends in known minima make another one unlikely
                descents > ENOUGH * self.distinct(self.found.len()) && !self.found.is_empty()
            };
            if is_enough {
                break;
            }
        }
        Some(())
    }

    /// The lower block that minimizes the leader's objective, by a descent from a start: on a line or lattice of
    /// minimizers, the leader's favorite is near it.
    fn wished(&self, at: &Point, start: &[f64]) -> Option<Vec<f64>> {
        let (problem, level) = (self.problem, self.level);
        let mut wish = at.clone();
        wish[level].copy_from_slice(start);
        let spread = problem.value(1, &wish, self.token).abs();
        let descent = NewtonDescent::new(problem, self.region, (1, spread), self.token);
        let end = descent.from(&mut wish);
        let own = &problem.metadata().start[level];
        let is_near = matches!(end, NewtonOutcome::Minimum | NewtonOutcome::Stuck)
            && self.region.distance(level, &wish[level], own) <= WISHED;
        problem.metadata().bounds.project(level, &mut wish[level]);
        let is_finite = wish[level].iter().all(|value| value.is_finite());
        (is_near && is_finite).then(|| wish[level].to_vec())
    }

    /// Descends also from samples around the best minimum, if that lies outside the region of the first samples, and
    /// measures the objective over them; `None` once the token is cancelled.
    fn look_around(&mut self) -> Option<()> {
        let level = self.level;
        let ranges = self.region.ranges(level);
        let best = self.found.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let Some(middle) = best.map(|best| best.1[level].to_vec()) else {
            return Some(());
        };
        let is_inside = middle
            .iter()
            .zip(ranges)
            .all(|(value, [low, high])| low <= value && value <= high);
        if is_inside || self.has_one_valley() {
            return Some(());
        }
        let mut samples: Vec<(f64, Vec<f64>)> = Vec::new();
        for number in 0..SPREAD {
            let mut block = middle.clone();
            self.region.spread(level, number, &mut block);
            for ((value, middle), [low, high]) in block.iter_mut().zip(&middle).zip(ranges) {
                *value += middle - 0.5 * (low + high);
            }
            self.problem.metadata().bounds.project(level, &mut block);
            samples.push((self.value(&block), block));
        }
        samples.retain(|one| one.0.is_finite());
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.spread = span_of_exact(samples.iter().map(|one| one.0));
        // the first descents were only as accurate as the span of the objective over the region required
        let rough = std::mem::take(&mut self.found);
        let mut starts: Vec<Vec<f64>> = Vec::new();
        for (_, point) in &rough {
            if starts.iter().all(|known| self.is_other(known, point)) {
                starts.push(point[level].to_vec());
            }
        }
        let lowest = samples.into_iter().take(FOLLOWED).map(|one| one.1);
        for start in starts.into_iter().chain(lowest) {
            self.descend(&start);
            if self.token.is_cancelled() {
                return None;
            }
        }
        if self.found.is_empty() {
            self.found = rough;
        }
        Some(())
    }

    /// Descends also from points beside the favorite of the level above: in a lattice of minimizers, a better one may
    /// be adjacent.
    fn look_beside_favourites(&mut self) {
        for _ in 0..ROUNDS {
            let Some(favourite) = self.favourite_of_several() else {
                break;
            };
            for start in self.beside(&favourite) {
                self.descend(&start);
            }
        }
    }

    /// The greatest value that is tied with the best.
    fn tied(&self, best: f64) -> f64 {
        best + TIE * self.spread + 8.0 * f64::EPSILON * best.abs()
    }

    /// The number of distinct minima among the first `count` ends.
    fn distinct(&self, count: usize) -> usize {
        let found = &self.found[..count];
        let is_first = |(place, (_, point)): &(usize, &(f64, Point))| {
            found[..*place]
                .iter()
                .all(|(_, other)| self.is_other(&other[self.level], point))
        };
        found.iter().enumerate().filter(is_first).count()
    }

    fn is_other(&self, block: &[f64], point: &Point) -> bool {
        self.region.distance(self.level, block, &point[self.level]) > SAME
    }

    /// The tied minimizer that the level above prefers; `None` if fewer than two are tied.
    fn favourite_of_several(&mut self) -> Option<Point> {
        self.found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let good = self.tied(self.found.first()?.0);
        let good = self.found.partition_point(|end| end.0 <= good);
        if self.distinct(good) < 2 {
            return None;
        }
        let liked = |end: &(f64, Point)| self.problem.value(self.level - 1, &end.1, self.token);
        let ends = self.found[..good].iter().map(|end| (liked(end), end));
        let best = ends.min_by(|a, b| a.0.total_cmp(&b.0))?.1;
        Some(best.1.clone())
    }

    /// Blocks on both sides of a minimizer along each axis at which the level above is lower.
    fn beside(&self, answer: &Point) -> Vec<Vec<f64>> {
        let (problem, level) = (self.problem, self.level);
        let liked = problem.value(level - 1, answer, self.token);
        let mut blocks = Vec::new();
        let mut beside = answer.clone();
        for (i, width) in self.region.widths(level).enumerate() {
            for share in BESIDE.into_iter().flat_map(|share| [share, -share]) {
                beside.copy_from(answer);
                beside[level][i] += share * width;
                problem.metadata().bounds.project(level, &mut beside[level]);
                if problem.value(level - 1, &beside, self.token) < liked {
                    blocks.push(beside[level].to_vec());
                }
            }
        }
        blocks
    }

    /// The minima found, each once; `None` if there is none or the objective is unbounded below them.
    fn answers(mut self) -> Option<MultistartAnswers> {
        self.found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let best = self.found.first()?.0;
        if self.lowest < best {
            return None;
        }
        let tied = self.tied(best);
        let mut answers = MultistartAnswers {
            value: best,
            spread: self.spread,
            points: Vec::new(),
            minima: Vec::new(),
            wish: self.wish.take(),
        };
        for (value, mut point) in std::mem::take(&mut self.found) {
            if answers
                .minima
                .iter()
                .all(|known| self.is_other(known, &point))
            {
                answers.minima.push(point[self.level].to_vec());
            }
            let is_new = |known: &Point| self.is_other(&known[self.level], &point);
            if value <= tied && answers.points.iter().all(is_new) {
                polish(
                    self.problem,
                    self.region,
                    self.spread,
                    &mut point,
                    self.token,
                );
                let polished = self.problem.value(self.level, &point, self.token);
                answers.value = answers.value.min(polished);
                answers.points.push(point);
            }
        }
        Some(answers)
    }
}

/// Blocks spread over a level's region and, if a side is open, beyond it.
fn spread_blocks(problem: &dyn Problem, region: &Region, level: usize) -> Vec<Vec<f64>> {
    let metadata = problem.metadata();
    let beyond = if region.is_boxed(level) { 0 } else { BEYOND };
    let blocks = (0..SPREAD + beyond).map(|number| {
        let mut block = metadata.start[level].to_vec();
        region.spread(level, number, &mut block);
        if number >= SPREAD {
            // eight times as far from the middle as within the region
            for (value, [low, high]) in block.iter_mut().zip(region.ranges(level)) {
                let middle = 0.5 * (low + high);
                *value = middle + 8.0 * (*value - middle);
            }
        }
        metadata.bounds.project(level, &mut block);
        block
    });
    blocks.collect()
}

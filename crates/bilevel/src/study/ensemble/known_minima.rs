//! The known minima of a problem and the scales of its objectives. `judge.rs` has the rules for verdicts.

use std::sync::Arc;

use super::certificate::Certificates;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Problem, Site};
use crate::referee::searched;
use crate::referee::{
    ColumnCache, EQUALLY_DEEP, Jump, NEAR, Referee, Region, reduced_curve_of, search, span,
};

/// The default tolerance for rest: the greatest norm of a direction at rest, in spans of φ per width, for a stride of
/// at most 1.
pub const REST: f64 = 1e-3;
/// The number of samples of f if φ is too expensive.
const ROUGH: usize = 16;

/// A known minimum of the reduced objective.
#[derive(Clone, Debug)]
pub(super) struct KnownMinimum {
    /// The leader's block; `None` where the minimum does not fix it.
    pub(super) x: Option<Vec<f64>>,
    /// All blocks; `None` for those that the minimum does not fix.
    pub(super) blocks: Vec<Option<Vec<f64>>>,
    pub(super) value: f64,
    pub(super) is_global: bool,
    pub(super) site: Site,
}

/// A known minimum, as shown to users.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetMinimum {
    /// The leader's block; `None` where the minimum does not fix it.
    pub x: Option<Vec<f64>>,
    /// φ there.
    pub value: f64,
    /// True if no known minimum is lower.
    pub is_global: bool,
    /// True if the whole domain was searched, or the minima are proven.
    pub complete: bool,
    /// The kind of minimum: inside the box, at its edge or at a jump.
    pub site: Site,
}

/// The source of known minima.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinimaSource {
    /// The problem, which knows its optimum.
    Problem,
    /// A search.
    Search,
    /// A search that met lower-level solutions which another one contradicts.
    DoubtfulSearch,
    /// A search of a region at an open end of which φ falls without end.
    OpenSearch,
}

/// The known minima of a problem: all minima of the reduced objective, and its jumps.
#[derive(Clone, Debug)]
pub struct KnownMinima {
    pub(super) minima: Vec<KnownMinimum>,
    pub(super) jumps: Vec<Jump>,
    pub(super) region: Region,
    /// The span of φ over the region: its range without the highest quarter of values.
    pub(super) span: f64,
    /// The searched range of each variable.
    pub(super) searched: Vec<[f64; 2]>,
    pub(super) complete: bool,
    pub(super) source: MinimaSource,
    /// True if φ falls without bound at a pole.
    pub(super) has_pole: bool,
    /// The tolerance for rest; see [`REST`].
    pub(super) rest: f64,
    pub(super) optimum: Option<f64>,
    /// The cache of searches so far.
    pub(super) memory: Arc<ColumnCache>,
    /// The findings on φ so far.
    pub(super) certificates: Arc<Certificates>,
}

impl KnownMinima {
    /// The known minima by which the final states of runs are judged.
    ///
    /// ```
    /// use bilevel::prelude::*;
    /// use bilevel::study::{FinalState, Verdict};
    ///
    /// let problem = problem::find("valleys").unwrap().instance();
    /// let exact = method::find("implicit").unwrap();
    /// let start = Point::from_blocks(&[vec![1.5], vec![1.5]]);
    /// let (run, _) = Run::to_end(RunSpec::new(&problem, exact).starting_at(start));
    /// let token = WorkToken::default();
    /// let minima = KnownMinima::of(&*problem, &token).unwrap();
    /// let state = FinalState::of(&run);
    /// let outcome = minima.end(&*problem, state, &token).unwrap();
    /// assert_eq!(outcome.verdict, Verdict::Global);
    /// ```
    ///
    /// They are the minima that the problem knows and those that the referee finds: in the problem's box or, without
    /// one, in the problem's own picture and beyond it. `None` once the token is cancelled.
    pub fn of(problem: &dyn Problem, token: &WorkToken) -> Option<Self> {
        let metadata = problem.metadata();
        let shape = metadata.shape();
        let region = searched::region(problem, token);
        let known = metadata.minima.iter().map(|minimum| KnownMinimum {
            x: minimum.blocks[0].clone(),
            blocks: minimum.blocks.clone(),
            value: minimum.value,
            is_global: minimum.is_global,
            site: minimum.site,
        });
        let minima: Vec<KnownMinimum> = known.collect();
        // minima that were handed to the problem are no proof
        let is_proven = !minima.is_empty() && problem.with_minima(Vec::new(), None).is_none();
        let searched = (1..=shape.levels()).flat_map(|level| region.ranges(level).to_vec());
        let answers_are_known = match shape.levels() {
            2 => problem.known_reaction(&metadata.start).is_some(),
            _ => problem.known_answers(&metadata.start).is_some(),
        };
        let is_boxed = |level: usize| region.is_boxed(level);
        let is_covered = is_boxed(1) && (answers_are_known || (2..=shape.levels()).all(is_boxed));
        let mut goals = Self {
            minima,
            jumps: Vec::new(),
            searched: searched.collect(),
            complete: is_proven || is_covered && shape.size(1) == 1,
            span: 0.0,
            source: if is_proven {
                MinimaSource::Problem
            } else {
                MinimaSource::Search
            },
            has_pole: false,
            rest: REST,
            optimum: metadata.optimum(),
            memory: Arc::default(),
            certificates: Arc::default(),
            region,
        };
        if shape.size(1) == 1 {
            if let Some(found) = reduced_curve_of(problem, token) {
                goals.span = found.span;
                goals.searched[0] = found.searched;
                goals.take(found.minima.into_iter().map(|found| KnownMinimum {
                    x: Some(vec![found.x]),
                    blocks: vec![Some(vec![found.x])],
                    value: found.value,
                    is_global: false,
                    site: found.site,
                }));
                goals.jumps = found.jumps;
                goals.has_pole = found.has_pole;
                if found.is_doubtful && !is_proven {
                    goals.source = MinimaSource::DoubtfulSearch;
                }
                goals.name_the_best(found.is_open);
            }
        } else if goals.minima.is_empty()
            && let Some(found) = search(problem, token)
        {
            goals.span = found.span;
            goals.has_pole = found.has_pole;
            if found.is_doubtful {
                goals.source = MinimaSource::DoubtfulSearch;
            }
            goals.take(found.minima.into_iter().map(|found| KnownMinimum {
                x: found.blocks[0].clone(),
                blocks: found.blocks,
                value: found.value,
                is_global: false,
                site: found.site,
            }));
            goals.name_the_best(found.is_open);
        }
        if goals.span == 0.0 {
            goals.span = goals.rough_span(problem, token);
        }
        (!token.is_cancelled()).then_some(goals)
    }

    /// An estimate of the span of the leader's objective, with all lower levels solved if that is cheap.
    fn rough_span(&self, problem: &dyn Problem, token: &WorkToken) -> f64 {
        let metadata = problem.metadata();
        let is_small = metadata.shape().total() <= 80;
        let referee = Referee::new(problem, token);
        let values = (0..ROUGH).map(|number| {
            let mut point = metadata.start.clone();
            for level in 1..=if number > 0 {
                metadata.shape().levels()
            } else {
                0
            } {
                if level == 1 || !is_small {
                    self.region.spread(level, number, &mut point[level]);
                }
            }
            if is_small {
                referee.reduced(&point).unwrap_or(f64::NAN)
            } else {
                problem.value(1, &point, token)
            }
        });
        let minima = self.minima.iter().map(|known| known.value);
        span(values.chain(minima))
    }

    /// Marks the global minima, unless the problem knows them.
    fn name_the_best(&mut self, is_open: bool) {
        if self.source == MinimaSource::Problem {
            return;
        }
        let values = self.minima.iter().map(|known| known.value);
        let least = values.fold(f64::INFINITY, f64::min);
        let slack = EQUALLY_DEEP * self.span + 16.0 * f64::EPSILON * least.abs();
        for known in &mut self.minima {
            known.is_global = !is_open && known.value - least <= slack;
        }
        self.complete &= !is_open;
        if is_open {
            self.source = MinimaSource::OpenSearch;
        }
        self.optimum = (!is_open && least.is_finite()).then_some(least);
    }

    /// Sets the tolerance for rest, in spans of φ per width for a stride of at most 1; see [`REST`].
    #[must_use]
    pub fn resting_at(mut self, rest: f64) -> Self {
        self.rest = rest;
        self
    }

    /// The greatest norm of a method's direction that counts as rest: the tolerance in spans of φ per width, less for a
    /// long stride that would move the leader by more than the tolerance in widths per iteration.
    pub fn longest_at_rest(&self, stride: f64) -> f64 {
        let width = self.region.widths(1).fold(0.0, f64::max);
        let slope = if self.span > 0.0 {
            self.span / width
        } else {
            1.0
        };
        self.rest * slope.min(width / stride.abs().max(f64::MIN_POSITIVE))
    }

    /// All minima, in the order in which verdicts count them.
    pub fn targets(&self) -> Vec<TargetMinimum> {
        let target = |known: &KnownMinimum| TargetMinimum {
            x: known.x.clone(),
            value: known.value,
            is_global: known.is_global,
            complete: self.complete,
            site: known.site,
        };
        self.minima.iter().map(target).collect()
    }

    /// Adds minima that are not known yet; those of a leader with one variable are ordered from the left. Two that were found
    /// near each other with other values are two minima.
    fn take(&mut self, found: impl Iterator<Item = KnownMinimum>) {
        let declared = self.minima.len();
        for found in found {
            let slack = EQUALLY_DEEP * self.span + 16.0 * f64::EPSILON * found.value.abs();
            let is_known = |(place, known): (usize, &KnownMinimum)| match (&known.x, &found.x) {
                (Some(a), Some(b)) => {
                    self.region.distance(1, a, b) < 0.25 * NEAR
                        && (place < declared || (known.value - found.value).abs() <= slack)
                }
                _ => true,
            };
            if !self.minima.iter().enumerate().any(is_known) {
                self.minima.push(found);
            }
        }
        if self.region.ranges(1).len() == 1 {
            let place = |known: &KnownMinimum| known.x.as_ref().map_or(f64::NEG_INFINITY, |x| x[0]);
            self.minima.sort_by(|a, b| place(a).total_cmp(&place(b)));
        }
    }
}

impl KnownMinimum {
    /// The distance over the leader's block or, if the minimum leaves that open, over the blocks that it fixes.
    pub(super) fn distance(&self, answered: &Point) -> f64 {
        let pairs = |block: &[f64], own: &[f64]| -> f64 {
            block.iter().zip(own).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let square: f64 = match &self.x {
            Some(x) => pairs(x, &answered[1]),
            None => self
                .blocks
                .iter()
                .enumerate()
                .filter_map(|(level, block)| Some(pairs(block.as_ref()?, &answered[level + 1])))
                .sum(),
        };
        square.sqrt()
    }

    /// The distance in widths from a position x of the leader.
    pub(super) fn away(&self, x: &[f64], answered: &Point, region: &Region) -> f64 {
        match &self.x {
            Some(own) => region.distance(1, own, x),
            None => (1..=self.blocks.len())
                .filter_map(|level| {
                    let block = self.blocks[level - 1].as_ref()?;
                    Some(region.distance(level, block, &answered[level]))
                })
                .fold(0.0, f64::max),
        }
    }

    pub(super) fn is_at(&self, jump: &Jump, region: &Region) -> bool {
        let is_near = |x: &Vec<f64>| region.distance(1, x, &[jump.x]) <= 0.25 * NEAR;
        self.site == Site::Jump && self.x.as_ref().is_some_and(is_near)
    }
}

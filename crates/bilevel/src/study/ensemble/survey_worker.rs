//! A survey in the background, coarse to fine, for a window that must not block.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::known_minima::{KnownMinima, TargetMinimum};
use super::survey::{RunIndex, Survey, SurveyOutcome};
use crate::numerics::WorkToken;
use crate::problem::Coordinate;
use crate::run::Executor;
use crate::study::{Reaction, Worker, reaction};

/// The coarsest grid has at most this many starts along an axis.
const COARSEST: usize = 8;
/// The approximate duration of the work between two reports.
const PIECE: Duration = Duration::from_millis(20);
/// The number of runs in the first report.
const FIRST: usize = 16;
/// The number of samples of the curves beside the map.
const SAMPLES: usize = 512;

/// A report on the progress of a survey.
#[derive(Clone, Debug)]
pub enum News {
    /// The known minima.
    Targets(Vec<TargetMinimum>),
    /// The lower-level solution over the plane of the starts, and the reduced objective over its horizontal axis.
    Reaction(Box<Reaction>),
    /// The outcomes of some runs, by their numbers.
    Cells(Vec<(usize, SurveyOutcome)>),
    /// The survey is complete.
    Done,
}

/// A survey that is under way, in parts.
struct SurveyJob {
    number: u64,
    survey: Arc<Survey>,
    token: WorkToken,
    progress: Option<Progress>,
}

/// The rest of a survey.
struct Progress {
    minima: KnownMinima,
    /// The runs of each stage, the coarsest first.
    stages: VecDeque<Vec<usize>>,
    /// The number of runs of the first stage that have ended.
    ended: usize,
    /// The number of runs in the next part.
    many: usize,
    are_curves_told: bool,
    /// Threads for the runs of a part; `None` without threads.
    pool: Option<rayon::ThreadPool>,
}

/// A survey in the background. Dropping it stops the work.
pub struct SurveyWorker {
    worker: Worker<SurveyJob, (u64, News)>,
    token: WorkToken,
    number: u64,
    done: usize,
    total: usize,
    is_at_work: bool,
}

impl SurveyWorker {
    /// A worker without a survey. `wake` is called whenever there is news.
    pub fn new(executor: &Executor, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let in_work = executor.clone();
        let work = move |mut job: SurveyJob, hand_over: &mut dyn FnMut((u64, News))| {
            let number = job.number;
            let is_unfinished = job.do_part(&in_work, &mut |news| hand_over((number, news)));
            is_unfinished.then_some(job)
        };
        Self {
            worker: Worker::in_parts(executor, "survey", work, wake),
            token: WorkToken::default(),
            number: 0,
            done: 0,
            total: 0,
            is_at_work: false,
        }
    }

    /// Replaces the current survey, whose work is dropped; false if the queue is full.
    pub fn ask(&mut self, survey: Arc<Survey>) -> bool {
        self.cancel();
        self.token = WorkToken::default();
        let total = survey.len();
        let is_taken = self.worker.submit(SurveyJob {
            number: self.number + 1,
            survey,
            token: self.token.clone(),
            progress: None,
        });
        if is_taken {
            self.number += 1;
            self.done = 0;
            self.total = total;
            self.is_at_work = true;
        }
        is_taken
    }

    /// Stops the work at once; results received so far stay valid.
    pub fn cancel(&mut self) {
        self.token.cancel();
        self.is_at_work = false;
    }

    /// Returns the next report on the last submitted survey, if one has arrived.
    pub fn try_receive(&mut self) -> Option<News> {
        loop {
            let (number, news) = self.worker.try_receive()?;
            if number != self.number || self.token.is_cancelled() {
                continue;
            }
            match &news {
                News::Cells(cells) => self.done += cells.len(),
                News::Done => self.is_at_work = false,
                News::Targets(_) | News::Reaction(_) => {}
            }
            return Some(news);
        }
    }

    /// The number of finished runs, and the total.
    pub fn progress(&self) -> [usize; 2] {
        [self.done, self.total]
    }

    /// True if reports are still to come.
    pub fn is_at_work(&self) -> bool {
        self.is_at_work
    }
}

impl Drop for SurveyWorker {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

impl SurveyJob {
    /// Does the next part of a survey: the runs of a coarse grid first, and all variants side by side. True if there is
    /// more to do.
    fn do_part(&mut self, executor: &Executor, tell: &mut dyn FnMut(News)) -> bool {
        let (survey, token) = (&*self.survey, &self.token);
        let Some(progress) = &mut self.progress else {
            let Some(minima) = survey.goals(token) else {
                return false;
            };
            tell(News::Targets(minima.targets()));
            self.progress = Some(Progress {
                minima,
                stages: stages(survey),
                ended: 0,
                many: FIRST,
                are_curves_told: false,
                pool: executor.thread_pool("survey"),
            });
            return true;
        };
        let Some(stage) = progress.stages.front() else {
            tell(News::Done);
            return false;
        };
        if progress.ended == stage.len() {
            progress.stages.pop_front();
            progress.ended = 0;
            if !std::mem::replace(&mut progress.are_curves_told, true)
                && let Some(reaction) = curves(survey, token)
            {
                tell(News::Reaction(Box::new(reaction)));
            }
            return !token.is_cancelled();
        }
        let clock = Instant::now();
        let last = stage.len().min(progress.ended + progress.many);
        let now = &stage[progress.ended..last];
        let run = |&number: &usize| {
            let cell = survey.cell(survey.place(number), &progress.minima, token)?;
            Some((number, cell))
        };
        let cells: Option<Vec<(usize, SurveyOutcome)>> = match &progress.pool {
            Some(pool) => pool.install(|| now.par_iter().map(run).collect()),
            None => now.iter().map(run).collect(),
        };
        let Some(cells) = cells else {
            return false;
        };
        tell(News::Cells(cells));
        progress.ended = last;
        progress.many = paced(progress.many, clock.elapsed());
        true
    }
}

/// The runs of each stage by their numbers, from the coarse grid to the finest.
fn stages(survey: &Survey) -> VecDeque<Vec<usize>> {
    let strides = survey.grid.strides(COARSEST).into_iter().enumerate();
    let stages = strides.map(|(stage, stride)| {
        let mut numbers = Vec::new();
        for cell in survey.grid.added(stride, stage == 0) {
            for variant in 0..survey.variants.len() {
                numbers.extend((0..survey.seeds.len()).map(|seed| {
                    survey.number(RunIndex {
                        variant,
                        seed,
                        cell,
                    })
                }));
            }
        }
        numbers
    });
    stages.collect()
}

/// The number of runs in the next piece, from the number and the duration of the last.
fn paced(many: usize, took: Duration) -> usize {
    let share = PIECE.as_secs_f64() / took.as_secs_f64().max(1e-6);
    ((many as f64 * share.clamp(0.25, 4.0)) as usize).clamp(1, 1 << 16)
}

/// The reaction curves over the plane of the starts; starts on one axis are completed to a plane with the follower's
/// first variable.
pub fn curves(survey: &Survey, token: &WorkToken) -> Option<Reaction> {
    let problem = &survey.variants.first()?.problem;
    let metadata = problem.metadata();
    let grid = &survey.grid;
    let first = *grid.axes().first()?;
    let beneath = Coordinate { level: 2, index: 0 };
    let axes = [first, grid.axes().get(1).copied().unwrap_or(beneath)];
    let ranges = [0, 1].map(|place| {
        let known = grid.ranges().get(place).copied();
        known.unwrap_or_else(|| metadata.range(axes[place]))
    });
    let found = reaction(&**problem, axes, &metadata.start, ranges, SAMPLES, token);
    (!token.is_cancelled()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_follows_the_clock_but_not_wildly() {
        assert_eq!(paced(100, PIECE), 100);
        assert_eq!(paced(100, PIECE * 2), 50);
        assert_eq!(paced(100, PIECE * 100), 25);
        assert_eq!(paced(100, Duration::ZERO), 400);
        assert_eq!(paced(1, PIECE * 50), 1);
    }
}

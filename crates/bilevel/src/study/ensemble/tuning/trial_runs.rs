//! The runs of all trials, at once on threads or one after another.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::numerics::WorkToken;
use crate::problem::Settings;
use crate::run::{Budget, Points, Recording, Run, RunSpec};
use crate::study::Score;

use super::step_grid::{TrialCount, grid, varied};
use super::trials::{Trial, TrialKey, TrialScores, Tuning};

/// The number of runs that the tuning takes for the given runs of each method.
pub fn tuning_runs(methods: &[Vec<RunSpec>], effort: TrialCount) -> usize {
    let keys = trial_keys(methods, effort).into_iter();
    keys.map(|key| methods[key.method].len()).sum()
}

/// All trials of a tuning, method by method, the smallest steps first; `methods` has the runs of each, one per start
/// and seed.
pub fn trial_keys(methods: &[Vec<RunSpec>], effort: TrialCount) -> Vec<TrialKey> {
    let of_method = |(method, runs): (usize, &Vec<RunSpec>)| {
        let settings = runs.first().map(|run| grid(&run.settings, effort).0);
        let numbers = 1..=settings.map_or(0, |settings| settings.len());
        numbers.map(move |number| TrialKey { method, number })
    };
    methods.iter().enumerate().flat_map(of_method).collect()
}

/// The scores of some trials, computed on the current thread pool. A token that is cancelled ends the work with the
/// trials whose runs have all ended; `done` counts finished runs.
pub fn trial_scores(
    judge: Score,
    (methods, effort): (&[Vec<RunSpec>], TrialCount),
    keys: &[TrialKey],
    done: &AtomicUsize,
    token: &WorkToken,
) -> TrialScores {
    let runs: Vec<(TrialKey, RunSpec)> = runs_of(methods, effort, keys);
    let scores: Vec<(TrialKey, Option<f64>)> = runs
        .into_par_iter()
        .map(|(key, spec)| {
            if token.is_cancelled() {
                return (key, None);
            }
            let mut run = Run::new(spec, token.clone());
            run.advance(Budget::Iterations(u64::MAX));
            let score = score(&run, judge, token);
            if token.is_cancelled() {
                return (key, None); // the score of cancelled work is not reliable
            }
            done.fetch_add(1, Ordering::Relaxed);
            (key, Some(score))
        })
        .collect();
    let mut trials: BTreeMap<TrialKey, Option<Vec<f64>>> = BTreeMap::new();
    for (key, score) in scores {
        let trial = trials.entry(key).or_insert_with(|| Some(Vec::new()));
        match (trial.as_mut(), score) {
            (Some(scores), Some(score)) => scores.push(score),
            _ => *trial = None,
        }
    }
    let trials = trials.into_iter();
    trials
        .filter_map(|(key, scores)| Some((key, scores?)))
        .collect()
}

/// The trials of each method that have scores; `methods` has the runs of each, one per start and seed.
pub fn tunings(
    methods: &[Vec<RunSpec>],
    effort: TrialCount,
    mut scores: TrialScores,
) -> Vec<Tuning> {
    let of_method = |(method, runs): (usize, &Vec<RunSpec>)| {
        let first = runs.first().map(|run| &run.settings);
        let (settings, present) = first.map(|own| grid(own, effort)).unwrap_or_default();
        let trials = (1..).zip(settings).filter_map(|(number, settings)| {
            let scores = scores.remove(&TrialKey { method, number })?;
            Some(Trial::new(number, settings, scores))
        });
        Tuning::new(
            first.map(varied).unwrap_or_default(),
            trials.collect(),
            present + 1,
        )
    };
    methods.iter().enumerate().map(of_method).collect()
}

/// The runs of some trials, without records.
fn runs_of(
    methods: &[Vec<RunSpec>],
    effort: TrialCount,
    keys: &[TrialKey],
) -> Vec<(TrialKey, RunSpec)> {
    let settings = methods.iter().map(|runs| {
        let first = runs.first().map(|run| &run.settings);
        first.map_or_else(Vec::new, |own| grid(own, effort).0)
    });
    let settings: Vec<Vec<Settings>> = settings.collect();
    let of_trial = |&key: &TrialKey| {
        let settings = settings[key.method].get(key.number - 1);
        let runs = methods[key.method].iter();
        settings.into_iter().flat_map(move |settings| {
            runs.clone().map(move |run| {
                let spec = RunSpec {
                    settings: settings.clone(),
                    recording: Recording {
                        every: 0,
                        points: Points::None,
                    },
                    ..run.clone()
                };
                (key, spec)
            })
        })
    };
    keys.iter().flat_map(of_trial).collect()
}

/// Tries every setting of every method, scored by the referee; see [`tune_by`].
pub fn tune(
    methods: &[Vec<RunSpec>],
    effort: TrialCount,
    done: &AtomicUsize,
    token: &WorkToken,
) -> Option<Vec<Tuning>> {
    tune_by(Score::Referee, methods, effort, done, token)
}

/// Tries every setting of every method, on the current thread pool; `None` once the token is cancelled.
///
/// `methods` has the runs of each method, one per start and seed; `done` counts finished runs.
pub fn tune_by(
    judge: Score,
    methods: &[Vec<RunSpec>],
    effort: TrialCount,
    done: &AtomicUsize,
    token: &WorkToken,
) -> Option<Vec<Tuning>> {
    let (tunings, is_complete) = tune_until(judge, methods, effort, done, token);
    is_complete.then_some(tunings)
}

/// Like [`tune_by`], but a token that is cancelled ends the tuning with the trials whose runs have all ended; the
/// second result is true if these are all.
pub fn tune_until(
    judge: Score,
    methods: &[Vec<RunSpec>],
    effort: TrialCount,
    done: &AtomicUsize,
    token: &WorkToken,
) -> (Vec<Tuning>, bool) {
    let keys = trial_keys(methods, effort);
    let scores = trial_scores(judge, (methods, effort), &keys, done, token);
    let is_complete = scores.len() == keys.len();
    (tunings(methods, effort, scores), is_complete)
}

/// The runs of a tuning, done one after another.
#[derive(Debug)]
pub struct TrialRuns {
    judge: Score,
    methods: Vec<Vec<RunSpec>>,
    effort: TrialCount,
    waiting: VecDeque<(TrialKey, RunSpec)>,
    under_way: Option<(TrialKey, Run)>,
    scores: TrialScores,
}

impl TrialRuns {
    /// The runs of every setting of every method; `methods` has the runs of each, one per start and seed.
    pub fn new(judge: Score, methods: &[Vec<RunSpec>], effort: TrialCount) -> Self {
        let keys = trial_keys(methods, effort);
        Self {
            judge,
            methods: methods.to_vec(),
            effort,
            waiting: runs_of(methods, effort, &keys).into(),
            under_way: None,
            scores: TrialScores::new(),
        }
    }

    /// Does about 2 ms of the next run, or one iteration; false if no run is left.
    pub fn do_next(&mut self, done: &AtomicUsize, token: &WorkToken) -> bool {
        let next = || {
            let (key, spec) = self.waiting.pop_front()?;
            Some((key, Run::new(spec, token.clone())))
        };
        let Some((key, mut run)) = self.under_way.take().or_else(next) else {
            return false;
        };
        run.advance(Budget::SliceUntil(u64::MAX));
        if run.status().is_running() {
            self.under_way = Some((key, run));
            return true;
        }
        let score = score(&run, self.judge, token);
        self.scores.entry(key).or_default().push(score);
        done.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// The trials of each method, once all runs are done; `None` if the token was cancelled before.
    pub fn finish(self, token: &WorkToken) -> Option<Vec<Tuning>> {
        if token.is_cancelled() {
            return None;
        }
        Some(tunings(&self.methods, self.effort, self.scores))
    }
}

/// The score of the final point of a run that has ended; infinite if it failed, diverged or is infeasible.
fn score(run: &Run, judge: Score, token: &WorkToken) -> f64 {
    if run.status().is_failure() || token.is_cancelled() {
        return f64::INFINITY;
    }
    judge.at(run.problem(), run.point(), token)
}

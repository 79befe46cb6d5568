//! The trials of a method and the best of them.

use std::collections::BTreeMap;

use crate::problem::{ParameterValue, Settings};
use crate::study::trace::bands::quantile;

use super::step_grid::{numbers, varied};

/// Relative difference below which medians count as equal.
const TIE: f64 = 1e-12;

/// One setting of a method, and its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its number, from 1: the place of its setting in the method's grid.
    pub number: usize,
    /// The method's parameters.
    pub settings: Settings,
    /// The score of each start with each seed, in the order of the experiment; infinite where a run diverged,
    /// failed or ended infeasible.
    pub scores: Vec<f64>,
    /// The median of the scores.
    pub median: f64,
}

/// The identification of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrialKey {
    /// The place of the method among those that are tuned, from 0.
    pub method: usize,
    /// The number of the trial, from 1.
    pub number: usize,
}

/// The scores of trials: of each start with each seed, in the order of the experiment.
pub type TrialScores = BTreeMap<TrialKey, Vec<f64>>;

impl Trial {
    /// A trial with its scores.
    pub fn new(number: usize, settings: Settings, scores: Vec<f64>) -> Self {
        Self {
            number,
            settings,
            median: median(&scores),
            scores,
        }
    }
}

/// All trials of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// The names of the step sizes that were varied.
    pub varied: Vec<&'static str>,
    /// The trials, the smallest steps first.
    pub trials: Vec<Trial>,
    /// The trial with the least median; among ties the one nearest to the present setting.
    pub best: usize,
    /// The trial of the present setting; beyond the trials if it was not tried to the end.
    pub present: usize,
}

impl Tuning {
    /// The trials of a method that were tried; `present` is the number of the present setting.
    pub(super) fn new(varied: Vec<&'static str>, trials: Vec<Trial>, present: usize) -> Self {
        let mut places = trials.iter();
        let place = places.position(|trial| trial.number == present);
        let present = place.unwrap_or(trials.len());
        Self {
            best: best(&trials, present),
            present,
            varied,
            trials,
        }
    }

    /// The first, second and third quartile of the medians over the grid: the sensitivity to the step sizes.
    pub fn quartiles(&self) -> [f64; 3] {
        let mut medians: Vec<f64> = self.trials.iter().map(|trial| trial.median).collect();
        medians.sort_unstable_by(f64::total_cmp);
        [0.25, 0.5, 0.75].map(|share| quantile(&medians, share))
    }

    /// The number of settings with which more than half of the runs failed.
    pub fn failed_runs(&self) -> usize {
        let infinite = |trial: &&Trial| trial.median.is_infinite();
        self.trials.iter().filter(infinite).count()
    }

    /// True if a step size of the best trial is at an end of its grid, so that a better one may lie outside.
    pub fn is_at_edge(&self) -> bool {
        self.varied.iter().any(|name| {
            let first = |trial: &Trial| numbers(&trial.settings.value(name)).first().copied();
            let best = self.trials.get(self.best).and_then(first);
            let all = self.trials.iter().filter_map(first);
            let ends = all.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            });
            best.is_some_and(|best| ends.contains(&best)) && ends[0] < ends[1]
        })
    }

    /// The step sizes of a trial, with their names.
    pub fn values(&self, trial: usize) -> Vec<(&'static str, ParameterValue)> {
        let settings = &self.trials[trial].settings;
        let value = |&name: &&'static str| (name, settings.value(name));
        self.varied.iter().map(value).collect()
    }
}

fn median(scores: &[f64]) -> f64 {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The trial with the least median; among ties the one that changes the step sizes least.
fn best(trials: &[Trial], present: usize) -> usize {
    let least = trials.iter().map(|trial| trial.median);
    let least = least.fold(f64::INFINITY, f64::min);
    let is_least =
        |trial: &Trial| trial.median <= least + TIE * (1.0 + least.abs()) || trial.median == least;
    let change = |trial: &Trial| -> f64 {
        let names = varied(&trial.settings);
        let pairs = names.into_iter().flat_map(|name| {
            let now = trials.get(present).unwrap_or(trial).settings.value(name);
            let then = trial.settings.value(name);
            let pairs = numbers(&now).iter().zip(numbers(&then));
            pairs
                .map(|(now, then)| (then / now).ln().abs())
                .collect::<Vec<_>>()
        });
        pairs.sum()
    };
    let candidates = trials
        .iter()
        .enumerate()
        .filter(|(_, trial)| is_least(trial));
    candidates
        .min_by(|(_, a), (_, b)| change(a).total_cmp(&change(b)))
        .map_or(present, |(place, _)| place)
}

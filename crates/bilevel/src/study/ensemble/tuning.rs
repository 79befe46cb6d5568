//! Tuning of step sizes with the same budget for every method: equally many settings, tried from the same starts with
//! the same seeds and compared by the scores of the final points.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::numerics::{WorkToken, rounded};
use crate::problem::{ParameterKind, ParameterValue, Settings};
use crate::run::{Budget, Points, Recording, Run, RunSpec};
use crate::study::Score;
use crate::study::trace::bands::quantile;

/// The parameters that count as step sizes, by axes of the grid. Those of the follower share an axis, so that a method
/// that moves it twice has no third axis.
const STEP_SIZES: [&[&str]; 3] = [
    &["outer_step_size"],
    &["inner_step_size", LOWER],
    &["sigma0"],
];
/// The follower's outer step size, which defaults to the leader's and is varied only if it is set.
const LOWER: &str = "outer_step_size_lower";
/// Relative difference below which medians count as equal.
const TIE: f64 = 1e-12;

/// The number of settings tried per method: a square, so that two step sizes make a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrialCount {
    /// Nine: each of two step sizes times 0.1, 1 and 10.
    #[default]
    Nine,
    /// Twenty-five: factors in half decades.
    TwentyFive,
    /// Forty-nine: factors in thirds of decades.
    FortyNine,
}

impl TrialCount {
    /// All counts, smallest first.
    pub const ALL: [Self; 3] = [Self::Nine, Self::TwentyFive, Self::FortyNine];

    /// The number of settings tried per method.
    pub const fn trials(self) -> usize {
        let side = self.side();
        side * side
    }

    /// The number of values of each of two step sizes.
    const fn side(self) -> usize {
        match self {
            Self::Nine => 3,
            Self::TwentyFive => 5,
            Self::FortyNine => 7,
        }
    }
}

/// One setting of a method, and its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The method's parameters.
    pub settings: Settings,
    /// The score of each start with each seed, in the order of the experiment; infinite where a run diverged or failed.
    pub scores: Vec<f64>,
    /// The median of the scores.
    pub median: f64,
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

/// The number of runs that the tuning takes for the given runs of each method.
pub fn tuning_runs(methods: &[Vec<RunSpec>], effort: TrialCount) -> usize {
    let of_method = |runs: &Vec<RunSpec>| {
        runs.first()
            .map_or(0, |run| grid(&run.settings, effort).0.len())
            * runs.len()
    };
    methods.iter().map(of_method).sum()
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
    let mut trials = TrialRuns::new(judge, methods, effort);
    let scores: Vec<Option<f64>> = std::mem::take(&mut trials.waiting)
        .into_par_iter()
        .map(|spec| {
            if token.is_cancelled() {
                return None;
            }
            let mut run = Run::new(spec, token.clone());
            run.advance(Budget::Iterations(u64::MAX));
            let score = score(&run, judge, token);
            if token.is_cancelled() {
                return None; // the score of cancelled work is not reliable
            }
            done.fetch_add(1, Ordering::Relaxed);
            Some(score)
        })
        .collect();
    let is_complete = scores.iter().all(Option::is_some);
    (trials.tunings(scores), is_complete)
}

/// The runs of a tuning, done one after another.
#[derive(Debug)]
pub struct TrialRuns {
    judge: Score,
    /// The settings of each method with the index of the present one, and the number of runs with each setting.
    grids: Vec<(Vec<Settings>, usize, usize)>,
    /// The names of the step sizes that vary, of each method.
    varied: Vec<Vec<&'static str>>,
    waiting: VecDeque<RunSpec>,
    under_way: Option<Run>,
    scores: Vec<f64>,
}

impl TrialRuns {
    /// The runs of every setting of every method; `methods` has the runs of each, one per start and seed.
    pub fn new(judge: Score, methods: &[Vec<RunSpec>], effort: TrialCount) -> Self {
        let grids = methods.iter().map(|runs| {
            let grid = runs.first().map(|run| grid(&run.settings, effort));
            let (settings, present) = grid.unwrap_or_default();
            (settings, present, runs.len())
        });
        let grids: Vec<_> = grids.collect();
        let mut waiting = VecDeque::new();
        for (runs, (settings, ..)) in methods.iter().zip(&grids) {
            for settings in settings {
                waiting.extend(runs.iter().map(|run| RunSpec {
                    settings: settings.clone(),
                    recording: Recording {
                        every: 0,
                        points: Points::None,
                    },
                    ..run.clone()
                }));
            }
        }
        let first = |runs: &Vec<RunSpec>| runs.first().map(|run| varied(&run.settings));
        Self {
            judge,
            grids,
            varied: methods
                .iter()
                .map(|runs| first(runs).unwrap_or_default())
                .collect(),
            waiting,
            under_way: None,
            scores: Vec::new(),
        }
    }

    /// Does about 2 ms of the next run, or one iteration; false if no run is left.
    pub fn do_next(&mut self, done: &AtomicUsize, token: &WorkToken) -> bool {
        let next = || Some(Run::new(self.waiting.pop_front()?, token.clone()));
        let Some(mut run) = self.under_way.take().or_else(next) else {
            return false;
        };
        run.advance(Budget::SliceUntil(u64::MAX));
        if run.status().is_running() {
            self.under_way = Some(run);
            return true;
        }
        self.scores.push(score(&run, self.judge, token));
        done.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// The trials of each method, once all runs are done; `None` if the token was cancelled before.
    pub fn finish(self, token: &WorkToken) -> Option<Vec<Tuning>> {
        if token.is_cancelled() {
            return None;
        }
        let scores = self.scores.iter().copied().map(Some).collect();
        Some(self.tunings(scores))
    }

    /// The trials of each method whose runs all have scores, in the order of the runs.
    fn tunings(self, scores: Vec<Option<f64>>) -> Vec<Tuning> {
        let mut scores = scores.into_iter();
        let tunings = self.grids.into_iter().zip(self.varied);
        let tunings = tunings.map(|((grid, present, runs), varied)| {
            let present = grid.get(present).cloned();
            let trials = grid.into_iter().map(|settings| {
                let of_trial: Vec<Option<f64>> = scores.by_ref().take(runs).collect();
                let scores: Vec<f64> = of_trial.into_iter().collect::<Option<_>>()?;
                Some(Trial {
                    settings,
                    median: median(&scores),
                    scores,
                })
            });
            let trials: Vec<Trial> = trials.flatten().collect();
            let mut places = trials.iter();
            let place = places.position(|trial| Some(&trial.settings) == present.as_ref());
            let place = place.unwrap_or(trials.len());
            Tuning {
                best: best(&trials, place),
                present: place,
                varied,
                trials,
            }
        });
        tunings.collect()
    }
}

fn median(scores: &[f64]) -> f64 {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The step sizes of a method, except those that are 0, which scaling cannot change.
fn varied(settings: &Settings) -> Vec<&'static str> {
    axes(settings).concat()
}

/// The step sizes of a method by axes of the grid.
fn axes(settings: &Settings) -> Vec<Vec<&'static str>> {
    let is_varied = |name: &&'static str| {
        settings.declares(name)
            && numbers(&settings.value(name)).iter().any(|&n| n != 0.0)
            && (*name != LOWER || settings.iter_set().any(|(given, _)| given == LOWER))
    };
    let axes = STEP_SIZES.map(|names| names.iter().copied().filter(is_varied).collect());
    axes.into_iter()
        .filter(|names: &Vec<_>| !names.is_empty())
        .collect()
}

fn numbers(value: &ParameterValue) -> &[f64] {
    match value {
        ParameterValue::Number(number) => std::slice::from_ref(number),
        ParameterValue::List(numbers) => numbers,
        _ => &[],
    }
}

/// The settings to try, the smallest steps first, and the index of the present one among them. Each step size goes from
/// a tenth of its value to tenfold; a method with a single axis gets as many values on it as others have pairs.
fn grid(settings: &Settings, effort: TrialCount) -> (Vec<Settings>, usize) {
    let axes = axes(settings);
    let side = if axes.len() == 1 {
        effort.trials()
    } else {
        effort.side()
    };
    let mut all = vec![(settings.clone(), true)];
    for names in axes {
        let mut next = Vec::new();
        for (settings, is_present) in all {
            for number in 0..side {
                let is_middle = number == side / 2;
                let exponent = 2.0 * number as f64 / (side - 1) as f64 - 1.0;
                let mut settings = settings.clone();
                // no trial outside of the parameter's range
                let is_set = is_middle
                    || names.iter().all(|name| {
                        let scaled = scaled(&settings.value(name), exponent);
                        let clamped = clamped(&settings, name, scaled);
                        settings.set(name, clamped).is_ok()
                    });
                if !is_set {
                    continue;
                }
                next.push((settings, is_present && is_middle));
            }
        }
        all = next;
    }
    let present = all.iter().position(|(_, is_present)| *is_present);
    let settings = all.into_iter().map(|(settings, _)| settings);
    (settings.collect(), present.unwrap_or(0))
}

/// A value times a power of ten, rounded to two digits so that it is easy to write down.
fn scaled(value: &ParameterValue, exponent: f64) -> ParameterValue {
    let times = |number: f64| rounded(number * 10.0_f64.powf(exponent), 2);
    match value {
        ParameterValue::Number(number) => ParameterValue::Number(times(*number)),
        ParameterValue::List(numbers) => {
            ParameterValue::List(numbers.iter().map(|&n| times(n)).collect())
        }
        other => other.clone(),
    }
}

/// The value clamped to the parameter's range.
fn clamped(settings: &Settings, name: &str, value: ParameterValue) -> ParameterValue {
    let parameter = settings.table().iter().find(|one| one.name == name);
    let Some(ParameterKind::Number { min, max, .. }) = parameter.map(|one| one.kind) else {
        return value;
    };
    match value {
        ParameterValue::Number(number) => ParameterValue::Number(number.clamp(min, max)),
        ParameterValue::List(numbers) => {
            ParameterValue::List(numbers.iter().map(|n| n.clamp(min, max)).collect())
        }
        other => other,
    }
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

/// The score of the final point of a run that has ended; infinite if it failed or diverged.
fn score(run: &Run, judge: Score, token: &WorkToken) -> f64 {
    if run.status().is_failure() || token.is_cancelled() {
        return f64::INFINITY;
    }
    judge.at(run.problem(), run.point(), token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referee::Referee;
    use crate::{method, problem};

    /// The runs of a method on a benchmark, from its start with each seed.
    fn runs(problem: &str, method: &str, iterations: u64, seeds: u64) -> Vec<RunSpec> {
        let entry = problem::find(problem).unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let method = method::find(method).unwrap();
        (0..seeds)
            .map(|seed| RunSpec {
                recording: Recording::default_for(2),
                diverge_at: Some(1e6),
                ..RunSpec::new(&problem, method)
                    .seed(seed)
                    .iterations(iterations)
            })
            .collect()
    }

    fn tuned(methods: &[Vec<RunSpec>], effort: TrialCount) -> Vec<Tuning> {
        tune(methods, effort, &AtomicUsize::new(0), &WorkToken::default()).unwrap()
    }

    #[test]
    fn every_method_gets_the_same_number_of_trials_and_the_present_setting_is_one_of_them() {
        for effort in TrialCount::ALL {
            for id in ["bome", "implicit", "evolution", "gda"] {
                let method = method::find(id).unwrap();
                let settings = Settings::new(method.parameters);
                let (grid, present) = grid(&settings, effort);
                assert_eq!(grid.len(), effort.trials(), "{id}");
                assert_eq!(grid[present], settings, "{id}");
                for (place, one) in grid.iter().enumerate() {
                    assert!(
                        !grid[..place].contains(one),
                        "{id} tries a setting twice: {:?}",
                        one.iter_set().collect::<Vec<_>>()
                    );
                }
            }
        }
    }

    #[test]
    fn the_best_trial_is_no_worse_than_any_and_its_score_is_that_of_its_run() {
        let methods = [runs("quadratic", "itd", 10, 1)];
        let [tuning] = &tuned(&methods, TrialCount::Nine)[..] else {
            panic!("one method was tuned");
        };
        let best = &tuning.trials[tuning.best];
        assert!(
            tuning
                .trials
                .iter()
                .all(|one| one.median >= best.median - 1e-12)
        );
        assert!(
            best.median < tuning.trials[tuning.present].median,
            "the default step is not the best one of nine here"
        );
        let mut spec = methods[0][0].clone();
        spec.settings = best.settings.clone();
        let problem = std::sync::Arc::clone(&spec.problem);
        let token = WorkToken::default();
        let mut run = Run::new(spec, token.clone());
        run.advance(Budget::Iterations(u64::MAX));
        let phi = Referee::new(&*problem, &token)
            .reduced(run.point())
            .unwrap();
        let above = phi - problem.metadata().optimum().unwrap();
        assert_eq!(best.scores, [above]);
    }

    #[test]
    fn a_setting_that_diverges_counts_as_infinitely_bad_and_not_as_missing() {
        let mut methods = [runs("coreset", "itd", 300, 1)];
        let step = ParameterValue::Number(0.5);
        methods[0][0].settings.set("inner_step_size", step).unwrap();
        let [tuning] = &tuned(&methods, TrialCount::Nine)[..] else {
            panic!("one method was tuned");
        };
        // inner steps beyond 1 diverge on a follower of curvature 2: a third of the grid
        assert_eq!(tuning.failed_runs(), 3);
        assert!(tuning.quartiles()[0].is_finite() && !tuning.quartiles()[0].is_nan());
    }

    #[test]
    fn a_median_is_over_all_seeds_and_threads_change_nothing() {
        let mut methods = [runs("quadratic", "stocbio", 40, 5)];
        for run in &mut methods[0] {
            run.settings
                .set("batch_size", ParameterValue::Number(8.0))
                .unwrap();
        }
        let tune_on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build()
                .unwrap()
                .install(|| tuned(&methods, TrialCount::Nine))
        };
        let (one, three) = (tune_on(1), tune_on(3));
        assert_eq!(one, three);
        let trial = &one[0].trials[one[0].best];
        let mut sorted = trial.scores.clone();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(sorted.len(), 5);
        assert!(sorted[0] < sorted[4], "seeds meet different noise");
        assert_eq!(trial.median, sorted[2]);
    }

    #[test]
    fn runs_one_after_another_give_the_same_trials() {
        let methods = [runs("coreset", "bome", 50, 2)];
        let (done, token) = (AtomicUsize::new(0), WorkToken::default());
        let mut trials = TrialRuns::new(Score::Referee, &methods, TrialCount::Nine);
        while trials.do_next(&done, &token) {}
        assert_eq!(
            done.load(Ordering::Relaxed),
            tuning_runs(&methods, TrialCount::Nine)
        );
        let tunings = trials.finish(&token).unwrap();
        assert_eq!(tunings, tuned(&methods, TrialCount::Nine));
    }

    #[test]
    fn the_followers_two_step_sizes_go_together_where_both_are_given() {
        let mut settings = Settings::new(method::find("bome").unwrap().parameters);
        assert_eq!(varied(&settings), ["outer_step_size", "inner_step_size"]);
        settings.set(LOWER, ParameterValue::Number(0.1)).unwrap();
        settings
            .set("inner_step_size", ParameterValue::Number(0.05))
            .unwrap();
        let (grid, present) = grid(&settings, TrialCount::Nine);
        assert_eq!((grid.len(), &grid[present]), (9, &settings));
        for one in &grid {
            let twice = 2.0 * one.number_at("inner_step_size", 2);
            assert!((one.number(LOWER) / twice - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn an_interrupted_tuning_has_the_trials_that_ended() {
        let methods = [
            runs("coreset", "bome", 50, 2),
            runs("coreset", "itd", 50, 2),
        ];
        let whole = tuned(&methods, TrialCount::Nine);
        // the first three trials of the first method, and half of the fourth
        let scores = whole
            .iter()
            .flat_map(|one| &one.trials)
            .flat_map(|one| one.scores.clone());
        let scores = scores.enumerate();
        let scores = scores.map(|(run, score)| (run < 7).then_some(score));
        let trials = TrialRuns::new(Score::Referee, &methods, TrialCount::Nine);
        let [first, second] = &trials.tunings(scores.collect())[..] else {
            panic!("two methods");
        };
        assert_eq!(first.trials, whole[0].trials[..3]);
        assert!(first.best < 3 && first.present == 3, "{first:?}");
        assert!(second.trials.is_empty() && second.quartiles()[0].is_nan());
    }

    #[test]
    fn a_cancelled_tuning_has_no_result() {
        let token = WorkToken::default();
        token.cancel();
        let methods = [runs("valleys", "bome", 1_000_000, 1)];
        assert_eq!(
            tune(&methods, TrialCount::Nine, &AtomicUsize::new(0), &token),
            None
        );
    }
}

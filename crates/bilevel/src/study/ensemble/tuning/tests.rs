//! Tests of tuning.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::step_grid::{LOWER, grid, varied};
use super::*;
use crate::numerics::WorkToken;
use crate::problem::{ParameterValue, Settings};
use crate::referee::Referee;
use crate::run::{Budget, Recording, Run, RunSpec};
use crate::study::Score;
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
    // the first three trials of the first method
    let keys = &trial_keys(&methods, TrialCount::Nine)[..3];
    let (done, token) = (AtomicUsize::new(0), WorkToken::default());
    let work = (&methods[..], TrialCount::Nine);
    let scores = trial_scores(Score::Referee, work, keys, &done, &token);
    assert_eq!(done.load(Ordering::Relaxed), 6);
    let [first, second] = &tunings(&methods, TrialCount::Nine, scores)[..] else {
        panic!("two methods");
    };
    assert_eq!(first.trials, whole[0].trials[..3]);
    assert!(first.best < 3 && first.present == 3, "{first:?}");
    assert!(second.trials.is_empty() && second.quartiles()[0].is_nan());
}

#[test]
fn parts_of_the_trials_make_the_whole_tuning() {
    let methods = [
        runs("coreset", "bome", 50, 2),
        runs("coreset", "itd", 50, 2),
    ];
    let (done, token) = (AtomicUsize::new(0), WorkToken::default());
    let keys = trial_keys(&methods, TrialCount::Nine);
    let mut all = TrialScores::new();
    for part in keys.chunks(5) {
        let work = (&methods[..], TrialCount::Nine);
        all.extend(trial_scores(Score::Referee, work, part, &done, &token));
    }
    assert_eq!(
        tunings(&methods, TrialCount::Nine, all),
        tuned(&methods, TrialCount::Nine)
    );
    // the sixth trial alone keeps its number
    let work = (&methods[..], TrialCount::Nine);
    let scores = trial_scores(Score::Referee, work, &keys[5..6], &done, &token);
    let alone = tunings(&methods, TrialCount::Nine, scores);
    assert_eq!((alone[0].trials[0].number, alone[0].best), (6, 0));
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

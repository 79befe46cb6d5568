//! Tests of sessions, without threads and without a window.

use bilevel::run::Executor;
use bilevel_files::StartSpec;
use rstest::rstest;

use super::*;
use crate::embedded::PRESETS;

/// A session whose work is done by [`work`].
fn session(experiment: Experiment) -> Session {
    Session::new(experiment, &Background::of_a_test())
}

/// Does all work that waits.
fn work(session: &mut Session) {
    session.update(0.0);
    while session.background.executor.step() {
        session.update(0.0);
    }
}

#[rstest]
fn what_is_trained_restarts_no_run_that_did_not_wait_for_it() {
    let mut experiment = crate::embedded::open("stackelberg").expect("the preset is right");
    let unfit = bilevel::method::find("bome").expect("it ships");
    experiment.methods[1].entry = unfit;
    experiment.methods[1].settings = bilevel::problem::Settings::new(unfit.parameters);
    let mut session = session(experiment);
    assert!(session.slots[1].refusal.is_some(), "BOME is for two levels");
    session.set_visible(0, false);
    let id = session.slots[0].runs[0].id;
    session.begin();
    work(&mut session);
    assert!(!session.training.is_busy());
    assert!(!session.slots[0].is_visible);
    assert_eq!(session.slots[0].runs[0].id, id);
}

#[rstest]
fn a_change_of_words_and_views_restarts_no_run() {
    let experiment = crate::embedded::open("welcome").expect("the preset is right");
    let mut session = session(experiment);
    session.edit(|experiment| {
        experiment.title = "Another title".to_owned();
        experiment.view.landscape_level = Some(2);
    });
    assert!(!session.is_waiting());
    session.edit(|experiment| experiment.iterations += 1);
    assert!(session.is_waiting());
}

#[rstest]
fn all_iterates_are_kept_unless_they_would_not_fit_in_memory() {
    for preset in PRESETS {
        let mut experiment = crate::embedded::open(preset.name).expect("the preset is right");
        experiment.iterations = experiment.iterations.min(100_000);
        let mut session = session(experiment);
        assert_eq!(session.every(), 1, "{}", preset.name);
        session.edit(|experiment| experiment.iterations = Experiment::MOST_ITERATIONS);
        let runs = session.experiment.run_count() as u64;
        let rows = Experiment::MOST_ITERATIONS / session.every() * runs;
        assert!(rows * NUMBERS_PER_ROW <= MOST_NUMBERS, "{}", preset.name);
        session.edit(|experiment| {
            experiment.iterations = 1_000_000;
            experiment.starts.clear();
            experiment.seeds = vec![0];
            experiment.methods.truncate(1);
            let method = experiment.methods[0].clone();
            experiment.methods.resize(8, method);
        });
        assert_eq!(session.every(), 1, "eight runs of a million iterates fit");
        session.edit(|experiment| experiment.record_every = 1_000_000);
        assert_eq!(session.every(), 1_000_000, "as the experiment says");
    }
}

#[rstest]
fn runs_stand_at_their_starts_until_the_session_begins() {
    let experiment = crate::embedded::open("welcome").expect("the preset is right");
    let mut session = session(experiment);
    work(&mut session);
    assert!(
        session
            .runs()
            .all(|run| run.trace.len() == 1 && run.iteration == 0)
    );
    session.begin();
    work(&mut session);
    assert!(session.runs().all(|run| run.iteration > 0));
}

#[test]
fn methods_that_stay_keep_their_runs_when_others_come_and_go() {
    let experiment = crate::embedded::open("valleys").expect("the preset is right");
    let mut session = Session::new(experiment, &Background::of_a_test());
    session.begin();
    session.update(0.0);
    while session.background().executor.step() {
        session.update(0.0);
    }
    let ends = |session: &Session| -> Vec<(String, u64, usize)> {
        let methods = session.experiment().methods.iter().zip(session.slots());
        let runs = methods.flat_map(|(method, slot)| {
            let label = method.label.clone();
            slot.runs
                .iter()
                .map(move |run| (label.clone(), run.iteration, run.key.method))
        });
        runs.collect()
    };
    let before = ends(&session);
    assert!(before.iter().all(|(_, iteration, _)| *iteration > 0));
    session.edit(|experiment| experiment.methods.rotate_left(1));
    let mut moved: Vec<(String, u64, usize)> = before.clone();
    moved.rotate_left(1);
    for (place, (.., method)) in moved.iter_mut().enumerate() {
        *method = place;
    }
    assert_eq!(ends(&session), moved, "each run is where its method is");
    session.edit(|experiment| {
        let mut copy = experiment.methods[0].clone();
        copy.label = "copy".to_owned();
        experiment.methods.insert(1, copy);
        experiment.methods.pop();
    });
    let now = ends(&session);
    assert_eq!(now[0], moved[0]);
    assert_eq!(
        (now[1].0.as_str(), now[1].1),
        ("copy", 0),
        "only the copy starts"
    );
    assert_eq!(now[2].1, moved[1].1);
    assert_eq!(now.len(), moved.len());
}

#[rstest]
fn a_quick_restart_has_its_first_rows_in_the_frame_of_the_edit() {
    let experiment = crate::embedded::open("valleys").expect("the preset is right");
    let budget = Duration::from_millis(10);
    let background = Background::new(Executor::cooperative(), budget, || ());
    let mut session = Session::new(experiment, &background);
    session.begin();
    session.update(0.0);
    while session.background().executor.step() {
        session.update(0.0);
    }
    let [before, after] = [0.5, 0.6];
    for start in [before, after] {
        session.edit(|experiment| {
            experiment.starts = vec![StartSpec::At(Point::from_blocks(&[
                vec![start],
                vec![start],
            ]))];
        });
        session.update(0.0);
        for run in session.runs() {
            assert!(run.iteration > 0, "{:?}", run.key);
            assert_eq!(run.trace.point(0).expect("a start").values()[0], start);
        }
    }
}

//! Tests of sessions, without threads and without a window.

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

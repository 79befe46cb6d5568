//! Branches in the window: added at the playhead, changed on their cards, kept together with their parents, undone.

use bilevel::run::Trace;
use bilevel_files::{Experiment, ForkPoint};
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{click, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn labels(harness: &Harness<'_, App>) -> Vec<String> {
    let methods = harness.state().experiment().methods.iter();
    methods.map(|method| method.label.clone()).collect()
}

fn from(harness: &Harness<'_, App>, label: &str) -> Option<(String, u64)> {
    let mut methods = harness.state().experiment().methods.iter();
    let method = methods.find(|method| method.label == label)?;
    let from: &ForkPoint = method.from.as_ref()?;
    Some((from.run.clone(), from.k))
}

/// The points of the run in a place, row after row.
fn points(harness: &Harness<'_, App>, run: usize) -> Vec<f64> {
    let record = harness.state().records().nth(run);
    let trace: &Trace = record.expect("the run is there").0;
    trace.all_values().to_vec()
}

fn undo(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.step();
    harness.step();
    settle(harness);
}

/// The window on the preset `welcome` with the playhead at an iteration.
fn at(iteration: u64) -> Harness<'static, App> {
    let mut harness = window("welcome", SIZE, Theme::Light);
    harness.state_mut().seek(iteration);
    settle(&mut harness);
    harness
}

#[rstest]
fn a_key_adds_a_branch_at_the_playhead_and_undo_takes_it_back() {
    let mut harness = at(60);
    let before = labels(&harness);
    press(&mut harness, Key::B);
    settle(&mut harness);
    let mut expected = before.clone();
    expected.insert(1, "BOME 2".to_owned());
    assert_eq!(labels(&harness), expected);
    assert_eq!(from(&harness, "BOME 2"), Some(("BOME".to_owned(), 60)));
    assert!(harness.query_by_label("from BOME at 60").is_some());
    assert!(
        harness
            .query_by_label_contains("BOME 2 continues BOME from iteration 60")
            .is_some()
    );
    // unchanged, it is the same run
    assert_eq!(points(&harness, 0), points(&harness, 1));
    // a file of it reads back
    let experiment = harness.state().experiment().clone();
    let again = Experiment::read("saved.toml", &experiment.write());
    assert_eq!(again.expect("the file is right"), experiment);
    undo(&mut harness);
    assert_eq!(labels(&harness), before);
}

#[rstest]
fn a_parameter_of_a_branch_changes_the_rest_of_it_alone() {
    let mut harness = at(60);
    press(&mut harness, Key::B);
    settle(&mut harness);
    let (parent, branch) = (points(&harness, 0), points(&harness, 1));
    click(&mut harness, "outer step of BOME 2, typed");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("0.2".to_owned()));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(points(&harness, 0), parent);
    let changed = points(&harness, 1);
    let shared = 61 * 6;
    assert_eq!(changed[..shared], branch[..shared]);
    assert_ne!(changed[shared..], branch[shared..]);
    // the branch follows its parent, whose parameters are its own up to the fork
    click(&mut harness, "inner steps of BOME, typed");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("2".to_owned()));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    let (parent, followed) = (points(&harness, 0), points(&harness, 1));
    assert_eq!(followed[..shared], parent[..shared]);
    assert_ne!(followed[..shared], branch[..shared]);
}

#[rstest]
fn the_menu_of_a_card_continues_with_another_method() {
    let mut harness = at(40);
    click(&mut harness, "Menu of ITD");
    click(&mut harness, "Continue with");
    click(&mut harness, "AID-FP");
    settle(&mut harness);
    assert_eq!(from(&harness, "AID-FP"), Some(("ITD".to_owned(), 40)));
    let names = labels(&harness);
    let [parent, branch] = ["ITD", "AID-FP"].map(|label| {
        let place = names.iter().position(|name| name == label);
        points(&harness, place.expect("it is there"))
    });
    let shared = 41 * 6;
    assert_eq!(parent[..shared], branch[..shared]);
    assert_ne!(parent[shared..], branch[shared..]);
}

#[rstest]
fn a_parent_is_renamed_with_its_branches_and_removed_after_them() {
    let mut harness = at(40);
    press(&mut harness, Key::B);
    settle(&mut harness);
    click(&mut harness, "Menu of BOME");
    click(&mut harness, "Name of BOME");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("first".to_owned()));
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    press(&mut harness, Key::Escape);
    settle(&mut harness);
    assert_eq!(from(&harness, "BOME 2"), Some(("first".to_owned(), 40)));
    let before = points(&harness, 1);
    assert!(!before.is_empty(), "a new name restarts nothing");

    // the entry that removes it says why it cannot
    click(&mut harness, "Menu of first");
    click(&mut harness, "Remove");
    press(&mut harness, Key::Escape);
    settle(&mut harness);
    assert_eq!(labels(&harness)[..2], ["first", "BOME 2"]);
    // a run is not shorter than the place of its branch
    click(&mut harness, "Outer iterations of every run");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("7".to_owned()));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(harness.state().experiment().iterations, 40);
    assert!(
        harness
            .query_by_label_contains("runs are at least as long")
            .is_some()
    );

    click(&mut harness, "Menu of BOME 2");
    click(&mut harness, "Remove");
    settle(&mut harness);
    click(&mut harness, "Menu of first");
    click(&mut harness, "Remove");
    settle(&mut harness);
    assert!(
        !labels(&harness)
            .iter()
            .any(|it| it == "first" || it == "BOME 2")
    );
    undo(&mut harness);
    undo(&mut harness);
    assert_eq!(from(&harness, "BOME 2"), Some(("first".to_owned(), 40)));
}

#[rstest]
fn the_timeline_jumps_to_the_fork() {
    let mut harness = at(40);
    press(&mut harness, Key::B);
    settle(&mut harness);
    harness.state_mut().seek(0);
    settle(&mut harness);
    press(&mut harness, Key::N);
    assert_eq!(harness.state().iteration(), 40);
    assert!(
        harness
            .query_by_label_contains("BOME 2 leaves BOME at iteration 40")
            .is_some()
    );
}

#[rstest]
fn a_button_on_the_timeline_adds_the_branch_that_its_tooltip_names() {
    let mut harness = at(60);
    let before = labels(&harness).len();
    harness
        .get_by_label_contains("Continue BOME from iterate 60 as a branch (B)")
        .click();
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(labels(&harness).len(), before + 1);
    assert_eq!(from(&harness, "BOME 2"), Some(("BOME".to_owned(), 60)));
}

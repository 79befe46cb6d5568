//! Lessons in the window: opening one, the way through its steps, leaving it, and its progress.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bilevel_files::{Lesson, lesson_headings, open_lesson};
use bilevel_lab::app::App;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{click, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];
/// A lesson of two steps on a small problem.
const TEXT: &str = "kind = 'lesson'\ntitle = 'My lesson'\nsummary = 'Two steps.'\n\
    [[step]]\ntitle = 'First of mine'\ntext = 'Words.'\nexperiment = 'valleys'\nset = { iterations = 30 }\n\
    playhead = 'start'\nhighlight = ['timeline', 'card:BOME']\n\
    question = 'Where to?'\nanswer = 'To the left.'\n\
    [[step]]\ntitle = 'Second of mine'\ntext = 'More words.'\nset = { 'BOME.inner_steps' = 3 }\nplayhead = 'end'\n";

/// A file that is dropped on the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

fn lesson() -> Lesson {
    bilevel_lab::embedded::register_presets();
    Lesson::read("mine.toml", TEXT).expect("it is right")
}

/// A window in the first step of the lesson, over a changed experiment.
fn in_a_lesson() -> Harness<'static, App> {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Random");
    settle(&mut harness);
    assert!(harness.state().is_modified());
    harness.state_mut().begin_lesson("mine.toml", lesson());
    settle(&mut harness);
    harness
}

fn shows(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_by_label(label).is_some()
}

fn steps_of_bome(harness: &Harness<'_, App>) -> String {
    let methods = &harness.state().experiment().methods;
    let bome = methods.iter().find(|one| one.label == "BOME");
    bome.expect("a method")
        .settings
        .value("inner_steps")
        .to_string()
}

#[rstest]
fn a_lesson_goes_through_its_steps_and_gives_the_experiment_back() {
    let mut harness = in_a_lesson();
    let own = window("welcome", SIZE, Theme::Light);
    assert!(shows(&harness, "First of mine") && shows(&harness, "Step 1 of 2"));
    assert_eq!(harness.state().experiment().iterations, 30);
    assert_eq!(harness.state().name(), "mine, step 1");
    assert!(!harness.state().is_modified());
    assert_eq!(harness.state().iteration(), 0);
    press(&mut harness, Key::PageUp);
    assert!(shows(&harness, "Step 1 of 2"), "there is none before");
    press(&mut harness, Key::PageDown);
    settle(&mut harness);
    assert!(shows(&harness, "Second of mine") && shows(&harness, "Step 2 of 2"));
    assert_eq!(steps_of_bome(&harness), "3");
    assert_eq!(harness.state().iteration(), 30);
    click(&mut harness, "Back");
    settle(&mut harness);
    assert!(shows(&harness, "First of mine"));
    assert_ne!(steps_of_bome(&harness), "3");
    click(&mut harness, "Leave the lesson");
    settle(&mut harness);
    assert!(!shows(&harness, "First of mine"));
    assert_eq!(harness.state().name(), "welcome");
    assert!(harness.state().is_modified(), "as it was left");
    assert_ne!(
        harness.state().experiment().starts,
        own.state().experiment().starts
    );
    assert!(
        harness
            .query_by_label_contains("the lesson “My lesson” is left")
            .is_some()
    );
}

#[rstest]
fn undo_goes_back_step_by_step_to_the_experiment_before_the_lesson() {
    let mut harness = in_a_lesson();
    press(&mut harness, Key::PageDown);
    settle(&mut harness);
    let undo = |harness: &mut Harness<'_, App>, key: Key| {
        harness.key_press_modifiers(Modifiers::COMMAND, key);
        harness.run_steps(3);
        settle(harness);
    };
    undo(&mut harness, Key::Z);
    assert!(shows(&harness, "First of mine"));
    assert_ne!(steps_of_bome(&harness), "3");
    undo(&mut harness, Key::Z);
    assert_eq!(harness.state().name(), "welcome");
    assert!(harness.state().is_modified() && !shows(&harness, "First of mine"));
    undo(&mut harness, Key::Y);
    assert!(shows(&harness, "First of mine"));
    assert_eq!(harness.state().experiment().iterations, 30);
}

#[rstest]
fn an_answer_is_shown_on_request_and_hidden_in_the_next_step() {
    let mut harness = in_a_lesson();
    assert!(!shows(&harness, "To the left."));
    press(&mut harness, Key::Q);
    assert!(shows(&harness, "To the left."));
    click(&mut harness, "Hide the answer");
    assert!(!shows(&harness, "To the left."));
    click(&mut harness, "Show the answer");
    press(&mut harness, Key::PageDown);
    press(&mut harness, Key::PageUp);
    settle(&mut harness);
    assert!(!shows(&harness, "To the left."));
}

#[rstest]
fn the_list_begins_a_lesson_and_has_its_progress() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let first = &lesson_headings()[0];
    press(&mut harness, Key::G);
    click(&mut harness, &format!("Start: {}", first.title));
    settle(&mut harness);
    let lesson = open_lesson(first.name).expect("a lesson");
    assert!(shows(
        &harness,
        &format!("Step 1 of {}", lesson.steps.len())
    ));
    press(&mut harness, Key::PageDown);
    click(&mut harness, "Leave the lesson");
    press(&mut harness, Key::G);
    assert!(shows(
        &harness,
        &format!("at step 2 of {}", lesson.steps.len())
    ));
    click(&mut harness, &format!("Continue: {}", first.title));
    settle(&mut harness);
    assert!(shows(
        &harness,
        &format!("Step 2 of {}", lesson.steps.len())
    ));
    for _ in 1..lesson.steps.len() {
        press(&mut harness, Key::PageDown);
        harness.run_steps(2);
    }
    settle(&mut harness);
    // the end of a lesson lists the others
    assert!(shows(&harness, "done") && shows(&harness, &format!("Again: {}", first.title)));
    assert_eq!(harness.state().name(), "welcome");
}

#[rstest]
fn the_list_has_its_buttons_within_a_small_window() {
    let mut harness = window("welcome", [640.0, 480.0], Theme::Dark);
    press(&mut harness, Key::G);
    let screen = harness.ctx.content_rect();
    for heading in lesson_headings() {
        let name = format!("Start: {}", heading.title);
        let rect = harness.get_by_label(&name).rect();
        assert!(
            rect.left() >= screen.left() && rect.right() <= screen.right(),
            "{rect:?}"
        );
    }
    press(&mut harness, Key::Escape);
    assert!(!shows(&harness, "Lessons"));
}

#[rstest]
fn a_dropped_lesson_opens_and_a_wrong_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let mut harness = window("welcome", SIZE, Theme::Light);
    let drop_file = |harness: &mut Harness<'_, App>, text: &str| {
        std::fs::write(&path, text).expect("the folder takes files");
        let file = Arc::new(Dropped(path.clone()));
        harness.input_mut().dropped_files.push(file);
        harness.step();
        harness.input_mut().dropped_files.clear();
        harness.run_steps(3);
        settle(harness);
    };
    drop_file(&mut harness, &TEXT.replace("highlight", "hilight"));
    assert!(harness.query_by_label_contains("mine.toml:10:").is_some());
    assert_eq!(harness.state().name(), "welcome");
    press(&mut harness, Key::Escape);
    drop_file(&mut harness, TEXT);
    assert!(shows(&harness, "First of mine"));
    press(&mut harness, Key::G);
    assert!(shows(&harness, "Resume: mine"), "it is listed");
}

#[rstest]
fn another_experiment_ends_the_lesson_and_says_that_changes_are_left() {
    let mut harness = in_a_lesson();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    harness.run_steps(3);
    harness
        .get_by_label("Find an experiment")
        .type_text("minimax");
    harness.run_steps(3);
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    assert!(!shows(&harness, "First of mine"));
    assert!(harness.query_by_label_contains("welcome").is_some());
    assert_ne!(harness.state().name(), "welcome");
}

//! The file of the open experiment: opening, saving, changes by other programs, and closing with unsaved changes.

use std::path::{Path, PathBuf};

use bilevel_lab::app::App;
use egui::{Key, Modifiers, Role, Theme, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;
use tempfile::TempDir;

use crate::support::driving::{assert_dialog, click, press, settle, window, window_on};

const SIZE: [f32; 2] = [1280.0, 720.0];
const TEXT: &str =
    "iterations = 30 # few\n\n[problem]\nid = 'valleys'\n\n[[method]]\nid = 'bome'\n";

/// The window on a file of its own.
fn window_on_file() -> (Harness<'static, App>, PathBuf, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, TEXT).expect("the folder takes files");
    let name = path.to_str().expect("a plain path");
    let experiment = bilevel_lab::embedded::open(name).expect("the file is right");
    let harness = window_on(name, experiment, SIZE, Theme::Light);
    (harness, path, folder)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is there")
}

fn press_with(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(4);
}

/// Changes the experiment, which can be seen in its file.
fn change(harness: &mut Harness<'_, App>) {
    click(harness, "Random");
    settle(harness);
    assert!(harness.state().is_modified());
}

/// Types over the path of the export dialog.
fn type_path(harness: &mut Harness<'_, App>, path: &str) {
    harness.get_by_label("File").focus();
    harness.step();
    press_with(harness, Modifiers::COMMAND, Key::A);
    harness.get_by_label("File").type_text(path);
    harness.run_steps(3);
}

/// Asks the window to close, as its frame does; true if it will.
fn asks_to_close(harness: &mut Harness<'_, App>) -> bool {
    let viewports = &mut harness.input_mut().viewports;
    let viewport = viewports.entry(ViewportId::ROOT).or_default();
    viewport.events.push(ViewportEvent::Close);
    harness.step();
    let is_kept = commands(harness).contains(&ViewportCommand::CancelClose);
    let viewports = &mut harness.input_mut().viewports;
    viewports
        .entry(ViewportId::ROOT)
        .or_default()
        .events
        .clear();
    harness.run_steps(3);
    !is_kept
}

/// The commands to the window system in the last frame.
fn commands(harness: &Harness<'_, App>) -> Vec<ViewportCommand> {
    harness.output().viewport_output[&ViewportId::ROOT]
        .commands
        .clone()
}

#[rstest]
fn an_opened_file_is_saved_without_a_question_and_the_message_names_its_folder() {
    let (mut harness, path, folder) = window_on_file();
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    assert_eq!(read(&path), TEXT, "nothing was changed");
    change(&mut harness);
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    let saved = read(&path);
    assert!(
        saved.contains("# few") && saved.contains("start"),
        "{saved}"
    );
    assert!(!harness.state().is_modified());
    let folder = folder.path().to_str().expect("a plain path");
    assert!(
        harness
            .query_by_label_contains(&format!("saved mine.toml in {folder}"))
            .is_some()
    );
    // what is undone after saving differs from the file, and repeated it does not
    press_with(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(harness.state().is_modified());
    press_with(&mut harness, Modifiers::COMMAND, Key::Y);
    assert!(!harness.state().is_modified());
}

#[rstest]
fn a_preset_is_saved_under_a_path_that_is_asked_for_and_is_a_file_from_then_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("first.toml");
    let mut harness = window("valleys", SIZE, Theme::Light);
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    assert!(harness.get_by_label("File").is_focused());
    type_path(&mut harness, path.to_str().expect("a plain path"));
    click(&mut harness, "Save");
    assert_eq!(harness.state().name(), path.to_str().expect("a plain path"));
    let saved = read(&path);
    change(&mut harness);
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    assert_ne!(read(&path), saved, "it is saved to the same file");
}

#[rstest]
fn typing_replaces_the_proposed_path_and_folders_are_made_only_after_a_question() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file.toml");
    std::fs::write(&file, "precious").expect("the folder takes files");
    let mut harness = window("valleys", SIZE, Theme::Light);
    let new = folder.path().join("new");
    for (path, words) in [
        (file.join("x.toml"), "cannot write"),
        (new.join("x.toml"), "There is no folder"),
    ] {
        press_with(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
        // nothing is selected by hand
        let typed = path.to_str().expect("a plain path");
        harness.event(egui::Event::Text(typed.to_owned()));
        harness.run_steps(3);
        press(&mut harness, Key::Enter);
        harness.run_steps(3);
        let field = harness.get_by_label("File");
        assert_eq!(field.accesskit_node().value().as_deref(), Some(typed));
        assert!(harness.query_by_label_contains(words).is_some(), "{words}");
        assert!(!new.exists());
        if words == "There is no folder" {
            click(&mut harness, "Make the folder");
        } else {
            click(&mut harness, "Cancel");
        }
    }
    assert!(read(&new.join("x.toml")).contains("valleys"));
    assert_eq!(read(&file), "precious");
}

#[rstest]
fn every_error_in_a_file_has_lines_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wrong.toml");
    let text = "[problem]\nid = 'coresset'\n\n[[method]]\nid = 'bome'\nouter_stepsize = 1\n";
    std::fs::write(&path, text).expect("the folder takes files");
    let mut harness = window("welcome", SIZE, Theme::Light);
    open(&mut harness, path.to_str().expect("a plain path"));
    let lines = harness.query_all_by_label_contains("wrong.toml:");
    let mut tops: Vec<f32> = lines.map(|line| line.rect().top()).collect();
    tops.sort_by(f32::total_cmp);
    assert_eq!(tops.len(), 2);
    let parts = ["(did you mean", "outer_stepsize"];
    let parts = parts.map(|part| harness.query_all_by_label_contains(part).count());
    assert!(parts.iter().all(|count| *count > 0), "{parts:?}");
    assert!(tops[1] - tops[0] > 15.0, "{tops:?}");
}

#[rstest]
fn a_file_is_replaced_only_after_a_question() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.toml");
    std::fs::write(&path, "precious").expect("the folder takes files");
    let mut harness = window("valleys", SIZE, Theme::Light);
    press_with(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    type_path(&mut harness, path.to_str().expect("a plain path"));
    for _ in 0..2 {
        harness.get_by_label("File").focus();
        harness.step();
        press(&mut harness, Key::Enter);
        harness.run_steps(3);
        assert_eq!(read(&path), "precious");
        assert!(
            harness
                .query_by_label_contains("other.toml exists already in")
                .is_some()
        );
    }
    // another path is another question
    type_path(
        &mut harness,
        folder
            .path()
            .join("new.toml")
            .to_str()
            .expect("a plain path"),
    );
    assert!(harness.query_by_label("Replace").is_none());
    type_path(&mut harness, path.to_str().expect("a plain path"));
    click(&mut harness, "Save");
    click(&mut harness, "Replace");
    assert!(read(&path).contains("valleys"));
    assert!(
        harness.query_by_label("File").is_none(),
        "the dialog is closed"
    );
}

#[rstest]
fn changes_by_another_program_are_offered_once_and_asked_about_before_saving() {
    let (mut harness, path, _folder) = window_on_file();
    let theirs = TEXT.replace("30", "40");
    std::fs::write(&path, &theirs).expect("the file is ours");
    let come_back = |harness: &mut Harness<'_, App>| {
        for has_focus in [false, true] {
            harness.input_mut().focused = has_focus;
            harness.run_steps(2);
        }
    };
    come_back(&mut harness);
    assert!(
        harness
            .query_by_label_contains("was changed by another program")
            .is_some()
    );
    click(&mut harness, "Cancel");
    come_back(&mut harness);
    assert!(
        harness.query_by_label("Cancel").is_none(),
        "it was offered already"
    );
    // saving asks, and what is saved keeps their comment
    change(&mut harness);
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    assert_eq!(read(&path), theirs);
    click(&mut harness, "Replace");
    let saved = read(&path);
    assert!(
        saved.contains("iterations = 30 # few") && saved.contains("start"),
        "{saved}"
    );
    assert!(!harness.state().is_modified());
    // and what is accepted is opened
    std::fs::write(&path, &theirs).expect("the file is ours");
    come_back(&mut harness);
    click(&mut harness, "Open");
    assert_eq!(harness.state().experiment().iterations, 40);
    assert!(!harness.state().is_modified());
}

#[rstest]
fn a_window_without_changes_closes_and_one_with_changes_asks() {
    let (mut harness, path, _folder) = window_on_file();
    assert!(asks_to_close(&mut harness));
    change(&mut harness);
    assert!(!asks_to_close(&mut harness));
    assert_dialog(&mut harness, "question", "close_question");
    click(&mut harness, "Cancel");
    assert_eq!(read(&path), TEXT);
    assert!(!asks_to_close(&mut harness), "it asks again");
    harness.get_by_label("Close without saving").click();
    harness.step();
    harness.step();
    assert!(asks_to_close(&mut harness), "it was answered");
    assert_eq!(read(&path), TEXT);
}

#[rstest]
fn a_window_is_saved_and_closed_by_one_key() {
    let (mut harness, path, _folder) = window_on_file();
    change(&mut harness);
    assert!(!asks_to_close(&mut harness));
    press(&mut harness, Key::Enter);
    harness.step();
    assert_ne!(read(&path), TEXT);
    assert!(asks_to_close(&mut harness));
}

#[rstest]
fn a_preset_with_changes_is_saved_under_a_path_before_closing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = window("valleys", SIZE, Theme::Light);
    change(&mut harness);
    assert!(!asks_to_close(&mut harness));
    click(&mut harness, "Save");
    let path = folder.path().join("mine.toml");
    type_path(&mut harness, path.to_str().expect("a plain path"));
    click(&mut harness, "Cancel");
    assert!(!asks_to_close(&mut harness), "saving was given up");
    click(&mut harness, "Save");
    type_path(&mut harness, path.to_str().expect("a plain path"));
    click(&mut harness, "Save");
    assert!(path.exists());
    assert!(asks_to_close(&mut harness));
}

#[rstest]
fn the_title_of_the_window_names_the_file_and_its_state() {
    let (mut harness, _path, _folder) = window_on_file();
    assert_eq!(harness.state().title(), "mine.toml – Bilevel Lab");
    harness.get_by_label("Random").click();
    let title = ViewportCommand::Title("mine.toml (modified) – Bilevel Lab".to_owned());
    let is_told = (0..6).any(|_| {
        harness.step();
        commands(&harness).contains(&title)
    });
    assert!(is_told, "{}", harness.state().title());
    press_with(&mut harness, Modifiers::COMMAND, Key::S);
    assert_eq!(harness.state().title(), "mine.toml – Bilevel Lab");
}

#[rstest]
fn opening_another_experiment_says_that_changes_are_left() {
    let (mut harness, path, _folder) = window_on_file();
    change(&mut harness);
    open(&mut harness, "five valleys");
    assert_eq!(harness.state().name(), "valleys");
    assert!(
        harness
            .query_by_label_contains("the changes of mine.toml are not saved")
            .is_some()
    );
    press_with(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(harness.state().name(), path.to_str().expect("a plain path"));
    assert!(harness.state().is_modified());
}

/// Opens the first experiment that is found by words.
fn open(harness: &mut Harness<'_, App>, words: &str) {
    press_with(harness, Modifiers::COMMAND, Key::O);
    harness.get_by_label("Find an experiment").type_text(words);
    harness.run_steps(3);
    press(harness, Key::Enter);
    settle(harness);
}

#[rstest]
fn experiments_are_found_by_title_meaning_group_name_and_path() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    for (words, title) in [
        ("three valleys from", "Three valleys from one start"),
        ("mini-max game", "Mini-max game"),
        ("jump without gradient", "A jump without a gradient"),
        ("hyperclean", "Hyper-cleaning"),
        ("sme gap", "Same gap, other valley"),
        ("setings publshed", "The coreset as in the paper"),
    ] {
        press_with(&mut harness, Modifiers::COMMAND, Key::O);
        harness.get_by_label("Find an experiment").type_text(words);
        harness.run_steps(3);
        let row = harness.query_by_role_and_label(Role::Button, title);
        assert!(row.is_some(), "{words}");
        press(&mut harness, Key::Escape);
        harness.run_steps(3);
    }
    open(&mut harness, "noise");
    assert_eq!(harness.state().name(), "noise");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("typed.toml");
    std::fs::write(&path, TEXT).expect("the folder takes files");
    open(&mut harness, path.to_str().expect("a plain path"));
    assert_eq!(harness.state().experiment().iterations, 30);
    // what was opened comes first
    press_with(&mut harness, Modifiers::COMMAND, Key::O);
    assert!(harness.query_by_label("Recent").is_some());
    let top = |label: &str| harness.get_by_label(label).rect().top();
    assert!(top("typed.toml") < top("First steps"));
}

#[rstest]
fn a_file_that_cannot_be_opened_is_said_and_the_experiment_stays() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    open(&mut harness, "/nowhere/x.toml");
    assert_eq!(harness.state().name(), "welcome");
    assert!(
        harness
            .query_by_label_contains("there is no file")
            .is_some()
    );
}

#[rstest]
fn the_dialog_of_experiments_looks_as_it_should(#[values(Theme::Light, Theme::Dark)] theme: Theme) {
    let mut harness = window("welcome", SIZE, theme);
    press_with(&mut harness, Modifiers::COMMAND, Key::O);
    let name = if theme == Theme::Dark {
        "open_dark"
    } else {
        "open_light"
    };
    assert_dialog(&mut harness, "open", name);
}

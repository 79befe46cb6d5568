//! Animations from the export dialog: progress, the file, and a cancelled one.

use std::path::PathBuf;

use bilevel_lab::app::App;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;
use tempfile::TempDir;

use crate::support::driving::{click, press, settle, window_on};

/// The dialog on an experiment of a few iterations, set to an animation.
fn dialog() -> (Harness<'static, App>, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut experiment = bilevel_lab::embedded::open("valleys").expect("it ships");
    experiment.iterations = 4;
    let mut harness = window_on("valleys", experiment, [1280.0, 720.0], Theme::Light);
    press(&mut harness, Key::E);
    settle(&mut harness);
    harness.run_steps(2);
    click(&mut harness, "Animation");
    settle(&mut harness);
    assert!(harness.query_by_label("Frames per second").is_some());
    (harness, folder)
}

/// The same with a path of its own.
fn dialog_on(name: &str) -> (Harness<'static, App>, PathBuf, TempDir) {
    let (mut harness, folder) = dialog();
    let path = folder.path().join(name);
    harness.get_by_label("File").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(4);
    let text = path.to_str().expect("a plain path");
    harness.get_by_label("File").type_text(text);
    harness.run_steps(3);
    (harness, path, folder)
}

#[rstest]
fn an_animation_is_made_beside_the_window_and_its_size_is_said() {
    let (mut harness, path, folder) = dialog_on("moving.gif");
    click(&mut harness, "Save");
    assert!(harness.query_by_label_contains(" frames").is_some());
    assert!(!path.exists() && harness.query_by_label("Save").is_none());
    settle(&mut harness);
    let said = harness.query_by_label_contains("5 frames of 1028 ×");
    assert!(said.is_some(), "the file is said to be saved");
    let file = std::fs::File::open(&path).expect("it is saved");
    let mut decoder = gif::DecodeOptions::new()
        .read_info(file)
        .expect("a GIF file");
    let mut frames = 0;
    while decoder.next_frame_info().expect("a frame").is_some() {
        frames += 1;
    }
    assert_eq!(frames, 5);
    // a second one asks before it replaces the first
    click(&mut harness, "Save");
    assert!(harness.query_by_label("Replace").is_some());
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1
    );
}

#[rstest]
fn a_cancelled_animation_leaves_no_file() {
    let (mut harness, path, folder) = dialog_on("moving.png");
    click(&mut harness, "Save");
    click(&mut harness, "Cancel");
    assert!(
        harness.query_by_label("Save").is_some(),
        "the dialog is open"
    );
    settle(&mut harness);
    assert!(!path.exists());
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        0
    );
}

#[rstest]
fn a_wrong_ending_is_refused_with_those_of_animations() {
    let (mut harness, path, _folder) = dialog_on("moving.svg");
    click(&mut harness, "Save");
    assert!(
        harness
            .query_by_label_contains("must end in .gif")
            .is_some()
    );
    assert!(!path.exists());
}

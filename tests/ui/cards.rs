//! The menu of a method's card: names, copies, order and colours.

use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support::driving::{click, ended, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn labels<'a>(harness: &'a Harness<'_, App>) -> Vec<&'a str> {
    let methods = &harness.state().experiment().methods;
    methods.iter().map(|method| method.label.as_str()).collect()
}

fn undo(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.step();
    harness.step();
}

/// Replaces the text of the name in an open menu.
fn type_name(harness: &mut Harness<'_, App>, label: &str, name: &str) {
    click(harness, &format!("Name of {label}"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(name.to_owned()));
    harness.step();
    harness.step();
}

#[rstest]
fn a_method_is_copied_moved_and_renamed_and_undo_goes_back() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    let before = labels(&harness).join(", ");
    click(&mut harness, "Menu of ITD");
    click(&mut harness, "Duplicate");
    settle(&mut harness);
    assert_eq!(
        labels(&harness),
        ["BOME", "ITD", "ITD 2", "AID-CG", "BSG-1"]
    );
    click(&mut harness, "Menu of ITD 2");
    click(&mut harness, "Move up");
    settle(&mut harness);
    assert_eq!(
        labels(&harness),
        ["BOME", "ITD 2", "ITD", "AID-CG", "BSG-1"]
    );

    // a hidden method stays hidden under its new name
    press(&mut harness, Key::Num2);
    click(&mut harness, "Menu of ITD 2");
    type_name(&mut harness, "ITD 2", "ITD, long");
    harness.key_press(Key::Enter);
    harness.step();
    harness.step();
    press(&mut harness, Key::Escape);
    settle(&mut harness);
    assert_eq!(labels(&harness)[1], "ITD, long");
    assert!(harness.query_by_label("Show ITD, long").is_some());
    for _ in 0..3 {
        undo(&mut harness);
    }
    settle(&mut harness);
    assert_eq!(labels(&harness).join(", "), before);
}

#[rstest]
fn a_name_that_another_method_has_is_refused_in_a_sentence() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Menu of ITD");
    type_name(&mut harness, "ITD", "BOME");
    assert!(
        harness
            .query_by_label_contains("two methods have the label")
            .is_some()
    );
    harness.key_press(Key::Enter);
    harness.step();
    harness.step();
    assert_eq!(labels(&harness)[1], "ITD");
    press(&mut harness, Key::Escape);
    settle(&mut harness);
}

#[rstest]
fn a_colour_of_ones_own_goes_into_the_file_and_back() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Menu of ITD");
    click(&mut harness, "pink");
    let written = harness.state().experiment().write();
    assert!(written.contains("colour = \"#CC79A7\""), "{written}");
    click(&mut harness, "Home colour");
    assert!(!harness.state().experiment().write().contains("colour"));
    press(&mut harness, Key::Escape);
    settle(&mut harness);
}

#[rstest]
fn a_note_is_kept_in_the_file_and_shown_in_the_open_card() {
    let mut harness = window("welcome", SIZE, Theme::Light);
    click(&mut harness, "Menu of ITD");
    click(&mut harness, "Note on ITD");
    harness.event(Event::Text("the published step".to_owned()));
    harness.run_steps(2);
    let written = harness.state().experiment().write();
    assert!(
        written.contains("note = \"the published step\""),
        "{written}"
    );
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Note the published step").is_none());
    click(&mut harness, "More about ITD");
    assert!(harness.query_by_label("Note the published step").is_some());
    undo(&mut harness);
    settle(&mut harness);
    assert!(!harness.state().experiment().write().contains("note"));
}

#[rstest]
fn a_pin_keeps_a_run_faint_without_a_rank_and_with_its_difference() {
    let mut harness = ended("valleys", [1920.0, 1080.0]);
    let said = |harness: &Harness<'_, App>, words: &str| {
        harness.query_all_by_label_contains(words).count()
    };
    let sentence = "3 of 5 end at the global optimum";
    assert_eq!(said(&harness, sentence), 1);
    click(&mut harness, "Menu of ITD");
    click(&mut harness, "Pin these parameters");
    settle(&mut harness);
    assert_eq!(labels(&harness)[2], "ITD, pinned");
    assert!(harness.state().experiment().methods[2].is_pinned);
    press(&mut harness, Key::End);
    settle(&mut harness);
    assert_eq!(said(&harness, sentence), 1, "the pinned run is not counted");
    assert_eq!(said(&harness, "pinned: as ITD is now"), 1);
    assert_eq!(said(&harness, "ITD, pinned − ITD"), 1);
    // its parameters have no sliders, and stay when those of the method change
    assert!(
        harness
            .query_by_label("inner steps of ITD, pinned")
            .is_none()
    );
    harness.get_by_label("inner steps of ITD, typed").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("3".to_owned()));
    harness.step();
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    settle(&mut harness);
    press(&mut harness, Key::End);
    settle(&mut harness);
    let of_pinned = harness.query_all_by_label_contains("pinned: ");
    let of_pinned: Vec<String> = of_pinned
        .filter_map(|node| node.accesskit_node().value())
        .collect();
    assert_eq!(of_pinned.len(), 1, "{of_pinned:?}");
    assert!(
        of_pinned[0].starts_with("pinned: T=10 (now 3)"),
        "{of_pinned:?}"
    );
    click(&mut harness, "Menu of ITD, pinned");
    click(&mut harness, "Unpin");
    settle(&mut harness);
    assert!(!harness.state().experiment().methods[2].is_pinned);
    for _ in 0..3 {
        undo(&mut harness);
    }
    settle(&mut harness);
    assert_eq!(labels(&harness).len(), 5);
}

#[rstest]
fn five_cards_with_their_verdicts_fit_into_a_window_of_720_points() {
    let harness = ended("valleys", SIZE);
    let start = harness.get_by_label("Random").rect().top();
    for verdict in ["non-stationary point, ", "local minimum 5, "] {
        let line = harness.get_by_label_contains(verdict).rect();
        assert!(line.bottom() < start, "{verdict} ends at {}", line.bottom());
    }
}

#[rstest]
fn the_sentence_under_the_race_is_made_from_the_shown_runs() {
    let mut harness = ended("valleys", SIZE);
    let said = |harness: &Harness<'_, App>, words: &str| {
        let labels = harness.query_all_by_label_contains(words);
        labels.count() == 1
    };
    assert!(said(
        &harness,
        "3 of 5 end at the global optimum: ITD · AID-CG · BSG-1. Elsewhere: BOME (non-stationary point); AID-CG, T = 30 (local \
         minimum 5)."
    ));
    press(&mut harness, Key::Num1);
    press(&mut harness, Key::Num5);
    settle(&mut harness);
    assert!(said(&harness, "All 3 end at the global optimum."));
    // before the end nothing is said
    press(&mut harness, Key::Home);
    settle(&mut harness);
    assert!(!said(&harness, "end at the global optimum"));
}

#[rstest]
fn some_runs_of_a_method_are_counted() {
    let harness = ended("coreset", SIZE);
    let labels = harness.query_all_by_label_contains(" of 15 end at the");
    assert_eq!(labels.count(), 1);
}

#[rstest]
fn the_window_can_have_any_height(#[values("welcome", "valleys")] preset: &str) {
    let mut harness = ended(preset, SIZE);
    for width in [280.0, 300.0, 560.0, 600.0, 770.0, 1280.0] {
        for height in (100..=720).step_by(12) {
            harness.set_size(egui::vec2(width, height as f32));
            harness.step();
            harness.step();
        }
    }
    settle(&mut harness);
}

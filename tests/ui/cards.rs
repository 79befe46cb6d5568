//! The menu of a method's card: names, copies, order and colours.

use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    for _ in 0..4 {
        harness.step();
    }
}

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

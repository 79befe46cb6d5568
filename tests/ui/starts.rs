//! Several starts and seeds: placed by clicks, spread by the menu, chosen, removed and undone.

use bilevel_files::StartSpec;
use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::choosing::choose;
use crate::support::driving::{click, ended, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn starts(harness: &Harness<'_, App>) -> Vec<Vec<f64>> {
    let starts = harness.state().experiment().starts.iter();
    let points = starts.map(|start| match start {
        StartSpec::At(point) => point.values().to_vec(),
        _ => Vec::new(),
    });
    points.collect()
}

fn undo(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
}

/// Clicks at a position with modifiers.
fn click_at(harness: &mut Harness<'_, App>, at: Pos2, modifiers: Modifiers) {
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false] {
        harness.event_modifiers(
            Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers,
            },
            modifiers,
        );
        harness.step();
    }
    harness.run_steps(2);
}

fn says(harness: &Harness<'_, App>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).count() > 0
}

#[rstest]
fn a_click_with_shift_adds_a_start_and_a_plain_one_moves_the_chosen_one() {
    let mut harness = window("valleys", SIZE, Theme::Light);
    let plot = harness.get_by_label("Landscape").rect();
    let [left, middle, right] = [-90.0, 0.0, 90.0].map(|x| plot.center() + Vec2::new(x, -40.0));
    click_at(&mut harness, left, Modifiers::SHIFT);
    settle(&mut harness);
    let two = starts(&harness);
    assert_eq!(two.len(), 2);
    assert!(says(&harness, "start 2 of 2"), "the new one is chosen");
    assert_eq!(harness.state().records().count(), 2 * 5);

    click_at(&mut harness, middle, Modifiers::NONE);
    settle(&mut harness);
    let moved = starts(&harness);
    assert_eq!(moved[0], two[0]);
    assert_ne!(moved[1], two[1]);

    // a press on another one chooses it and moves nothing
    click_at(&mut harness, right, Modifiers::SHIFT);
    settle(&mut harness);
    assert!(says(&harness, "start 3 of 3"));
    let three = starts(&harness);
    click_at(&mut harness, middle, Modifiers::NONE);
    settle(&mut harness);
    assert!(says(&harness, "start 2 of 3"));
    assert_eq!(starts(&harness), three);
    // the fields edit the chosen one, and the file has plain rows
    let written = harness.state().experiment().write();
    assert!(written.contains("starts = [[["), "{written}");

    click(&mut harness, "Remove start");
    settle(&mut harness);
    assert_eq!(starts(&harness), [three[0].clone(), three[2].clone()]);
    for _ in 0..4 {
        undo(&mut harness);
    }
    settle(&mut harness);
    assert!(starts(&harness).len() <= 1);
    assert!(!says(&harness, "start 1 of"));
}

#[rstest]
fn the_menu_spreads_starts_and_undo_takes_them_back() {
    let mut harness = window("valleys", SIZE, Theme::Light);
    let before = harness.state().experiment().clone();
    click(&mut harness, "Several starts and seeds");
    assert!(says(&harness, "9 starts × 1 seed × 5 methods = 45 runs"));
    click(&mut harness, "Set these starts");
    settle(&mut harness);
    assert_eq!(starts(&harness).len(), 9);
    click(&mut harness, "random");
    click(&mut harness, "in the whole box");
    click(&mut harness, "Set these starts");
    settle(&mut harness);
    let random = starts(&harness);
    assert_eq!(random.len(), 10);
    // the same seed gives the same starts
    click(&mut harness, "grid");
    click(&mut harness, "Set these starts");
    click(&mut harness, "random");
    click(&mut harness, "Set these starts");
    settle(&mut harness);
    assert_eq!(starts(&harness), random);
    click(&mut harness, "Only this start");
    settle(&mut harness);
    assert_eq!(starts(&harness).len(), 1);
    press(&mut harness, Key::Escape);
    for _ in 0..5 {
        undo(&mut harness);
    }
    settle(&mut harness);
    assert_eq!(harness.state().experiment(), &before);
}

#[rstest]
fn more_runs_than_the_window_takes_are_refused_in_a_sentence() {
    let mut harness = window("valleys", SIZE, Theme::Light);
    click(&mut harness, "Several starts and seeds");
    harness.get_by_label("Number of starts").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("15".to_owned()));
    harness.step();
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(says(&harness, "The window runs at most 1,000 runs"));
    click(&mut harness, "Set these starts");
    settle(&mut harness);
    assert!(harness.state().experiment().starts.len() <= 1);
}

#[rstest]
fn seeds_are_counted_and_the_cards_say_which_run_they_show() {
    let mut harness = window("noise", SIZE, Theme::Light);
    let count = harness.state().experiment().seeds.len();
    assert!(says(&harness, &format!("seed 0 of {count}")));
    click(&mut harness, "Next seed (D)");
    assert!(says(&harness, &format!("seed 1 of {count}")));
    press(&mut harness, Key::D);
    assert!(says(&harness, &format!("seed 2 of {count}")));
    click(&mut harness, "Several starts and seeds");
    harness.get_by_label("Number of seeds").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("2".to_owned()));
    harness.step();
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    assert_eq!(harness.state().experiment().seeds, [0, 1]);
    assert!(says(&harness, "seed 1 of 2"), "the last one is chosen now");
    undo(&mut harness);
    settle(&mut harness);
    assert_eq!(harness.state().experiment().seeds.len(), count);
}

#[rstest]
fn cards_and_table_have_statistics_over_all_runs_and_the_table_has_each_run_on_request() {
    let mut harness = ended("coreset", [1920.0, 1080.0]);
    for words in ["median φ", "solved ", "All 3 runs"] {
        // the sentences are in open cards only
        assert_eq!(says(&harness, words), words != "All 3 runs", "{words}");
    }
    click(&mut harness, "Results");
    assert!(harness.query_by_label("Sort by IQR").is_some());
    let rows = harness.query_all_by_label("BOME").count();
    choose(&mut harness, "Rows of the results", "by run");
    assert!(harness.query_by_label("Sort by IQR").is_none());
    assert!(harness.query_by_label("Sort by seed").is_none());
    assert!(harness.query_by_label("Sort by start").is_some());
    assert_eq!(harness.query_all_by_label("BOME").count(), rows + 2);
    click(&mut harness, "More about BOME");
    assert!(says(&harness, "All 3 runs"));
}

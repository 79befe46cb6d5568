//! The chooser of a benchmark: all benchmarks by class, filtered by typing, driven by keys alone.

use bilevel::problem::{Class, PROBLEMS};
use bilevel_lab::app::App;
use egui::{Key, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support;
use crate::support::driving::{press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];

fn opened() -> Harness<'static, App> {
    let mut harness = window("welcome", SIZE, Theme::Light);
    harness.get_by_label("Benchmark").click();
    harness.run_steps(3);
    harness
}

fn type_words(harness: &mut Harness<'_, App>, words: &str) {
    harness.get_by_label("Find a benchmark").type_text(words);
    harness.run_steps(3);
}

/// The names that the list shows.
fn rows(harness: &Harness<'_, App>) -> Vec<&'static str> {
    let is_there = |name: &&str| {
        let row = harness.query_by_role_and_label(Role::Button, name);
        row.is_some()
    };
    PROBLEMS
        .iter()
        .map(|entry| entry.name)
        .filter(is_there)
        .collect()
}

fn chosen(harness: &Harness<'_, App>) -> &'static str {
    harness.state().experiment().problem.entry.id
}

#[rstest]
fn benchmarks_stand_under_the_headings_of_their_classes() {
    let mut harness = opened();
    assert_eq!(rows(&harness).len(), PROBLEMS.len());
    let listed = |class: &Class| PROBLEMS.iter().any(|entry| entry.class == *class);
    for class in Class::ALL.into_iter().filter(listed) {
        let heading = harness.get_by_label(class.heading()).rect();
        for entry in PROBLEMS {
            let row = harness.get_by_role_and_label(Role::Button, entry.name);
            let place = |class: Class| Class::ALL.iter().position(|other| *other == class);
            if place(entry.class) < place(class) {
                assert!(row.rect().bottom() <= heading.top(), "{}", entry.id);
            } else {
                assert!(row.rect().top() >= heading.bottom(), "{}", entry.id);
            }
        }
    }
    type_words(&mut harness, "jump mitsos");
    assert!(harness.query_by_label(Class::Jumps.heading()).is_some());
    assert!(harness.query_by_label(Class::Toys.heading()).is_none());
}

/// The texts of the last frame.
fn texts(harness: &Harness<'_, App>) -> Vec<String> {
    let shapes = harness.output().shapes.iter();
    let words = shapes.filter_map(|it| match &it.shape {
        egui::Shape::Text(text) => Some(text.galley.job.text.clone()),
        _ => None,
    });
    words.collect()
}

#[rstest]
fn lists_of_benchmarks_and_of_presets_have_the_numbers_of_variables() {
    let mut harness = opened();
    type_words(&mut harness, "hyper-cleaning");
    assert!(texts(&harness).contains(&"5,000 + 7,850".to_owned()));
    type_words(&mut harness, "");
    press(&mut harness, Key::Escape);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::O);
    harness.run_steps(3);
    harness
        .get_by_label("Find an experiment")
        .type_text("hyper-cleaning-race");
    harness.run_steps(3);
    let words = texts(&harness).join("");
    assert!(words.contains("5,000 + 7,850 variables"), "{words}");
}

#[rstest]
fn typing_narrows_the_list_and_return_picks_the_first() {
    let mut harness = opened();
    type_words(&mut harness, "valleys");
    assert!(rows(&harness).contains(&"Two-basin ridge"), "by class");
    type_words(&mut harness, " sine");
    assert_eq!(rows(&harness), ["Sine response"]);
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    assert_eq!(chosen(&harness), "sinresp");
    assert!(harness.query_by_label("Find a benchmark").is_none());
    // the search words are gone with the list
    harness.get_by_label("Benchmark").click();
    harness.run_steps(3);
    assert_eq!(rows(&harness).len(), PROBLEMS.len());
}

#[rstest]
fn arrows_go_from_the_benchmark_that_is_there_and_escape_leaves_it() {
    let mut harness = opened();
    let here = chosen(&harness);
    let place = PROBLEMS.iter().position(|entry| entry.id == here);
    let next = &PROBLEMS[place.expect("it ships") + 1];
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Find a benchmark").is_none());
    assert_eq!(chosen(&harness), here);
    harness.get_by_label("Benchmark").click();
    harness.run_steps(3);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    assert_eq!(chosen(&harness), next.id);
}

#[rstest]
fn words_that_occur_nowhere_leave_a_remark_and_return_does_nothing() {
    let mut harness = opened();
    let here = chosen(&harness);
    type_words(&mut harness, "zebra");
    assert!(rows(&harness).is_empty());
    let remark = "No benchmark has all of these words.";
    assert!(harness.query_by_label(remark).is_some());
    press(&mut harness, Key::Enter);
    assert_eq!(chosen(&harness), here);
}

#[rstest]
fn the_chooser_looks_as_it_should_in_both_themes() {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut harness = window("valleys", SIZE, theme);
        harness.get_by_label("Benchmark").click();
        harness.run_steps(3);
        type_words(&mut harness, "jump mitsos");
        press(&mut harness, Key::ArrowDown);
        let picture = harness.render().expect("the renderer draws everything");
        // the rest of the window changes with other panels
        let part = image::imageops::crop_imm(&picture, 0, 40, 370, 350).to_image();
        support::assert_snapshot(&format!("picker-{word}"), &part);
    }
}

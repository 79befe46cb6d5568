//! The gallery of failures: its pictures move, and each opens its experiment or the mend.

use bilevel_lab::app::App;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{assert_dialog, click, picture, press, settle, window};

const SIZE: [f32; 2] = [1280.0, 720.0];
/// The ticks after which the pictures have moved half of the way.
const HALF: usize = 8;
/// The most frames of the window from one picture to the next.
const MOST_FRAMES: usize = 1000;

/// Draws frames until the pictures have moved on.
fn tick(harness: &mut Harness<'_, App>, ticks: usize) {
    let end = harness.state().gallery_ticks() + ticks;
    for _ in 0..ticks * MOST_FRAMES {
        if harness.state().gallery_ticks() == end {
            return;
        }
        harness.step();
    }
    panic!("the pictures stand still");
}

fn gallery(theme: Theme) -> Harness<'static, App> {
    let mut harness = window("valleys", SIZE, theme);
    press(&mut harness, Key::W);
    settle(&mut harness);
    harness
}

#[rstest]
fn pictures_move_and_end_with_the_gallery() {
    let mut harness = gallery(Theme::Light);
    let first = picture(&mut harness);
    tick(&mut harness, 1);
    assert_ne!(first, picture(&mut harness));
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("What goes wrong").is_none());
    settle(&mut harness);
    let closed = picture(&mut harness);
    harness.run_steps(60);
    assert_eq!(closed, picture(&mut harness));
    assert_eq!(harness.state().gallery_ticks(), 0);
}

#[rstest]
fn a_failure_is_opened_and_mended_in_a_click_each() {
    let mut harness = gallery(Theme::Dark);
    let step = |harness: &Harness<'_, App>| {
        let method = &harness.state().experiment().methods[0];
        method.settings.number("outer_step_size")
    };
    click(&mut harness, "Open: A step that is too long");
    settle(&mut harness);
    assert_eq!(harness.state().name(), "long-step");
    assert_eq!(step(&harness), 0.51);
    press(&mut harness, Key::W);
    settle(&mut harness);
    click(&mut harness, "Mend: A step that is too long");
    settle(&mut harness);
    assert_eq!(harness.state().name(), "long-step, mended");
    assert_eq!(step(&harness), 0.2);
    for _ in 0..2 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run_steps(2);
    }
    settle(&mut harness);
    assert_eq!(harness.state().name(), "valleys");
}

#[rstest]
fn the_gallery_shows_every_failure() {
    let mut harness = gallery(Theme::Light);
    for failure in bilevel_lab::embedded::FAILURES {
        let title = failure.read().expect("it is right").title;
        let name = format!("Open: {title}");
        assert!(harness.query_by_label(&name).is_some(), "{title}");
    }
    // the pictures have moved half of the way
    let ticks = harness.state().gallery_ticks();
    tick(&mut harness, HALF - ticks);
    assert_dialog(&mut harness, "gallery", "gallery-light");
}

//! Edits by fields, keys and clicks: what is a step of undo, what is none, and what is said beside a field.

use bilevel_lab::app::App;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Role, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use crate::support;
use crate::support::driving::{app, click, press, settle, short_window};

const SIZE: [f32; 2] = [1280.0, 720.0];
const STEP: &str = "outer step of BOME, typed";

fn undo(harness: &mut Harness<'_, App>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
}

fn can_undo(harness: &Harness<'_, App>) -> bool {
    let button = harness.get_by_label("Undo (Ctrl Z)");
    !button.accesskit_node().is_disabled()
}

/// A parameter of all methods.
fn parameters(harness: &Harness<'_, App>, name: &str) -> Vec<f64> {
    let methods = harness.state().experiment().methods.iter();
    let declared = methods.filter(|method| method.settings.declares(name));
    declared
        .map(|method| method.settings.number(name))
        .collect()
}

fn step_size(harness: &Harness<'_, App>) -> f64 {
    parameters(harness, "outer_step_size")[0]
}

/// Clicks a field, types over its text and presses Return.
fn type_number(harness: &mut Harness<'_, App>, field: &str, text: &str) {
    click(harness, field);
    harness.event(Event::Text(text.to_owned()));
    harness.step();
    harness.key_press(Key::Enter);
    harness.run_steps(3);
}

fn value(harness: &Harness<'_, App>, field: &str) -> String {
    let node = harness.get_by_label(field);
    node.accesskit_node().value().unwrap_or_default()
}

#[rstest]
fn a_visit_to_a_number_field_changes_nothing() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    let before = step_size(&harness);
    for (typed, exact, shown) in [
        ("1/3", 1.0 / 3.0, "0.333"),
        ("1/7", 1.0 / 7.0, "0.143"),
        ("0.70000001", 0.700_000_01, "0.7"),
    ] {
        type_number(&mut harness, STEP, typed);
        assert_eq!(step_size(&harness), exact);
        assert_eq!(value(&harness, STEP), shown);
        // by Return, by a click beside it, and by the key that leads to the next field
        for leave in [Key::Enter, Key::Escape, Key::Tab] {
            click(&mut harness, STEP);
            assert_eq!(value(&harness, STEP), exact.to_string());
            press(&mut harness, leave);
            harness.run_steps(3);
            assert_eq!(step_size(&harness), exact);
        }
        // the last key leads to another field, which nothing was typed into either
        press(&mut harness, Key::Escape);
        undo(&mut harness);
        assert_eq!(step_size(&harness), before, "{typed} is one step");
        assert!(!can_undo(&harness) && !harness.state().is_modified());
    }
    settle(&mut harness);
}

#[rstest]
fn each_number_that_is_typed_is_a_step_of_undo() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    let mut known = vec![step_size(&harness)];
    for typed in ["0.01", "0.02", "0.03"] {
        type_number(&mut harness, STEP, typed);
        known.push(step_size(&harness));
    }
    assert_eq!(known[1..], [0.01, 0.02, 0.03]);
    for before in known.iter().rev().skip(1) {
        undo(&mut harness);
        assert_eq!(step_size(&harness), *before);
    }
    assert!(!can_undo(&harness));
    settle(&mut harness);
}

#[rstest]
fn keys_on_a_slider_are_a_step_for_each_burst() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    let steps = |harness: &Harness<'_, App>| parameters(harness, "inner_steps")[0];
    let before = steps(&harness);
    harness
        .get_by_role_and_label(Role::Slider, "inner steps of BOME")
        .focus();
    harness.run_steps(3);
    let mut after = Vec::new();
    for _ in 0..2 {
        for _ in 0..3 {
            harness.key_press(Key::ArrowRight);
            harness.step();
        }
        after.push(steps(&harness));
        // longer than a burst
        harness.run_steps(8);
    }
    let after = [after[0], steps(&harness)];
    assert!(before < after[0] && after[0] < after[1], "{after:?}");
    undo(&mut harness);
    let between = steps(&harness);
    assert!(before < between && between < after[1], "{between}");
    undo(&mut harness);
    assert_eq!(steps(&harness), before);
    assert!(!can_undo(&harness));
    settle(&mut harness);
}

#[rstest]
fn the_noise_of_all_methods_is_one_step() {
    let mut harness = short_window("noise", SIZE, Theme::Light);
    let noise = |harness: &Harness<'_, App>| parameters(harness, "gradient_noise");
    let before = noise(&harness);
    type_number(&mut harness, "Noise of all methods, typed", "0.4");
    let after = noise(&harness);
    assert!(
        after.len() > 1 && after.iter().all(|noise| *noise == 0.4),
        "{after:?}"
    );
    undo(&mut harness);
    assert_eq!(noise(&harness), before);
    assert!(!can_undo(&harness));
    let bar = harness
        .get_by_role_and_label(Role::Slider, "Noise of all methods")
        .rect();
    harness.drag_at(bar.center());
    harness.step();
    for share in [0.1, 0.2, 0.3] {
        harness.hover_at(bar.center() + Vec2::new(share * bar.width(), 0.0));
        harness.run_steps(2);
    }
    harness.drop_at(bar.center() + Vec2::new(0.3 * bar.width(), 0.0));
    harness.run_steps(3);
    assert_ne!(noise(&harness), before);
    undo(&mut harness);
    assert_eq!(noise(&harness), before);
    assert!(!can_undo(&harness));
    settle(&mut harness);
}

#[rstest]
fn a_number_that_is_refused_is_told_beside_its_field() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    for (typed, remark) in [
        ("abc", "“abc” is no number"),
        ("-5", "“-5” is outside of the range"),
    ] {
        type_number(&mut harness, STEP, typed);
        let field = harness.get_by_label(STEP).rect();
        let places: Vec<Rect> = harness
            .query_all_by_label_contains(remark)
            .map(|node| node.rect())
            .collect();
        let is_beside = |place: &&Rect| field.expand(60.0).intersects(**place);
        assert_eq!(places.iter().filter(is_beside).count(), 1, "{places:?}");
    }
    type_number(&mut harness, STEP, "0.1");
    let left = harness.query_all_by_label_contains("is outside of the range");
    assert_eq!(left.count(), 0);
    settle(&mut harness);
}

/// The window with a frame every 50 ms, in which a second click can be that of a double click.
fn quick_window(preset: &str) -> Harness<'static, App> {
    bilevel_lab::embedded::register_presets();
    let name = preset.to_owned();
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    experiment.iterations = experiment.iterations.min(100);
    let harness = support::harness(SIZE, Theme::Light).with_step_dt(0.05);
    let mut harness = harness.build_eframe(move |creation| {
        creation.egui_ctx.set_theme(Theme::Light);
        app(&creation.egui_ctx, &name, experiment)
    });
    harness.state_mut().seek(0);
    settle(&mut harness);
    harness
}

fn double_click(harness: &mut Harness<'_, App>, at: Pos2) {
    harness.hover_at(at);
    harness.run_steps(10);
    for pressed in [true, false, true, false] {
        harness.event(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.step();
    }
    harness.run_steps(10);
}

#[rstest]
#[case("landscape", "Landscape")]
#[case("levels side by side", "")]
fn a_double_click_in_a_picture_leaves_no_edit_behind(#[case] view: &str, #[case] picture: &str) {
    let mut harness = quick_window("valleys");
    if view != "landscape" {
        press(&mut harness, Key::V);
        settle(&mut harness);
    }
    let place = |harness: &Harness<'_, App>| {
        let figures = harness.query_all_by_role(Role::Figure);
        let mut found = figures.filter(|node| {
            let name = node.accesskit_node().label().unwrap_or_default();
            name.starts_with(picture)
        });
        found.next().expect("the picture is there").rect()
    };
    let middle = place(&harness).center() + Vec2::new(30.0, 20.0);
    let given = harness.state().experiment().clone();
    double_click(&mut harness, middle);
    settle(&mut harness);
    assert_eq!(*harness.state().experiment(), given);
    assert!(!harness.state().is_modified() && !can_undo(&harness));
    // an edit before it stays, and is what undo takes back
    click(&mut harness, "Random");
    let moved = harness.state().experiment().clone();
    double_click(&mut harness, middle);
    settle(&mut harness);
    assert_eq!(*harness.state().experiment(), moved);
    undo(&mut harness);
    assert_eq!(*harness.state().experiment(), given);
    assert!(!can_undo(&harness));
    settle(&mut harness);
}

#[rstest]
fn a_picture_that_was_panned_has_a_button_that_shows_the_whole() {
    let mut harness = short_window("welcome", SIZE, Theme::Light);
    let button = "Landscape: the whole view again (double click)";
    let plot = harness.get_by_label("Landscape").rect();
    let written = |harness: &Harness<'_, App>| harness.state().experiment().clone();
    let before = written(&harness);
    for by_button in [true, false] {
        assert!(harness.query_by_label(button).is_none());
        let from = plot.left_bottom() + Vec2::new(30.0, -30.0);
        harness.hover_at(from);
        harness.step();
        harness.drag_at(from);
        harness.step();
        harness.hover_at(from + Vec2::new(40.0, -20.0));
        harness.step();
        harness.drop_at(from + Vec2::new(40.0, -20.0));
        harness.run_steps(3);
        assert!(harness.query_by_label(button).is_some());
        if by_button {
            click(&mut harness, button);
        } else {
            harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
            harness.run_steps(3);
            harness.event(Event::Text("fit view".to_owned()));
            harness.run_steps(3);
            press(&mut harness, Key::Enter);
            harness.run_steps(3);
        }
        settle(&mut harness);
        assert!(harness.query_by_label(button).is_none());
    }
    assert_eq!(written(&harness), before);
}

//! The layout for presentations: sizes of text, the caption, the slider, and bars that hide.

use std::time::Duration;

use bilevel_lab::app::App;
use egui::epaint::TextShape;
use egui::{Key, Modifiers, Role, Shape, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rstest::rstest;

use crate::support::driving::{press, settle, window_on};

/// The height of letters that the last row of a lecture hall can read, on a screen of 1,080 pixels.
const READABLE: f32 = 28.0;
/// Exponents and subscripts are smaller than the text that they belong to.
const SCRIPT: f32 = 0.7;

/// A preset in the layout for presentations.
fn presentation(preset: &str, size: [f32; 2]) -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    experiment.view.layout = Some(bilevel_files::WindowLayout::Present);
    experiment.iterations = experiment.iterations.min(50);
    let mut harness = window_on(preset, experiment, size, Theme::Light);
    press(&mut harness, Key::End);
    settle(&mut harness);
    // the pointer has rested long enough
    harness.run_steps(16);
    harness
}

fn texts(shapes: &[Shape], found: &mut Vec<TextShape>) {
    for shape in shapes {
        match shape {
            Shape::Text(text) => found.push(text.clone()),
            Shape::Vec(shapes) => texts(shapes, found),
            _ => {}
        }
    }
}

/// The texts of the last frame with the heights of their letters in pixels.
fn sizes(harness: &Harness<'_, App>) -> Vec<(String, f32)> {
    let shapes: Vec<Shape> = harness
        .output()
        .shapes
        .iter()
        .map(|it| it.shape.clone())
        .collect();
    let mut found = Vec::new();
    texts(&shapes, &mut found);
    let zoom = harness.ctx.pixels_per_point();
    let sized = found.iter().flat_map(|text| {
        let sections = text.galley.job.sections.iter();
        sections.map(move |section| {
            (
                text.galley.job.text.clone(),
                section.format.font_id.size * zoom,
            )
        })
    });
    sized.collect()
}

#[rstest]
fn all_text_can_be_read_from_the_last_row(
    #[values("welcome", "valleys", "stackelberg")] preset: &str,
) {
    let harness = presentation(preset, [1920.0, 1080.0]);
    let sizes = sizes(&harness);
    assert!(sizes.len() > 20, "{} texts", sizes.len());
    // a letter or two may be an exponent or a subscript
    for (text, size) in &sizes {
        let is_script = text.trim().chars().count() <= 3;
        let least = if is_script {
            SCRIPT * READABLE
        } else {
            READABLE
        };
        assert!(*size >= least - 0.1, "{text:?} has {size} pixels");
    }
}

#[rstest]
fn title_text_formulas_legend_and_slider_are_there_and_the_bars_are_not() {
    let mut harness = presentation("welcome", [1280.0, 720.0]);
    assert!(
        harness
            .query_by_label_contains("Welcome: toy coreset")
            .is_some()
    );
    assert!(harness.query_by_label_contains("argmin").is_some());
    assert!(harness.query_all_by_label("BSG-1").next().is_some());
    assert!(harness.query_by_label("Keys").is_none(), "the bars hide");
    harness.hover_at(egui::pos2(200.0, 200.0));
    harness.run_steps(2);
    assert!(
        harness.query_by_label("Keys").is_some(),
        "the pointer brings them back"
    );
    harness.run_steps(16);
    assert!(harness.query_by_label("Keys").is_none());
}

#[rstest]
fn the_top_bar_cuts_no_line_of_the_caption(
    #[values("welcome", "minimax", "valleys")] preset: &str,
    #[values([1280.0, 720.0], [1920.0, 1080.0])] size: [f32; 2],
) {
    let mut harness = presentation(preset, size);
    harness.hover_at(egui::pos2(200.0, 200.0));
    harness.run_steps(2);
    // its buttons stand in its middle
    let bar = 2.0 * harness.get_by_label("Keys").rect().center().y;
    let shapes = harness.output().shapes.iter();
    let mut found = Vec::new();
    let shapes: Vec<Shape> = shapes.map(|it| it.shape.clone()).collect();
    texts(&shapes, &mut found);
    for text in found {
        let rect = text.visual_bounding_rect();
        let is_cut = rect.top() < bar - 2.0 && bar + 2.0 < rect.bottom();
        assert!(
            !is_cut,
            "{:?} at {rect:?} beneath {bar}",
            text.galley.job.text
        );
    }
}

#[rstest]
fn the_slider_moves_the_chosen_parameter() {
    let mut harness = presentation("welcome", [1280.0, 720.0]);
    // the pointer would need the zoom; assistive technology does not
    harness
        .get_by_label("Parameter of the slider")
        .click_accesskit();
    harness.run_steps(3);
    harness
        .get_by_role_and_label(Role::Button, "ITD: inner steps")
        .click_accesskit();
    harness.run_steps(3);
    let steps = |harness: &Harness<'_, App>| {
        harness.state().experiment().methods[1]
            .settings
            .number("inner_steps")
    };
    assert_eq!(steps(&harness), 10.0);
    harness
        .get_by_role_and_label(Role::Slider, "ITD: inner steps")
        .focus();
    harness.step();
    press(&mut harness, Key::ArrowRight);
    harness.run_steps(2);
    assert!(steps(&harness) > 10.0);
}

#[rstest]
fn one_picture_is_shown_alone_by_a_key() {
    let mut harness = presentation("welcome", [1280.0, 720.0]);
    let has = |harness: &Harness<'_, App>, label: &str| {
        harness.query_all_by_label_contains(label).next().is_some()
    };
    assert!(has(&harness, "Landscape") && has(&harness, "Value gap"));
    press(&mut harness, Key::O);
    settle(&mut harness);
    assert!(has(&harness, "Landscape") && !has(&harness, "Value gap"));
    press(&mut harness, Key::O);
    settle(&mut harness);
    assert!(!has(&harness, "Landscape") && has(&harness, "Value gap"));
    press(&mut harness, Key::O);
    settle(&mut harness);
    assert!(has(&harness, "Landscape") && has(&harness, "Value gap"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    assert!(harness.query_by_label("Find a command").is_some());
}

#[rstest]
fn a_presentation_at_rest_asks_for_no_more_frames(
    // a height that is no multiple of the zoom
    #[values([1280.0, 720.0], [1366.0, 768.0], [1001.0, 701.0])] size: [f32; 2],
) {
    let harness = presentation("welcome", size);
    let outputs = harness.output().viewport_output.values();
    let delays: Vec<Duration> = outputs.map(|output| output.repaint_delay).collect();
    assert!(
        delays.iter().all(|delay| *delay > Duration::from_hours(1)),
        "{delays:?}"
    );
}

#[rstest]
fn ink_stays_over_a_presentation_until_it_is_wiped_off() {
    let mut harness = presentation("valleys", [1280.0, 720.0]);
    let starts = harness.state().experiment().starts.clone();
    press(&mut harness, Key::X);
    let [from, to] = [egui::pos2(300.0, 250.0), egui::pos2(420.0, 330.0)];
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for part in 1..=8 {
        harness.hover_at(from + (to - from) * part as f32 / 8.0);
        harness.step();
    }
    harness.drop_at(to);
    harness.run_steps(2);
    let strokes = |harness: &Harness<'_, App>| {
        let shapes = harness.output().shapes.iter();
        let is_stroke = |shape: &Shape| match shape {
            Shape::Path(path) => {
                let ends = path.points.first().zip(path.points.last());
                ends.is_some_and(|(a, b)| a.distance(from) < 20.0 && b.distance(to) < 4.0)
            }
            _ => false,
        };
        shapes.filter(|it| is_stroke(&it.shape)).count()
    };
    assert_eq!(strokes(&harness), 2, "a line and its edge");
    assert_eq!(
        harness.state().experiment().starts,
        starts,
        "no start is moved"
    );
    press(&mut harness, Key::X);
    harness.run_steps(2);
    assert_eq!(strokes(&harness), 0);
    assert!(harness.query_by_label("Ink of the pen").is_none());
}

//! The layout of the window, checked without pixels: no text is cut, shortened, outside or over another one, no control
//! is out of reach, and no chart is empty without a sentence.

mod inspect;

use std::path::PathBuf;
use std::time::Duration;

use bilevel::problem::ParameterValue;
use bilevel_figure::{CompassPicture, View as _, chosen_views};
use bilevel_files::{Experiment, ViewKind, ViewSpec, WindowLayout, open_lesson};
use bilevel_lab::app::App;
use bilevel_lab::embedded::{self, LEARNING_PRESETS};
use egui::{Key, Rect, Role, Theme, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rstest::rstest;

use self::inspect::{Node, faults};
use crate::support::driving::{press, settle, window_on};

/// The nodes of the window that matter to the check.
fn nodes<State>(harness: &Harness<'_, State>) -> Vec<Node> {
    let all = harness.root().children_recursive();
    let placed = all.filter(|node| node.accesskit_node().raw_bounds().is_some());
    let nodes = placed.map(|node| {
        let of_tree = node.accesskit_node();
        Node {
            role: of_tree.role(),
            label: of_tree.label().unwrap_or_default(),
            rect: node.rect(),
        }
    });
    nodes.collect()
}

/// The faults of the last frame.
fn faults_of<State>(harness: &Harness<'_, State>) -> Vec<String> {
    let screen = harness.ctx.content_rect();
    faults(&harness.output().shapes, &nodes(harness), screen)
}

/// The most iterations of a run, and the starts along an axis of a survey: for problems that learn from data, of which an
/// iteration may take a second, and for the others.
const LEARNING: (u64, usize) = (4, 2);
const PLAIN: (u64, usize) = (100, 6);

/// A preset with few iterations and samples: its layout needs the words of ends, and not the ends themselves.
fn shortened(preset: &str) -> Experiment {
    let mut experiment = embedded::open(preset).expect("the preset is right");
    let learns = LEARNING_PRESETS.iter().any(|it| it.name == preset);
    let (iterations, side) = if learns { LEARNING } else { PLAIN };
    experiment.iterations = experiment.iterations.min(iterations);
    experiment.view.grid = Some(side);
    if experiment.problem.entry.id == "hyper-cleaning" {
        // the reference solution over thousands of samples takes minutes
        for (name, samples) in [("train", 400.0), ("validation", 200.0), ("test", 100.0)] {
            let settings = &mut experiment.problem.settings;
            let set = settings.set(name, ParameterValue::Number(samples));
            set.expect("it has these parts");
        }
    }
    experiment
}

/// A preset in a layout and a view, at the end of a few iterations.
fn window_at(
    preset: &str,
    layout: WindowLayout,
    view: Option<ViewKind>,
    size: [f32; 2],
    theme: Theme,
) -> Harness<'static, App> {
    let mut experiment = shortened(preset);
    experiment.view.layout = Some(layout);
    experiment.view.kind = view.or(experiment.view.kind);
    let mut harness = window_on(preset, experiment, size, theme);
    press(&mut harness, Key::End);
    settle(&mut harness);
    harness
}

#[rstest]
fn no_text_is_cut_or_covered_and_no_control_is_out_of_reach(
    #[values("welcome", "pbgd", "stackelberg", "noise")] preset: &str,
    #[values(WindowLayout::Teach, WindowLayout::Compare, WindowLayout::Present)]
    layout: WindowLayout,
) {
    let harness = window_at(preset, layout, None, [1280.0, 720.0], Theme::Light);
    let faults = faults_of(&harness);
    assert!(
        faults.is_empty(),
        "{preset} {layout:?}:\n{}",
        faults.join("\n")
    );
}

/// Every step of a lesson, with its answer.
#[rstest]
fn the_steps_of_a_lesson_are_laid_out_well(
    #[files("assets/lessons/*.toml")] path: PathBuf,
    #[values([1280.0, 720.0], [900.0, 600.0])] size: [f32; 2],
) {
    embedded::register_presets();
    let name = path.to_string_lossy();
    let lesson = open_lesson(&name).expect("the lesson is right");
    let titles: Vec<String> = lesson.steps.iter().map(|step| step.title.clone()).collect();
    let experiment = embedded::open("welcome").expect("the preset is right");
    let mut harness = window_on("welcome", experiment, size, Theme::Light);
    harness.state_mut().begin_lesson(&name, lesson);
    for title in titles {
        settle(&mut harness);
        press(&mut harness, Key::Q);
        let words: Vec<&str> = title.split(' ').take(2).collect();
        let words = words.join(" ");
        let is_shown = harness.query_all_by_label_contains(&words).next().is_some();
        assert!(is_shown, "{title}");
        let faults = faults_of(&harness);
        assert!(faults.is_empty(), "{title}:\n{}", faults.join("\n"));
        press(&mut harness, Key::PageDown);
    }
}

/// The compass over one, two and more leader's variables.
#[rstest]
fn the_compass_is_laid_out_well(
    #[values("pbgd", "chain", "coreset")] preset: &str,
    #[values(WindowLayout::Teach, WindowLayout::Compare, WindowLayout::Present)]
    layout: WindowLayout,
) {
    let view = Some(CompassPicture::KIND);
    let harness = window_at(preset, layout, view, [1280.0, 720.0], Theme::Light);
    let faults = faults_of(&harness);
    assert!(
        faults.is_empty(),
        "{preset} {layout:?}:\n{}",
        faults.join("\n")
    );
}

#[rstest]
fn a_problem_that_learns_from_data_is_laid_out_well(
    #[values(WindowLayout::Teach, WindowLayout::Present)] layout: WindowLayout,
) {
    let size = [1280.0, 720.0];
    let harness = window_at("robust-regression", layout, None, size, Theme::Light);
    let faults = faults_of(&harness);
    assert!(faults.is_empty(), "{layout:?}:\n{}", faults.join("\n"));
}

/// The sizes of windows in points, each with its pixels per point.
const SIZES: [([f32; 2], f32); 5] = [
    ([1280.0, 720.0], 1.0),
    ([1366.0, 768.0], 1.0),
    ([1920.0, 1080.0], 1.0),
    ([1280.0, 720.0], 2.0),
    ([1280.0, 720.0], 2.5),
];

/// The faults of a window in a layout and a view, at every size. The runs are those of the window: neither a layout nor a
/// view restarts them.
fn faults_at_all_sizes(
    harness: &mut Harness<'static, App>,
    spec: &ViewSpec,
    (layout, view): (WindowLayout, Option<ViewKind>),
    theme: Theme,
) -> Vec<String> {
    let spec = ViewSpec {
        layout: Some(layout),
        kind: view.or(spec.kind),
        ..spec.clone()
    };
    harness.ctx.set_theme(theme);
    harness.state_mut().show_as(&spec);
    let mut report = Vec::new();
    for (size, scale) in SIZES {
        harness.set_size(size.into());
        harness.set_pixels_per_point(scale);
        press(harness, Key::End);
        settle(harness);
        let word = view.map_or("own view", ViewKind::word);
        let faults = faults_of(harness);
        report.extend(
            faults
                .iter()
                .map(|fault| format!("{layout:?} {word} {theme:?} {size:?} x {scale}: {fault}")),
        );
    }
    report
}

/// `cargo test --test ui every_preset -- --ignored`, or `presets_noise` in place of `every_preset` for one of them.
#[rstest]
#[timeout(Duration::from_mins(20))]
#[ignore = "it draws every preset in every layout, view, size and theme, which takes minutes"]
fn every_preset_in_every_layout_and_view_is_laid_out_well(
    #[files("presets/*.toml")] path: PathBuf,
) {
    let name = path.file_stem().expect("a file has a name");
    let preset = name.to_str().expect("a name of letters");
    let experiment = shortened(preset);
    let problem = experiment.problem.build();
    let spec = experiment.view.clone();
    let views: Vec<ViewKind> = chosen_views()
        .filter(|kind| bilevel_figure::view(*kind).needs(&*problem).is_ok())
        .collect();
    let mut harness = window_on(preset, experiment, SIZES[0].0, Theme::Light);
    let mut report = Vec::new();
    for layout in WindowLayout::ALL {
        let mut shows = |view, theme| {
            report.extend(faults_at_all_sizes(
                &mut harness,
                &spec,
                (layout, view),
                theme,
            ));
        };
        shows(None, Theme::Dark);
        for view in &views {
            shows(Some(*view), Theme::Light);
        }
    }
    let count = report.len();
    assert!(report.is_empty(), "{count} faults:\n{}", report.join("\n"));
}

/// A window with one fault.
fn planted(mut draw: impl FnMut(&mut Ui) + 'static) -> Vec<String> {
    let mut is_ready = false;
    let mut harness = Harness::builder()
        .with_size(Vec2::new(400.0, 300.0))
        .with_accessibility_check(false)
        .build_ui(move |ui| {
            // fonts are there from the second frame on
            if std::mem::replace(&mut is_ready, true) {
                draw(ui);
            } else {
                install_font(ui.ctx());
            }
        });
    harness.run_steps(4);
    faults_of(&harness)
}

fn install_font(ctx: &egui::Context) {
    let mut fonts = egui::FontDefinitions::empty();
    let face = bilevel_figure::Face::Sans;
    let data = egui::FontData::from_static(face.data());
    fonts.font_data.insert(face.name().to_owned(), data.into());
    for family in [egui::FontFamily::Proportional, egui::FontFamily::Monospace] {
        fonts.families.insert(family, vec![face.name().to_owned()]);
    }
    ctx.set_fonts(fonts);
}

fn text_at(ui: &Ui, x: f32, y: f32, words: &str) {
    let font = egui::FontId::proportional(13.0);
    let ink = ui.visuals().text_color();
    ui.painter()
        .text(pos2(x, y), egui::Align2::LEFT_TOP, words, font, ink);
}

#[rstest]
fn a_frame_without_faults_has_none() {
    let faults = planted(|ui| {
        ui.label("A label");
        let _button = ui.button("A button");
    });
    assert_eq!(faults, Vec::<String>::new());
}

#[rstest]
fn each_planted_fault_is_found() {
    type Draw = fn(&mut Ui);
    let plants: [(&str, Draw); 10] = [
        ("cut", |ui| {
            let area = Rect::from_min_size(pos2(10.0, 10.0), vec2(40.0, 30.0));
            let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(area));
            inner.set_clip_rect(area);
            text_at(&inner, 12.0, 12.0, "longer than its area");
        }),
        ("outside of the window", |ui| {
            text_at(ui, 380.0, 10.0, "beyond the edge");
        }),
        ("outside of the window", |ui| {
            text_at(ui, 10.0, 295.0, "beneath the edge");
        }),
        ("shortened", |ui| {
            ui.set_max_width(60.0);
            ui.add(egui::Label::new("a sentence that has no room").truncate());
        }),
        ("shortened", |ui| {
            text_at(ui, 10.0, 10.0, "the end is miss…");
        }),
        ("markup", |ui| text_at(ui, 10.0, 10.0, "10^{-5}")),
        ("overlap", |ui| {
            text_at(ui, 10.0, 10.0, "one label");
            text_at(ui, 30.0, 14.0, "another label");
        }),
        ("control outside", |ui| {
            let place = Rect::from_min_size(pos2(370.0, 10.0), vec2(80.0, 20.0));
            let response = ui.interact(place, egui::Id::unique("far"), egui::Sense::click());
            response.widget_info(|| egui::WidgetInfo::labeled(Role::Button, true, "far"));
        }),
        ("control without a name", |ui| {
            let place = Rect::from_min_size(pos2(10.0, 10.0), vec2(80.0, 20.0));
            let response = ui.interact(place, egui::Id::unique("mute"), egui::Sense::click());
            response.widget_info(|| egui::WidgetInfo::labeled(Role::Button, true, ""));
        }),
        ("empty", |ui| {
            let place = Rect::from_min_size(pos2(10.0, 10.0), vec2(300.0, 200.0));
            ui.painter().rect_filled(place, 0.0, egui::Color32::WHITE);
            let response = ui.interact(place, egui::Id::unique("chart"), egui::Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(Role::Figure, true, "chart"));
        }),
    ];
    for (kind, draw) in plants {
        let faults = planted(draw);
        assert!(
            faults.iter().any(|fault| fault.starts_with(kind)),
            "{kind} is not among {faults:?}"
        );
    }
}

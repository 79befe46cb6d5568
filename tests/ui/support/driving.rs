//! Driving the whole window: opening a preset, waiting for its work, pressing keys.

use std::path::Path;
use std::time::{Duration, Instant};

use bilevel::run::Executor;
use bilevel_files::Experiment;
use bilevel_lab::app::App;
use egui::{Id, Key, Rect, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use egui_kittest::kittest::Queryable as _;
use image::RgbaImage;

use crate::support;

/// The time that background work gets between two frames.
const WORK: Duration = Duration::from_millis(100);
/// The most frames until all work is done and drawn.
const MOST_FRAMES: usize = 20_000;

/// The most iterations of a shortened experiment.
const SHORT: u64 = 100;
/// The starts along an axis of a survey.
const FEW: usize = 6;

/// The window with a preset, paused at the start, all work done.
pub(crate) fn window(preset: &str, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    // a test waits for all runs of a survey
    if let Some(side) = &mut experiment.view.grid {
        *side = FEW;
    }
    window_on(preset, experiment, size, theme)
}

/// The window with a shortened preset, for tests that check no numbers.
pub(crate) fn short_window(preset: &str, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let mut experiment = bilevel_lab::embedded::open(preset).expect("the preset is right");
    experiment.iterations = experiment.iterations.min(SHORT);
    if let Some(side) = &mut experiment.view.grid {
        *side = FEW;
    }
    window_on(preset, experiment, size, theme)
}

/// The window with an experiment, paused at the start, all work done.
pub(crate) fn window_on(
    name: &str,
    experiment: Experiment,
    size: [f32; 2],
    theme: Theme,
) -> Harness<'static, App> {
    bilevel_lab::embedded::register_presets();
    let name = name.to_owned();
    let mut harness = support::harness(size, theme).build_eframe(move |creation| {
        creation.egui_ctx.set_theme(theme);
        app(&creation.egui_ctx, &name, experiment)
    });
    harness.state_mut().seek(0);
    settle(&mut harness);
    harness
}

/// The name of a preset, or the id of a benchmark, by its file.
pub(crate) fn name_of(file: &Path) -> String {
    let stem = file.file_stem().expect("a file has a name");
    stem.to_string_lossy().replace('_', "-")
}

/// A window whose background work is done between frames, by [`settle`]: the same in every run of a test.
pub(crate) fn app(ctx: &egui::Context, name: &str, experiment: Experiment) -> App {
    App::with_executor(
        ctx,
        name,
        experiment,
        Executor::cooperative(),
        Duration::ZERO,
    )
}

/// Does all background work, and draws it.
pub(crate) fn settle(harness: &mut Harness<'_, App>) {
    for _ in 0..MOST_FRAMES {
        harness.state().executor().advance(Instant::now() + WORK);
        harness.step();
        if harness.state().is_settled() {
            harness.step();
            harness.step();
            return;
        }
    }
    panic!("the window did not come to rest");
}

/// Clicks a control by its name, and draws the frames in which that shows.
pub(crate) fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

/// The window of a preset at the end of its runs.
pub(crate) fn ended(preset: &str, size: [f32; 2]) -> Harness<'static, App> {
    let mut harness = window(preset, size, Theme::Light);
    settle(&mut harness);
    press(&mut harness, Key::End);
    settle(&mut harness);
    harness
}

/// Presses a key and draws two frames.
pub(crate) fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.step();
    harness.step();
}

/// The picture of the window.
pub(crate) fn picture(harness: &mut Harness<'_, App>) -> RgbaImage {
    harness.render().expect("the renderer draws everything")
}

/// Compares the figures of the window, without the panels around them, with a snapshot.
#[track_caller]
pub(crate) fn assert_figures(harness: &mut Harness<'_, App>, name: &str) {
    let whole = picture(harness);
    let figures = harness
        .root()
        .children_recursive()
        .filter(|node| node.accesskit_node().role() == Role::Figure)
        .map(|node| node.rect());
    let area = figures.fold(Rect::NOTHING, Rect::union);
    assert!(area.is_positive(), "{name} shows no figure");
    support::assert_snapshot(name, &support::part(&whole, area));
}

/// Compares a dialog, found by the name of its area, with a snapshot.
#[track_caller]
pub(crate) fn assert_dialog(harness: &mut Harness<'_, App>, area: &str, name: &str) {
    let whole = picture(harness);
    let id = Id::unique(area);
    let area = harness.ctx.memory(|memory| memory.area_rect(id));
    let area = area.expect("the dialog is open");
    support::assert_snapshot(name, &support::part(&whole, area));
}

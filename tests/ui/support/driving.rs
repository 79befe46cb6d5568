//! Driving the whole window: opening a preset in it, waiting for its work, pressing keys.

use bilevel_files::Experiment;
use bilevel_lab::app::App;
use egui::{Key, Theme};
use egui_kittest::Harness;

use crate::support;

/// The most frames that a test waits for workers.
const PATIENCE: usize = 20_000;

/// Surveys have so many starts along an axis.
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
        App::new(&creation.egui_ctx, &name, experiment).expect("threads can be started")
    });
    harness.state_mut().seek(0);
    settle(&mut harness);
    harness
}

/// Steps until all work is done and drawn.
pub(crate) fn settle(harness: &mut Harness<'_, App>) {
    for _ in 0..PATIENCE {
        harness.step();
        if harness.state().is_settled() {
            harness.step();
            harness.step();
            return;
        }
        // the workers have threads of their own: give them the core
        std::thread::yield_now();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("the window did not come to rest");
}

/// Presses a key and lets the window answer.
pub(crate) fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.step();
    harness.step();
}

//! Shared parts of the window's tests: a harness that draws without a graphics card, and the comparison with snapshots.

pub(crate) mod choosing;
pub(crate) mod driving;

mod cpu_renderer;
mod texture;
mod triangle;

use std::sync::Once;

use egui::Rect;
use egui_kittest::{HarnessBuilder, SnapshotOptions, image_snapshot_options};

pub(crate) use cpu_renderer::CpuRenderer;

/// Sets the working folder of the process once: all of its tests share one.
static IN_A_FOLDER_OF_THEIR_OWN: Once = Once::new();

/// The number of pixels of a picture that may differ from the snapshot before the test fails.
///
/// On one machine none ever does; another processor may round the edge of a glyph differently.
const DIFFERING_PIXELS: usize = 4;

/// The least difference of a pixel that counts: about one step of 255 in grey (squared distance in YIQ).
const COLOUR_DISTANCE: f32 = 0.6;

/// The start of every window test: a harness of `size` points, one pixel per point, drawn by the [`CpuRenderer`].
///
/// End it with `build_eframe`, `build_ui` or `build_ui_state`. The pointer is not drawn. `harness.snapshot(name)`
/// compares as strictly as [`assert_snapshot`].
///
/// Relative paths that are typed into the window lead into a folder beneath `target`.
pub(crate) fn harness<State>(size: [f32; 2], theme: egui::Theme) -> HarnessBuilder<State> {
    IN_A_FOLDER_OF_THEIR_OWN.call_once(|| {
        std::env::set_current_dir(env!("CARGO_TARGET_TMPDIR")).expect("Cargo makes the folder");
    });
    HarnessBuilder::default()
        .with_size(size)
        .with_pixels_per_point(1.0)
        .with_theme(theme)
        .with_render_cursor(false)
        .with_options(snapshot_options())
        .renderer(CpuRenderer::default())
}

/// Compares a picture of a part of the window with `tests/ui/snapshots/<name>.png`. Parts, so that a new button changes
/// the pictures of its own panel only.
///
/// A picture that differs is left beside it as `<name>.new.png`, with `<name>.diff.png`. Run the tests with
/// `UPDATE_SNAPSHOTS=1` to accept the new pictures.
///
/// # Panics
/// If the picture differs in more than a few pixels, or there is no snapshot yet.
#[track_caller]
pub(crate) fn assert_snapshot(name: &str, picture: &image::RgbaImage) {
    image_snapshot_options(picture, name, &snapshot_options());
}

/// Compares a picture of the whole window with `assets/pictures/<name>.png`, one of those that the README shows.
#[track_caller]
pub(crate) fn assert_readme_picture(name: &str, picture: &image::RgbaImage) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/pictures");
    image_snapshot_options(picture, name, &snapshot_options().output_path(folder));
}

/// The part of a picture within a rectangle; a point is a pixel.
pub(crate) fn part(picture: &image::RgbaImage, area: Rect) -> image::RgbaImage {
    let [x, y, width, height] = [area.left(), area.top(), area.width(), area.height()]
        .map(|side| side.max(0.0).round() as u32);
    image::imageops::crop_imm(picture, x, y, width, height).to_image()
}

fn snapshot_options() -> SnapshotOptions {
    SnapshotOptions::new()
        .threshold(COLOUR_DISTANCE)
        .max_failed_pixels(DIFFERING_PIXELS)
        .output_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/snapshots"))
}

//! Opening the window on a desktop, or an error in a sentence if it cannot be opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bilevel::run::Executor;
use bilevel_files::Experiment;
use thiserror::Error;

use super::App;
use crate::app::messages;

/// The time of a frame for background work, where no threads do it.
const BUDGET: Duration = Duration::from_millis(10);

/// The reason why the window cannot be opened.
#[derive(Debug, Error)]
pub enum LaunchError {
    /// There is no display to open the window on.
    #[error("{}", messages::launching::no_display())]
    NoDisplay,
    /// The system lacks a library, OpenGL or a window system; the text says which.
    #[error("{}", messages::launching::missing_part(.0))]
    Missing(String),
}

/// Opens the window and returns when it is closed. `name` is shown as the experiment's file; the executor does all
/// background work.
pub fn launch(name: &str, experiment: Experiment, executor: Executor) -> Result<(), LaunchError> {
    if cfg!(target_os = "linux") && !has_display() {
        return Err(LaunchError::NoDisplay);
    }
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Bilevel Lab")
            .with_app_id("bilevel-lab")
            .with_inner_size([1280.0, 720.0])
            .with_min_inner_size([300.0, 240.0])
            // without an icon, egui's own would be decoded before the window opens
            .with_icon(egui::IconData::default()),
        ..Default::default()
    };
    if executor.is_cooperative() {
        // loops that share their work are done by this thread, too; the pool can be there already
        let loops = rayon::ThreadPoolBuilder::new().num_threads(1);
        let _there_already = loops.use_current_thread().build_global();
    }
    let name = name.to_owned();
    // a missing library makes the window system panic; its report is for programmers, `LaunchError` for users
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "Bilevel Lab",
            options,
            Box::new(move |creation| {
                std::panic::set_hook(hook);
                let ctx = &creation.egui_ctx;
                Ok(Box::new(App::with_executor(
                    ctx, &name, experiment, executor, BUDGET,
                )))
            }),
        )
    }));
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(launch_error(&format!("{error:?}"))),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            Err(launch_error(
                text.or_else(|| payload.downcast_ref::<&str>().copied())
                    .unwrap_or_default(),
            ))
        }
    }
}

fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Reduces the window system's error to the part that users can act on.
fn launch_error(error: &str) -> LaunchError {
    if error.contains("XOpenDisplayFailed")
        || error.contains("DISPLAY is set")
        || error.contains("WaylandError")
    {
        return LaunchError::NoDisplay;
    }
    let libraries = [
        "libX11",
        "libXcursor",
        "libXi",
        "libxkbcommon",
        "libwayland",
        "libGL",
        "libEGL",
    ];
    let missing = libraries
        .into_iter()
        .find(|library| error.contains(library));
    LaunchError::Missing(match missing {
        Some(library) => messages::launching::missing_library(library),
        None if error.contains("NoGlutinConfigs") => messages::launching::no_opengl().to_owned(),
        None => messages::launching::did_not_start().to_owned(),
    })
}

//! Opening the window on a desktop, or an error in a sentence if it cannot be opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use bilevel::run::Executor;
use bilevel_files::{Experiment, Lesson, presets};
use thiserror::Error;
#[cfg(target_os = "linux")]
use winit::platform::x11::EventLoopBuilderExtX11;

use super::App;
#[cfg(target_os = "linux")]
use super::display::Display;
use crate::app::messages;
use crate::app::session::document::full_name;
use crate::app::storage::{Recalled, Storage};

/// The size of a first window.
const SIZE: [f32; 2] = [1280.0, 720.0];
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
    /// The window was open and closed because of an error of the program or of the window system; the text says which.
    #[error("{}", messages::launching::closed(.0))]
    Closed(String),
}

/// The experiment that the window opens on, with the name of its file or preset.
#[derive(Debug)]
pub struct Opening {
    /// The experiment that the user named; `None` for that of the last window.
    pub given: Option<(String, Experiment)>,
    /// The lesson that the user named, with its name or file.
    pub lesson: Option<(String, Lesson)>,
    /// The experiment of a first start.
    pub first: (String, Experiment),
    /// True if no state of earlier windows is read, and none is kept.
    pub is_fresh: bool,
}

/// Opens the window and returns when it is closed. The executor does all background work.
pub fn launch(opening: Opening, executor: Executor) -> Result<(), LaunchError> {
    #[cfg(target_os = "linux")]
    let display = Display::of_environment();
    #[cfg(target_os = "linux")]
    if display == Display::None {
        return Err(LaunchError::NoDisplay);
    }
    let given = opening.given.as_ref().map(|(name, _)| full_name(name));
    let mut kept = if opening.is_fresh {
        Kept::default()
    } else {
        Kept::of_user(given.as_deref())
    };
    let (name, experiment) = opening
        .given
        .unwrap_or_else(|| kept.experiment(opening.first));
    let lesson = opening.lesson;
    let arrangement = kept.recalled.state.arrangement.clone();
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Bilevel Lab")
            .with_app_id("bilevel-lab")
            .with_inner_size(arrangement.size.unwrap_or(SIZE))
            .with_maximized(arrangement.is_maximized)
            .with_min_inner_size([300.0, 240.0])
            // without an icon, egui's own would be decoded before the window opens
            .with_icon(egui::IconData::default()),
        #[cfg(target_os = "linux")]
        event_loop_builder: (display == Display::X11).then_some(Box::new(|builder| {
            EventLoopBuilderExtX11::with_x11(builder);
        })),
        // `SystemFaces` reads them when they are needed
        system_font_fallback: false,
        ..Default::default()
    };
    if executor.is_cooperative() {
        // loops that share their work are done by this thread, too; the pool can be there already
        let loops = rayon::ThreadPoolBuilder::new().num_threads(1);
        let _there_already = loops.use_current_thread().build_global();
    }
    // a missing library makes the window system panic; its report is for programmers, `LaunchError` for users
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let is_open = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&is_open);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "Bilevel Lab",
            options,
            Box::new(move |creation| {
                std::panic::set_hook(hook);
                let ctx = &creation.egui_ctx;
                let mut app = App::with_executor(ctx, &name, experiment, executor, BUDGET);
                app.use_system_faces(ctx);
                app.recall(kept);
                if let Some((name, lesson)) = lesson {
                    app.begin_lesson(&name, lesson);
                }
                opened.store(true, Relaxed);
                Ok(Box::new(app))
            }),
        )
    }));
    let error = match outcome {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => format!("{error:?}"),
        Err(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => payload
                .downcast_ref::<&str>()
                .copied()
                .unwrap_or_default()
                .to_owned(),
        },
    };
    Err(if is_open.load(Relaxed) {
        LaunchError::Closed(error)
    } else {
        launch_error(&error)
    })
}

/// The state of earlier windows.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// `None` if no state is kept.
    pub(crate) storage: Option<Storage>,
    pub(crate) recalled: Recalled,
}

impl Kept {
    /// The state of the user's earlier windows; `given` is the experiment that is to be opened, if it is known.
    fn of_user(given: Option<&str>) -> Self {
        let Some(folder) = Storage::folder_of_user() else {
            return Self::default();
        };
        match Storage::open(&folder, given) {
            Ok((storage, recalled)) => Self {
                storage: Some(storage),
                recalled,
            },
            Err(error) => {
                let folder = folder.display().to_string();
                let warning = messages::files::state_not_written(&folder, &error.to_string());
                let recalled = Recalled {
                    warning: Some(warning),
                    ..Recalled::default()
                };
                Self {
                    storage: None,
                    recalled,
                }
            }
        }
    }

    /// The experiment of the last window, of which unsaved changes are left or which closed last; `first` if there is
    /// none or it cannot be opened.
    fn experiment(&mut self, first: (String, Experiment)) -> (String, Experiment) {
        let state = &self.recalled.state;
        let lost = self.recalled.lost.as_ref().map(|draft| draft.name.clone());
        let Some(last) = lost.or_else(|| state.arrangement.experiment.clone()) else {
            return first;
        };
        match presets::open(&last) {
            Ok(experiment) => (last, experiment),
            Err(error) => {
                // a draft may be of an experiment without a file
                if self.recalled.lost.is_none() {
                    let warning = messages::files::last_not_opened(&error.to_string());
                    self.recalled.warning.get_or_insert(warning);
                }
                first
            }
        }
    }
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

//! The animation of the export dialog: its settings, and its making beside the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::run::Last;
use bilevel_figure::{AnimationFormat, AnimationPlan, PageSize, Speed, Timing, ViewContext};
use bilevel_files::{RunResult, ViewKind};
use egui::{Role, Ui, WidgetInfo};

use crate::app::background::Background;
use crate::app::background::animation_work::{
    AnimationCount, AnimationJob, AnimationWorker, SavedAnimation, animation_worker,
};
use crate::app::messages;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{rich_label, segmented};
use crate::app::session::Session;

/// The endings of files that are animations, the usual one first.
pub(crate) const ENDINGS: [&str; 3] = ["gif", "png", "mp4"];

/// The settings of an animation, and the one that is being made. The settings stay when the dialog is closed.
#[derive(Default)]
pub(crate) struct AnimationExport {
    /// True if the picture is saved as an animation.
    pub(crate) is_on: bool,
    timing: Timing,
    worker: Option<AnimationWorker>,
    work: Option<AnimationWork>,
}

/// The present work of the worker.
struct AnimationWork {
    count: Arc<AnimationCount>,
    token: WorkToken,
}

impl AnimationExport {
    /// True while an animation is made.
    pub(crate) fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    /// Draws the settings; true if the animation was turned on or off.
    pub(crate) fn settings_ui(&mut self, ui: &mut Ui) -> bool {
        let mut is_turned = false;
        ui.horizontal(|ui| {
            is_turned = ui.checkbox(&mut self.is_on, "Animation").changed();
            if self.is_on {
                ui.label("Speed over the iterations");
                let speeds = Speed::ALL.map(|speed| (speed, speed.word()));
                if let Some(speed) = segmented(ui, &speeds, self.timing.speed) {
                    self.timing.speed = speed;
                }
            }
        });
        if !self.is_on {
            return is_turned;
        }
        ui.horizontal(|ui| {
            let [least, most] = Timing::FRAMES;
            let mut frames = self.timing.frames as f32;
            number(ui, "Frames", &mut frames, [least as f32, most as f32]);
            self.timing.frames = frames as usize;
            let mut fps = self.timing.fps as f32;
            number(
                ui,
                "Frames per second",
                &mut fps,
                Timing::FPS.map(|end| end as f32),
            );
            self.timing.fps = f64::from(fps);
        });
        is_turned
    }

    /// Draws the progress, with a button that cancels.
    pub(crate) fn progress_ui(&mut self, ui: &mut Ui) {
        let Some(work) = &self.work else { return };
        let (share, [done, all]) = work.count.progress();
        ui.add(egui::ProgressBar::new(share).desired_width(150.0));
        let words = messages::files::frames_done(done, all);
        rich_label(ui, &words, SMALL, roles_of(ui).text_weak);
        ui.ctx().request_repaint_after(crate::app::FRAME);
        if ui.button("Cancel").clicked() {
            self.cancel();
        }
    }

    /// Cancels the animation that is being made; no file is written.
    pub(crate) fn cancel(&mut self) {
        if let Some(work) = self.work.take() {
            work.token.cancel();
        }
    }

    /// Begins to make an animation of a view of the session's runs as they are now.
    ///
    /// # Errors
    /// If an earlier one is still ending.
    pub(crate) fn begin(
        &mut self,
        session: &Session,
        context: &ViewContext<'_>,
        (view, page_size): (ViewKind, PageSize),
        path: &Path,
    ) -> Result<(), String> {
        self.cancel();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let work = AnimationWork {
            count: Arc::default(),
            token: WorkToken::default(),
        };
        let job = AnimationJob {
            experiment: context.experiment_as_seen(),
            problem: Arc::clone(session.problem()),
            results: results(session),
            view,
            plan: AnimationPlan {
                format: AnimationFormat::of_ending(&ending).unwrap_or(AnimationFormat::Apng),
                timing: self.timing,
                page_size,
                limit: Some(AnimationPlan::LIMIT),
                threads: threads(session.background()),
            },
            path: path.to_path_buf(),
            count: Arc::clone(&work.count),
            token: work.token.clone(),
        };
        let background = session.background();
        let worker = self
            .worker
            .get_or_insert_with(|| animation_worker(background));
        if !worker.submit(job) {
            return Err(messages::files::earlier_animation().to_owned());
        }
        self.work = Some(work);
        Ok(())
    }

    /// The animation that was saved since the last call, or its error.
    pub(crate) fn receive(&mut self) -> Option<Result<SavedAnimation, String>> {
        let worker = self.worker.as_ref()?;
        let mut last = None;
        while let Some(result) = worker.try_receive() {
            // a cancelled one has no result, and the present one was requested after it
            if let Some(result) = result
                && self.work.take().is_some()
            {
                last = Some(result);
            }
        }
        last
    }
}

/// One thread where the window has none of its own.
fn threads(background: &Background) -> Option<usize> {
    background.executor.is_cooperative().then_some(1)
}

/// The runs of a session as they are now.
fn results(session: &Session) -> Vec<RunResult> {
    let runs = session.slots().iter().flat_map(|slot| &slot.runs);
    let begun = runs.filter(|run| !run.trace.is_empty());
    begun
        .map(|run| RunResult {
            key: run.key,
            trace: run.trace.clone(),
            status: run.status.clone(),
            iterations: run.iteration,
            counts: run.counts,
            time: run.time,
            point: run.end.as_ref().map_or_else(
                || session.starts()[0].clone(),
                |Last { point, .. }| point.clone(),
            ),
            end: run.verdict.clone(),
        })
        .collect()
}

fn number(ui: &mut Ui, name: &str, value: &mut f32, [least, most]: [f32; 2]) {
    let label = ui.label(name);
    let field = ranged_field(value, least..=most)
        .speed(0.5)
        .shown_as(|value| format!("{}", (10.0 * value).round() / 10.0));
    let field = ui.add(field).labelled_by(label.id);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
}

/// The sentence on a saved animation in a folder.
pub(crate) fn saved_words(saved: &SavedAnimation, folder: &str) -> String {
    let name = saved.path.file_name().unwrap_or_default().to_string_lossy();
    let size = bilevel_figure::size_in_words(saved.bytes);
    messages::files::animation_saved(
        [&name, folder],
        (saved.frames, saved.pixels),
        (saved.seconds, &size),
        saved.remark.as_deref(),
    )
}

/// A path with the usual ending of animations, or with that of pictures.
pub(crate) fn turned_path(path: &str, is_animation: bool) -> String {
    let mut path = PathBuf::from(path);
    path.set_extension(if is_animation { ENDINGS[0] } else { "svg" });
    path.to_string_lossy().into_owned()
}

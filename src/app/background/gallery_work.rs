//! The frames of the gallery of failures, drawn once in the background.

use bilevel::numerics::WorkToken;
use bilevel::study::Worker;
use bilevel_figure::{Theme, draw_thumbnails, suited_view, view};
use bilevel_files::{BuiltInLesson, Experiment, ProgressReports, RunOptions, run_until};

use super::Background;

/// The number of frames of a failure, and their size in pixels.
const FRAMES: u64 = 16;
pub(crate) const PIXELS: [u32; 2] = [260, 156];

/// The failures whose frames are still to be drawn in a theme.
pub(crate) struct GalleryJob {
    pub(crate) theme: Theme,
    pub(crate) failures: &'static [BuiltInLesson],
    /// The number of failures whose frames are drawn.
    pub(crate) drawn: usize,
    pub(crate) token: WorkToken,
}

/// The frames of a failure as PNG files, none if they cannot be drawn.
pub(crate) struct GalleryFrames {
    pub(crate) theme: Theme,
    /// The index of the failure.
    pub(crate) place: usize,
    pub(crate) frames: Vec<Vec<u8>>,
}

pub(crate) type GalleryWorker = Worker<GalleryJob, GalleryFrames>;

/// A worker without a job. It draws the frames of one failure after the other.
pub(crate) fn gallery_worker(background: &Background) -> GalleryWorker {
    let work = |mut job: GalleryJob, hand_over: &mut dyn FnMut(GalleryFrames)| {
        let failure = job.failures.get(job.drawn)?;
        let lesson = failure.read().ok();
        let first = lesson.and_then(|lesson| lesson.steps.into_iter().next());
        let frames = first.and_then(|step| frames(&step.experiment, job.theme, &job.token));
        if job.token.is_cancelled() {
            return None;
        }
        hand_over(GalleryFrames {
            theme: job.theme,
            place: job.drawn,
            frames: frames.unwrap_or_default(),
        });
        job.drawn += 1;
        (job.drawn < job.failures.len()).then_some(job)
    };
    Worker::in_parts(&background.executor, "gallery", work, background.wake())
}

/// Frames from the start to the end of the runs of an experiment.
fn frames(experiment: &Experiment, theme: Theme, token: &WorkToken) -> Option<Vec<Vec<u8>>> {
    let problem = experiment.problem.build_informed(token);
    let recorded = experiment.recorded_for_pictures(&*problem);
    let options = RunOptions {
        threads: Some(1),
        ..RunOptions::default()
    };
    let progress = ProgressReports::SILENT;
    let results = run_until(&recorded, &problem, options, progress, token).ok()?;
    let end = results.iter().filter_map(|run| run.trace.last_iteration());
    let iterations = iterations(end.max()?);
    let kind = experiment.view.kind;
    let shown = view(kind.unwrap_or_else(|| suited_view(&*problem)));
    let runs = (experiment, &problem, &results[..]);
    draw_thumbnails((shown, PIXELS, theme), runs, &iterations, token).ok()
}

/// Iterations from 0 to the end whose logarithms are even: the first steps tell most.
fn iterations(end: u64) -> Vec<u64> {
    let whole = (end as f64).ln_1p();
    let mut iterations: Vec<u64> = (0..FRAMES)
        .map(|frame| {
            (whole * frame as f64 / (FRAMES - 1) as f64)
                .exp_m1()
                .round() as u64
        })
        .collect();
    iterations.dedup();
    iterations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_go_from_the_start_to_the_end() {
        for end in [0, 1, 7, 60, 2000] {
            let iterations = iterations(end);
            assert_eq!(iterations.first(), Some(&0));
            assert_eq!(iterations.last(), Some(&end));
            assert!(iterations.is_sorted());
        }
    }
}

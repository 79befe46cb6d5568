//! The worker of the animation that the export dialog saves.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::study::Worker;
use bilevel_figure::{
    AnimationError, AnimationPlan, AnimationProgress, AnimationSubject, Fineness, animate, view,
};
use bilevel_files::{Experiment, RunResult, ViewKind, write_file};

use super::Background;

/// An animation to be made and saved, with a copy of its runs.
pub(crate) struct AnimationJob {
    pub(crate) experiment: Experiment,
    pub(crate) problem: Arc<dyn Problem>,
    pub(crate) results: Vec<RunResult>,
    pub(crate) view: ViewKind,
    pub(crate) plan: AnimationPlan,
    pub(crate) path: PathBuf,
    pub(crate) count: Arc<AnimationCount>,
    pub(crate) token: WorkToken,
}

/// The units of the present part of the work: done, and in all.
#[derive(Debug, Default)]
pub(crate) struct AnimationCount {
    done: AtomicUsize,
    all: AtomicUsize,
}

impl AnimationCount {
    /// The share of the present part that is done, with its numbers.
    pub(crate) fn progress(&self) -> (f32, [usize; 2]) {
        let all = self.all.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).min(all);
        (done as f32 / all.max(1) as f32, [done, all])
    }
}

/// An animation that was saved.
pub(crate) struct SavedAnimation {
    pub(crate) path: PathBuf,
    pub(crate) frames: usize,
    pub(crate) pixels: [u32; 2],
    pub(crate) seconds: f64,
    pub(crate) bytes: usize,
    /// The sentence on frames and pixels that were given up.
    pub(crate) remark: Option<String>,
}

/// Hands over a saved animation or the error; nothing if it was cancelled.
pub(crate) type AnimationWorker = Worker<AnimationJob, Option<Result<SavedAnimation, String>>>;

/// A worker without an animation.
pub(crate) fn animation_worker(background: &Background) -> AnimationWorker {
    let work = |job: AnimationJob,
                hand_over: &mut dyn FnMut(Option<Result<SavedAnimation, String>>)| {
        hand_over(match make(&job) {
            Err(AnimationError::Cancelled) => None,
            Err(error) => Some(Err(error.to_string())),
            Ok(_) if job.token.is_cancelled() => None,
            Ok((saved, bytes)) => Some(
                write_file(&job.path, |writer| writer.write_all(&bytes))
                    .map(|()| saved)
                    .map_err(|error| error.to_string()),
            ),
        });
    };
    Worker::new(&background.executor, "animation", work, background.wake())
}

fn make(job: &AnimationJob) -> Result<(SavedAnimation, Vec<u8>), AnimationError> {
    let subject = AnimationSubject {
        view: view(job.view),
        experiment: &job.experiment,
        problem: &job.problem,
        results: &job.results,
        fineness: Fineness::Full,
    };
    let count = &job.count;
    let progress = AnimationProgress {
        begin: &|_, units| {
            count.done.store(0, Ordering::Relaxed);
            count.all.store(units, Ordering::Relaxed);
        },
        advance: &|| {
            count.done.fetch_add(1, Ordering::Relaxed);
        },
    };
    let made = animate(subject, &job.plan, &job.token, progress)?;
    let bytes = made.files.into_iter().next().unwrap_or_default();
    let saved = SavedAnimation {
        path: job.path.clone(),
        frames: made.iterations.len(),
        pixels: made.pixels,
        seconds: made.seconds,
        bytes: bytes.len(),
        remark: made.remark,
    };
    Ok((saved, bytes))
}

//! The worker of the tuning dialog.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bilevel::numerics::WorkToken;
use bilevel::run::RunSpec;
use bilevel::study::{Score, TrialCount, TrialRuns, Tuning, Worker, tune};

use super::Background;

/// A tuning: its trials, the number of runs that have ended, and the token that cancels it.
pub(crate) struct TuningJob {
    pub(crate) trials: TuningTrials,
    pub(crate) done: Arc<AtomicUsize>,
    pub(crate) token: WorkToken,
}

/// The trials of a job: all at once on threads, or a run at a time.
pub(crate) enum TuningTrials {
    AtOnce(Vec<Vec<RunSpec>>, TrialCount),
    InTurn(Box<TrialRuns>),
}

/// Hands over the trials of each method, or nothing if the tuning was cancelled.
pub(crate) type TuningWorker = Worker<TuningJob, Option<Vec<Tuning>>>;

impl TuningTrials {
    /// The trials of some methods, as the executor can do them; each method has its runs.
    pub(crate) fn new(
        background: &Background,
        methods: Vec<Vec<RunSpec>>,
        effort: TrialCount,
    ) -> Self {
        if background.executor.is_cooperative() {
            Self::InTurn(Box::new(TrialRuns::new(Score::Referee, &methods, effort)))
        } else {
            Self::AtOnce(methods, effort)
        }
    }
}

/// A worker without a tuning.
pub(crate) fn tuning_worker(background: &Background) -> TuningWorker {
    let executor = background.executor.clone();
    let work = move |job: TuningJob, hand_over: &mut dyn FnMut(Option<Vec<Tuning>>)| {
        let TuningJob {
            trials,
            done,
            token,
        } = job;
        match trials {
            TuningTrials::AtOnce(methods, effort) => {
                let tune = || tune(&methods, effort, &done, &token);
                let pool = executor.thread_pool("tuning");
                hand_over(pool.map_or_else(tune, |pool| pool.install(tune)));
            }
            TuningTrials::InTurn(mut runs) => {
                if !token.is_cancelled() && runs.do_next(&done, &token) {
                    let trials = TuningTrials::InTurn(runs);
                    return Some(TuningJob {
                        trials,
                        done,
                        token,
                    });
                }
                hand_over(runs.finish(&token));
            }
        }
        None
    };
    Worker::in_parts(&background.executor, "tuning", work, background.wake())
}

//! A survey in the background for a view: requested again when its key has changed, with the old outcomes shown until
//! then.

use std::sync::Arc;
use std::time::Duration;

use bilevel::study::{News, SurveyOutcome, SurveyWorker};
use bilevel_figure::{OutcomeColours, SurveyData};
use bilevel_files::{SurveyError, SurveyPlan};
use egui::Context;

use super::Background;

/// The time that a key must stay the same before its survey is requested, in seconds.
const REST: f64 = 0.15;

/// The outcomes of a survey so far, and the request for the next one.
pub(crate) struct SurveyWork<K> {
    worker: Option<SurveyWorker>,
    /// The key of the last request.
    asked: Option<K>,
    /// The key to be requested next, and the window's time since when, in seconds.
    wanted: Option<(K, f64)>,
    /// The requested plan, until its first runs have ended.
    next: Option<SurveyPlan>,
    /// The outcomes so far.
    pub(crate) data: SurveyData,
    /// A number that changes whenever there is something new to show.
    pub(crate) edition: u64,
    /// True if the user has stopped the survey.
    is_stopped: bool,
    /// The reason why there is no survey.
    pub(crate) refusal: Option<String>,
}

impl<K> Default for SurveyWork<K> {
    fn default() -> Self {
        Self {
            worker: None,
            asked: None,
            wanted: None,
            next: None,
            data: SurveyData::default(),
            edition: 0,
            is_stopped: false,
            refusal: None,
        }
    }
}

impl<K: PartialEq> SurveyWork<K> {
    /// Forgets the survey of another problem.
    pub(crate) fn reset(&mut self) {
        self.cancel();
        *self = Self {
            worker: self.worker.take(),
            edition: self.edition + 1,
            ..Self::default()
        };
    }

    /// The plan of the outcomes that are shown.
    pub(crate) fn plan(&self) -> Option<&SurveyPlan> {
        self.data.plan.as_deref()
    }

    /// The outcomes so far, by run number.
    pub(crate) fn cells(&self) -> &[Option<SurveyOutcome>] {
        &self.data.cells
    }

    /// True if the outcomes are outdated: before the last change.
    pub(crate) fn is_stale(&self) -> bool {
        self.data.plan.is_some() && (self.next.is_some() || self.wanted.is_some())
    }

    /// True if all outcomes are there, or the user has stopped the survey.
    pub(crate) fn is_settled(&self) -> bool {
        let is_at_work = self.worker.as_ref().is_some_and(SurveyWorker::is_at_work);
        self.is_stopped || self.refusal.is_some() || self.wanted.is_none() && !is_at_work
    }

    /// The numbers of ended and of all runs; `None` once the survey is done.
    pub(crate) fn progress(&self) -> Option<[usize; 2]> {
        let worker = self.worker.as_ref()?;
        worker.is_at_work().then(|| worker.progress())
    }

    /// True if the survey was stopped before all runs had ended.
    pub(crate) fn is_broken_off(&self) -> bool {
        self.is_stopped
    }

    /// Stops the survey; the outcomes so far stay.
    pub(crate) fn cancel(&mut self) {
        if let Some(worker) = &mut self.worker {
            worker.cancel();
        }
        self.is_stopped = true;
        self.wanted = None;
        self.next = None;
    }

    /// Resumes a stopped survey.
    pub(crate) fn resume(&mut self) {
        self.is_stopped = false;
        self.asked = None;
    }

    /// Requests the survey of a key that differs from the last one, once it has stayed the same for a while.
    pub(crate) fn follow(
        &mut self,
        ctx: &Context,
        background: &Background,
        key: K,
        plan: impl FnOnce() -> Result<SurveyPlan, SurveyError>,
    ) {
        self.receive();
        if self.asked.as_ref() == Some(&key) {
            self.wanted = None;
            return;
        }
        let now = ctx.input(|input| input.time);
        let since = match &self.wanted {
            Some((wanted, since)) if *wanted == key => *since,
            // the first survey need not wait
            _ if self.asked.is_none() => now - REST,
            _ => now,
        };
        // an edit resumes a stopped survey
        if self.asked.is_some() {
            self.is_stopped = false;
        }
        let left = since + REST - now;
        if left > 0.0 {
            self.wanted = Some((key, since));
            ctx.request_repaint_after(Duration::from_secs_f64(left));
            return;
        }
        self.ask(ctx, background, key, plan());
    }

    fn ask(
        &mut self,
        ctx: &Context,
        background: &Background,
        key: K,
        plan: Result<SurveyPlan, SurveyError>,
    ) {
        self.edition += 1;
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => {
                if let Some(worker) = &mut self.worker {
                    worker.cancel();
                }
                self.refusal = Some(error.to_string());
                self.data.plan = None;
                self.next = None;
                self.data.cells.clear();
                self.wanted = None;
                self.asked = Some(key);
                return;
            }
        };
        self.refusal = None;
        let worker = self
            .worker
            .get_or_insert_with(|| SurveyWorker::new(&background.executor, background.wake()));
        if worker.ask(Arc::new(plan.survey.clone())) {
            self.next = Some(plan);
            self.asked = Some(key);
            self.wanted = None;
        } else {
            // cancelled work has not ended yet
            self.wanted = Some((key, ctx.input(|input| input.time)));
            ctx.request_repaint_after(Duration::from_secs_f64(REST));
        }
    }

    fn receive(&mut self) {
        while let Some(news) = self.worker.as_mut().and_then(SurveyWorker::try_receive) {
            self.edition += 1;
            match news {
                News::Targets(targets) => self.data.colours = OutcomeColours::new(targets),
                News::Reaction(reaction) => self.data.reaction = *reaction,
                News::Done => {}
                News::Cells(cells) => {
                    if let Some(plan) = self.next.take() {
                        self.data.cells = vec![None; plan.survey.len()];
                        self.data.plan = Some(Arc::new(plan));
                    }
                    for (number, cell) in cells {
                        if let Some(known) = self.data.cells.get_mut(number) {
                            *known = Some(cell);
                        }
                    }
                }
            }
        }
    }
}

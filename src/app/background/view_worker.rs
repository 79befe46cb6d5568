//! The data of views, computed in the background: coarse first, then in full.

use bilevel_figure::{AnyData, Fineness, View, ViewJob};

use super::Background;
use super::latest_wins::LatestWins;

/// Computes the data of one view.
pub(crate) struct ViewWorker<V: View> {
    worker: LatestWins<V::Request, Option<V::Data>>,
    data: V::Data,
    /// True if the last request is still to be handed in.
    is_behind: bool,
    /// True if results of earlier requests are of no use any more.
    is_forgotten: bool,
}

impl<V: View> ViewWorker<V> {
    /// A worker without data.
    pub(crate) fn new(background: &Background) -> Self {
        let mut earlier: Option<(V::Request, V::Data)> = None;
        let compute = move |request: &V::Request, samples, token: &_| {
            let known = earlier.as_ref().map(|(request, data)| (request, data));
            let data = V::compute(request, known, samples, token).ok()?;
            earlier = Some((request.clone(), data.clone()));
            Some(data)
        };
        let [coarse, full] = V::SAMPLES;
        let steps = if coarse == full { 1 } else { 2 };
        Self {
            worker: LatestWins::new(background, V::INFO.id, &Self::SAMPLES[2 - steps..], compute),
            data: V::Data::default(),
            is_behind: false,
            is_forgotten: false,
        }
    }

    const SAMPLES: &'static [usize] = &V::SAMPLES;

    /// Forgets the data: they belong to another problem or another plane.
    pub(crate) fn forget(&mut self) {
        self.data = V::Data::default();
        self.is_forgotten = true;
    }

    /// Requests data, unless they are there or under way. Coarse data are finished before another request begins, so
    /// that there are always some while the request changes with every frame.
    pub(crate) fn ask(&mut self, request: V::Request) {
        let is_same = self.worker.request().is_some_and(|last| *last == request);
        if self.is_due(is_same) {
            self.hand_in(request);
        }
    }

    /// Like [`Self::ask`], for a request that is large: it is made only if it is handed in.
    pub(crate) fn ask_if_other(
        &mut self,
        is_same: impl FnOnce(&V::Request) -> bool,
        request: impl FnOnce() -> Option<V::Request>,
    ) {
        let is_same = self.worker.request().is_some_and(is_same);
        if self.is_due(is_same)
            && let Some(request) = request()
        {
            self.hand_in(request);
        }
    }

    /// True if a request is to be handed in, which the last one equals or not.
    fn is_due(&mut self, is_same: bool) -> bool {
        self.is_behind = !is_same || self.is_forgotten;
        self.is_behind && (self.is_forgotten || !self.worker.is_begun())
    }

    fn hand_in(&mut self, request: V::Request) {
        if self.worker.hand_in(request) {
            self.is_behind = false;
            self.is_forgotten = false;
        }
    }

    /// Receives new data; true if there are any.
    pub(crate) fn receive(&mut self) -> bool {
        match self.worker.take() {
            Some(Some(data)) if !self.is_forgotten => {
                self.data = data;
                true
            }
            _ => false,
        }
    }

    /// The newest data.
    pub(crate) fn data(&self) -> &V::Data {
        &self.data
    }

    /// True if the data of the last request have come in full.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_behind && !self.is_forgotten && self.worker.is_settled()
    }
}

/// The indices of the passes: coarse, then full.
static FINENESSES: [usize; 2] = [0, 1];

/// A job in a worker's queue.
#[derive(Clone)]
struct Queued(Box<dyn ViewJob>);

/// Computes the data of any view.
pub(crate) struct JobWorker {
    worker: LatestWins<Queued, Result<AnyData, String>>,
    result: Option<Result<AnyData, String>>,
    is_behind: bool,
    is_forgotten: bool,
}

impl JobWorker {
    /// A worker without data. `passes` is 2 for coarse data before those in full.
    pub(crate) fn new(background: &Background, name: &'static str, passes: usize) -> Self {
        let compute = |Queued(job): &Queued, pass: usize, token: &_| {
            let fineness = [Fineness::Coarse, Fineness::Full][pass];
            job.compute(fineness, token)
                .map_err(|error| error.to_string())
        };
        Self {
            worker: LatestWins::new(background, name, &FINENESSES[2 - passes.min(2)..], compute),
            result: None,
            is_behind: false,
            is_forgotten: false,
        }
    }

    /// Forgets the data.
    pub(crate) fn forget(&mut self) {
        self.result = None;
        self.is_forgotten = true;
    }

    /// Requests the data of a job, unless they are there or under way.
    pub(crate) fn ask(&mut self, job: Box<dyn ViewJob>) {
        let is_same = self
            .worker
            .request()
            .is_some_and(|last| last.0.is_same(&*job));
        self.is_behind = !is_same || self.is_forgotten;
        if !self.is_behind || self.worker.is_begun() && !self.is_forgotten {
            return;
        }
        if self.worker.hand_in(Queued(job)) {
            self.is_behind = false;
            self.is_forgotten = false;
        }
    }

    /// The newest data, or the reason why there are none; `None` before any have come.
    pub(crate) fn receive(&mut self) -> Option<&Result<AnyData, String>> {
        if let Some(result) = self.worker.take().filter(|_| !self.is_forgotten) {
            self.result = Some(result);
        }
        self.result.as_ref()
    }

    /// True if the data of the last request have come in full.
    pub(crate) fn is_settled(&self) -> bool {
        let is_idle = self.worker.request().is_none() || self.is_forgotten;
        !self.is_behind && (is_idle || self.worker.is_settled())
    }
}

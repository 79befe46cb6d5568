//! A background worker that answers the newest request, coarse first and then finer.

use bilevel::numerics::WorkToken;
use bilevel::study::Worker;

use super::Background;

struct NumberedJob<R> {
    number: u64,
    request: R,
    token: WorkToken,
    /// The number of answers that have been made.
    answers: usize,
}

/// The worker and its newest request. Dropping it cancels the work.
pub(crate) struct LatestWins<R: Send + 'static, A: Send + 'static> {
    worker: Worker<NumberedJob<R>, (u64, A)>,
    token: WorkToken,
    wanted: Option<R>,
    /// The number of requests so far.
    number: u64,
    /// The number of answers to the newest request that have come.
    received: usize,
    steps: usize,
}

impl<R: Clone + Send + 'static, A: Send + 'static> LatestWins<R, A> {
    /// A worker that makes an answer at each fineness in turn.
    pub(crate) fn new(
        background: &Background,
        name: &'static str,
        finenesses: &'static [usize],
        mut make: impl FnMut(&R, usize, &WorkToken) -> A + Send + 'static,
    ) -> Self {
        let work = move |mut job: NumberedJob<R>, hand_over: &mut dyn FnMut((u64, A))| {
            let fineness = finenesses.get(job.answers)?;
            let answer = make(&job.request, *fineness, &job.token);
            if job.token.is_cancelled() {
                return None;
            }
            hand_over((job.number, answer));
            job.answers += 1;
            (job.answers < finenesses.len()).then_some(job)
        };
        Self {
            worker: Worker::in_parts(&background.executor, name, work, background.wake()),
            token: WorkToken::default(),
            wanted: None,
            number: 0,
            received: 0,
            steps: finenesses.len(),
        }
    }

    /// The newest request.
    pub(crate) fn request(&self) -> Option<&R> {
        self.wanted.as_ref()
    }

    /// True if the newest request has no answer yet.
    pub(crate) fn is_begun(&self) -> bool {
        self.wanted.is_some() && self.received == 0
    }

    /// Cancels the present work for a new request; false if the inbox is full, and the next frame has to ask again.
    pub(crate) fn hand_in(&mut self, request: R) -> bool {
        self.token.cancel();
        self.token = WorkToken::default();
        let job = NumberedJob {
            number: self.number + 1,
            request: request.clone(),
            token: self.token.clone(),
            answers: 0,
        };
        // a full inbox holds only cancelled jobs
        let is_taken = self.worker.submit(job);
        if is_taken {
            self.wanted = Some(request);
            self.number += 1;
            self.received = 0;
        }
        is_taken
    }

    /// The newest answer since the last call.
    pub(crate) fn take(&mut self) -> Option<A> {
        let mut newest = None;
        while let Some((number, answer)) = self.worker.try_receive() {
            if number == self.number {
                newest = Some(answer);
                self.received += 1;
            }
        }
        newest
    }

    /// True if the finest answer to the newest request has come.
    pub(crate) fn is_settled(&self) -> bool {
        self.received == self.steps
    }
}

impl<R: Send + 'static, A: Send + 'static> Drop for LatestWins<R, A> {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

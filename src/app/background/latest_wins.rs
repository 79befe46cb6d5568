//! A background thread that answers the newest request, coarse first and then finer.

use bilevel::numerics::WorkToken;
use bilevel::study::Worker;

struct NumberedJob<R> {
    number: u64,
    request: R,
    token: WorkToken,
}

/// The thread and its newest request. Dropping it cancels the work and waits for the thread to end.
pub(crate) struct LatestWins<R: Send + 'static, A: Send + 'static> {
    thread: Thread<R, A>,
    token: WorkToken,
    wanted: Option<R>,
    /// The number of requests so far.
    number: u64,
    /// The number of answers to the newest request that have come.
    received: usize,
    steps: usize,
}

/// A worker, started with the first request: a window has more views than it shows.
enum Thread<R, A> {
    NotStarted(Box<Start<R, A>>),
    Running(Worker<NumberedJob<R>, (u64, A)>),
    /// The system has no thread left.
    Refused,
}

type Start<R, A> = dyn FnOnce() -> std::io::Result<Worker<NumberedJob<R>, (u64, A)>> + Send;

impl<R: Send + 'static, A: Send + 'static> Thread<R, A> {
    fn started(&mut self) -> Option<&Worker<NumberedJob<R>, (u64, A)>> {
        if let Self::NotStarted(_) = self
            && let Self::NotStarted(start) = std::mem::replace(self, Self::Refused)
            && let Ok(worker) = start()
        {
            *self = Self::Running(worker);
        }
        self.running()
    }

    fn running(&self) -> Option<&Worker<NumberedJob<R>, (u64, A)>> {
        match self {
            Self::Running(worker) => Some(worker),
            Self::NotStarted(_) | Self::Refused => None,
        }
    }
}

impl<R: Clone + Send + 'static, A: Send + 'static> LatestWins<R, A> {
    /// Starts a thread that makes an answer at each fineness in turn. `wake` is called whenever one is there.
    pub(crate) fn new(
        name: &'static str,
        finenesses: &'static [usize],
        mut make: impl FnMut(&R, usize, &WorkToken) -> A + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> Self {
        let work = move |job: NumberedJob<R>, hand_over: &mut dyn FnMut((u64, A))| {
            for &fineness in finenesses {
                let answer = make(&job.request, fineness, &job.token);
                if job.token.is_cancelled() {
                    return;
                }
                hand_over((job.number, answer));
            }
        };
        Self {
            thread: Thread::NotStarted(Box::new(move || Worker::new(name, work, wake))),
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
        };
        // a full inbox holds only cancelled jobs
        let worker = self.thread.started();
        let is_taken = worker.is_some_and(|worker| worker.submit(job));
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
        while let Some((number, answer)) = self.thread.running().and_then(Worker::try_receive) {
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

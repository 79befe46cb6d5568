//! The gap column of traces: at once for an export, or by a desk in the background for a window.

use std::sync::Arc;

use rayon::prelude::*;

use super::desk::Desk;
use crate::problem::{Point, Problem, WorkToken};
use crate::run::{RunId, Trace};
use crate::truth::Referee;

/// Fills what is missing of a trace's gap column, on all cores. A row's gap depends on that row alone.
pub fn fill_gaps(trace: &mut Trace, problem: &dyn Problem, token: &WorkToken) {
    let first = trace.gap.values().len();
    let rows = &*trace;
    let gaps: Vec<f64> = (first..trace.len())
        .into_par_iter()
        .map(|row| gap(problem, rows.point(row).as_ref(), token))
        .collect();
    trace.gap.extend(&gaps);
}

fn gap(problem: &dyn Problem, point: Option<&Point>, token: &WorkToken) -> f64 {
    point
        .and_then(|point| Referee::new(problem, token).gap(point))
        .unwrap_or(f64::NAN)
}

/// Gaps of some rows of a run, in the rows' order.
#[derive(Clone, Debug)]
pub struct Gaps {
    /// Whose rows they are.
    pub run: RunId,
    /// The gaps; NaN where none was found.
    pub gaps: Vec<f64>,
}

struct Job {
    run: RunId,
    points: Vec<Option<Point>>,
}

/// A thread that finds the gaps of rows for a window. Dropping it stops the work and waits for the thread to end.
pub struct GapDesk {
    desk: Desk<Job, Gaps>,
    token: WorkToken,
}

impl GapDesk {
    /// A desk for the runs of one problem. `wake` is called whenever gaps can be received.
    pub fn new(
        problem: Arc<dyn Problem>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let token = WorkToken::default();
        let of_desk = token.clone();
        let work = move |job: Job, hand_over: &mut dyn FnMut(Gaps)| {
            let wanted = job.points.iter().take_while(|_| !of_desk.is_cancelled());
            let gaps = wanted
                .map(|point| gap(&*problem, point.as_ref(), &of_desk))
                .collect();
            hand_over(Gaps { run: job.run, gaps });
        };
        Ok(Self {
            desk: Desk::new("gap desk", work, wake)?,
            token,
        })
    }

    /// Hands rows to the desk; false if it has no room just now. A row whose point was not kept has no gap.
    pub fn submit(&self, run: RunId, points: Vec<Option<Point>>) -> bool {
        self.desk.submit(Job { run, points })
    }

    /// Gaps that have been found, if there are any.
    pub fn try_receive(&self) -> Option<Gaps> {
        self.desk.try_receive()
    }
}

impl Drop for GapDesk {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

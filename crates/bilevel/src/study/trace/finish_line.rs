//! The finish line: when a run has come within a tolerance of the optimum with its follower done.

use crate::run::Trace;

/// Looks for the first row of a growing trace that is over the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinishLine {
    tolerance: f64,
    looked_at: usize,
    row: Option<usize>,
}

impl FinishLine {
    /// A line that is crossed when both |f − f*| and the value gap are at most `tolerance`.
    pub fn new(tolerance: f64) -> Self {
        Self {
            tolerance,
            looked_at: 0,
            row: None,
        }
    }

    /// The tolerance.
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// The first row over the line, as far as the trace is judged. Rows are looked at once, however often this is called.
    pub fn row(&mut self, trace: &Trace) -> Option<usize> {
        if self.row.is_none() {
            let f = &trace.suboptimality.values()[self.looked_at..];
            let gap = &trace.gap.values()[self.looked_at..];
            let place = f.iter().zip(gap).position(|(difference, gap)| {
                difference.abs() <= self.tolerance && *gap <= self.tolerance
            });
            self.row = place.map(|place| self.looked_at + place);
            self.looked_at = trace.gap.len();
        }
        self.row
    }
}

//! The finish line: the first row within a tolerance of the optimum whose value gap is within the tolerance, too.

use crate::run::Trace;

/// A search for the first row of a growing trace that is over the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FinishLine {
    tolerance: f64,
    looked_at: usize,
    row: Option<usize>,
}

impl FinishLine {
    /// A line that is crossed once both |f − f*| and the value gap are at most `tolerance`.
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

    /// The first row over the line among the judged rows. Each row is checked once, over all calls.
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

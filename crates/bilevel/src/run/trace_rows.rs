//! Rows of a run between its step and its trace.

/// Consecutive recorded rows to be appended to a trace; the row of iteration k is the state after k outer iterations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceRows {
    /// The iteration of each row.
    pub iterations: Vec<u64>,
    /// The method's own time in seconds.
    pub time: Vec<f64>,
    /// The objectives, row after row.
    pub objectives: Vec<f64>,
    /// The problem's own metrics, row after row.
    pub metrics: Vec<f64>,
    /// The oracle calls so far: for each row and each kind of call, a number per level.
    pub counts: Vec<u64>,
    /// The variables of the rows that keep them, row after row.
    pub points: Vec<f64>,
    /// The direction in level 1 of the step that led to each row, row after row; kept only if every row has its point.
    pub directions: Vec<f64>,
    /// True if the last of these rows is the run's last.
    pub is_over: bool,
}

impl TraceRows {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.iterations.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.iterations.is_empty()
    }

    /// Appends later rows.
    pub fn append(&mut self, mut later: Self) {
        self.iterations.append(&mut later.iterations);
        self.time.append(&mut later.time);
        self.objectives.append(&mut later.objectives);
        self.metrics.append(&mut later.metrics);
        self.counts.append(&mut later.counts);
        self.points.append(&mut later.points);
        self.directions.append(&mut later.directions);
        self.is_over |= later.is_over;
    }
}

//! An append-only column of numbers.

/// One quantity of a trace, a number per row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    values: Vec<f64>,
}

impl Column {
    /// Appends a number.
    pub fn push(&mut self, value: f64) {
        self.values.push(value);
    }

    /// Appends several numbers.
    pub fn extend(&mut self, values: &[f64]) {
        self.values.extend_from_slice(values);
    }

    /// All numbers so far.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

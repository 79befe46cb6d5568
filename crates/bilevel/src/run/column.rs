//! An append-only column of numbers that is drawn at a cost proportional to pixels, not rows.

use std::ops::Range;

/// The number of rows, or of buckets of the level below, per bucket.
const FACTOR: usize = 16;

/// One quantity of a trace, a number per row, with fast minima and maxima of any range of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceColumn {
    values: Vec<f64>,
    /// The least and the greatest number of each full bucket: level 0 has buckets of 16 rows, each further level of 16
    /// buckets.
    pyramid: Vec<Vec<[f64; 2]>>,
    /// The ranges of rows whose numbers are not finite.
    gaps: Vec<Range<usize>>,
    extent: Extent,
}

/// The extent of some numbers, ignoring those that are not finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The least; +∞ if there is none.
    pub least: f64,
    /// The least positive one; +∞ if there is none.
    pub least_positive: f64,
    /// The greatest; −∞ if there is none.
    pub greatest: f64,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            least: f64::INFINITY,
            least_positive: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
        }
    }
}

impl Extent {
    /// Includes a number.
    pub fn include(&mut self, value: f64) {
        if value.is_finite() {
            self.least = self.least.min(value);
            self.greatest = self.greatest.max(value);
            if value > 0.0 {
                self.least_positive = self.least_positive.min(value);
            }
        }
    }

    /// Includes another extent.
    pub fn join(&mut self, other: Self) {
        self.least = self.least.min(other.least);
        self.least_positive = self.least_positive.min(other.least_positive);
        self.greatest = self.greatest.max(other.greatest);
    }
}

impl TraceColumn {
    /// Appends a number.
    pub fn push(&mut self, value: f64) {
        let row = self.values.len();
        self.values.push(value);
        self.extent.include(value);
        if !value.is_finite() {
            match self.gaps.last_mut() {
                Some(gap) if gap.end == row => gap.end = row + 1,
                _ => self.gaps.push(row..row + 1),
            }
        }
        if self.values.len().is_multiple_of(FACTOR) {
            let last = &self.values[self.values.len() - FACTOR..];
            let bucket = joined(last.iter().map(|&value| range_of(value)));
            self.push_bucket(0, bucket);
        }
    }

    fn push_bucket(&mut self, level: usize, bucket: [f64; 2]) {
        if self.pyramid.len() == level {
            self.pyramid.push(Vec::new());
        }
        let buckets = &mut self.pyramid[level];
        buckets.push(bucket);
        if buckets.len().is_multiple_of(FACTOR) {
            let above = joined(buckets[buckets.len() - FACTOR..].iter().copied());
            self.push_bucket(level + 1, above);
        }
    }

    /// Appends several numbers.
    pub fn extend(&mut self, values: &[f64]) {
        for &value in values {
            self.push(value);
        }
    }

    /// The numbers of some rows, which increase; rows beyond the column's end are left out.
    pub(super) fn of_rows(&self, rows: &[usize]) -> Self {
        let mut kept = Self::default();
        for &value in rows.iter().map_while(|&row| self.values.get(row)) {
            kept.push(value);
        }
        kept
    }

    /// All numbers so far.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The bytes that the column occupies: about 8 × 17/15 a row.
    pub fn bytes(&self) -> usize {
        let buckets: usize = self.pyramid.iter().map(Vec::len).sum();
        size_of_val(self.values.as_slice())
            + buckets * size_of::<[f64; 2]>()
            + size_of_val(self.gaps.as_slice())
    }

    /// The extent of all numbers.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// The least and the greatest finite number of a range of rows, at a cost that is logarithmic in the length of the
    /// range.
    pub fn range(&self, rows: Range<usize>) -> Option<[f64; 2]> {
        let end = rows.end.min(self.values.len());
        let mut rows = rows.start.min(end)..end;
        let (head, tail) = ragged(&mut rows);
        let values = self.values[head].iter().chain(&self.values[tail]);
        let mut found = joined(values.map(|&value| range_of(value)));
        for buckets in &self.pyramid {
            if rows.is_empty() {
                break;
            }
            let (head, tail) = ragged(&mut rows);
            let buckets = buckets[head].iter().chain(&buckets[tail]);
            found = joined([found, joined(buckets.copied())].into_iter());
        }
        (found[0] <= found[1]).then_some(found)
    }

    /// An end for a range of rows at most an eighth earlier than its own, on a boundary of buckets: ranges between such
    /// ends are read from far fewer buckets.
    pub fn round_end(rows: &Range<usize>) -> usize {
        let mut size = 1;
        while size * FACTOR <= rows.len() / 8 {
            size *= FACTOR;
        }
        rows.end / size * size
    }

    /// The subranges of a range of rows whose numbers are finite.
    pub fn finite(&self, rows: Range<usize>) -> Vec<Range<usize>> {
        let end = rows.end.min(self.values.len());
        let mut stretches = Vec::new();
        let mut from = rows.start;
        let first = self.gaps.partition_point(|gap| gap.end <= rows.start);
        for gap in &self.gaps[first..] {
            if gap.start >= end {
                break;
            }
            if from < gap.start {
                stretches.push(from..gap.start);
            }
            from = gap.end;
        }
        if from < end {
            stretches.push(from..end);
        }
        stretches
    }
}

impl From<Vec<f64>> for TraceColumn {
    fn from(values: Vec<f64>) -> Self {
        let mut column = Self::default();
        column.extend(&values);
        column
    }
}

const NOTHING: [f64; 2] = [f64::INFINITY, f64::NEG_INFINITY];

fn joined(buckets: impl Iterator<Item = [f64; 2]>) -> [f64; 2] {
    buckets.fold(NOTHING, |[least, greatest], [low, high]| {
        [least.min(low), greatest.max(high)]
    })
}

/// A number as a range; the empty range if it is not finite.
fn range_of(value: f64) -> [f64; 2] {
    if value.is_finite() {
        [value, value]
    } else {
        NOTHING
    }
}

/// Splits off the rows before and after full buckets; `stretch` becomes the range of these buckets in the level above.
fn ragged(stretch: &mut Range<usize>) -> (Range<usize>, Range<usize>) {
    let Range { start, end } = *stretch;
    let first = start.next_multiple_of(FACTOR).min(end);
    let last = (end / FACTOR * FACTOR).max(first);
    *stretch = first / FACTOR..last / FACTOR;
    (start..first, last..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_stretch_has_the_least_and_the_greatest_that_a_walk_finds() {
        let values: Vec<f64> = (0..5000)
            .map(|row| match row {
                700..=720 => f64::NAN,
                4000 => f64::INFINITY,
                _ => f64::from(row * 7919 % 5003) - 2000.0,
            })
            .collect();
        let column = TraceColumn::from(values.clone());
        for start in (0..5000).step_by(173) {
            for length in [0, 1, 5, 16, 17, 255, 300, 4096, 5000] {
                let rows = start..(start + length).min(5000);
                let walk = values[rows.clone()].iter().filter(|v| v.is_finite());
                let least = walk.clone().copied().reduce(f64::min);
                let greatest = walk.copied().reduce(f64::max);
                let expected = least.zip(greatest).map(|(a, b)| [a, b]);
                assert_eq!(column.range(rows.clone()), expected, "{rows:?}");
            }
        }
        for start in (0..5000).step_by(7) {
            for length in [1, 5, 127, 128, 300, 2048, 3000] {
                let rows = start..start + length;
                let end = TraceColumn::round_end(&rows);
                assert!(rows.end - end <= length / 8, "{rows:?} end at {end}");
            }
        }
        assert_eq!(TraceColumn::round_end(&(100..3000)), 2816);
        assert_eq!(column.range(6000..7000), None);
        assert_eq!(column.finite(0..5000), [0..700, 721..4000, 4001..5000]);
        assert_eq!(column.finite(710..4002), [721..4000, 4001..4002]);
        assert_eq!(column.finite(705..715), []);
        assert_eq!(column.extent().least, -2000.0);
        assert_eq!(column.extent().least_positive, 1.0);
    }
}

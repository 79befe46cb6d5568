//! Quartiles of a value over the runs of one method from several starts with several seeds.

use super::bands::quantile;

/// The quartiles of a value over the runs of a method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// The value that a quarter of the runs is at or below.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The value that a quarter of the runs is at or above.
    pub high: f64,
}

impl Quartiles {
    /// The quartiles by linear interpolation between order statistics; `None` without values, or if one is NaN.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        if sorted.is_empty() || sorted.iter().any(|value| value.is_nan()) {
            return None;
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let [low, median, high] = [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share));
        Some(Self { low, median, high })
    }

    /// The interquartile range; not a number if both quartiles are infinite.
    pub fn range(&self) -> f64 {
        self.high - self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_order_statistics() {
        // ranks 0.75, 1.5 and 2.25 of 1, 2, 4, 8
        let even = Quartiles::of([4.0, 1.0, 8.0, 2.0]).unwrap();
        assert_eq!((even.low, even.median, even.high), (1.75, 3.0, 5.0));
        assert_eq!(even.range(), 3.25);
        let odd = Quartiles::of([3.0, 1.0, 2.0, 5.0, 4.0]).unwrap();
        assert_eq!((odd.low, odd.median, odd.high), (2.0, 3.0, 4.0));
        let one = Quartiles::of([7.0]).unwrap();
        assert_eq!((one.low, one.median, one.high), (7.0, 7.0, 7.0));
    }

    #[test]
    fn a_run_that_diverged_counts_as_infinite_and_an_unknown_value_hides_the_quartiles() {
        let some = Quartiles::of([1.0, f64::INFINITY, 3.0]).unwrap();
        assert_eq!((some.median, some.high), (3.0, f64::INFINITY));
        assert_eq!(Quartiles::of([1.0, f64::NAN]), None);
        assert_eq!(Quartiles::of([]), None);
    }
}

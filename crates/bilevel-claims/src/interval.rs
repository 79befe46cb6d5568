//! 95 % intervals of medians, and of differences between paired shares.

use bilevel::study::Share;

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) estimate: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Interval {
    /// The median. The interval lies between the order statistics of the sign test; its ends are infinite for fewer
    /// than six values.
    pub(super) fn of_median(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_unstable_by(f64::total_cmp);
        let count = values.len();
        let estimate = match count {
            0 => f64::NAN,
            _ => 0.5 * (values[(count - 1) / 2] + values[count / 2]),
        };
        let (low, high) = match rank(count) {
            Some(rank) => (values[rank], values[count - 1 - rank]),
            None => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Self {
            estimate,
            low,
            high,
        }
    }

    /// The share of cases in which the first succeeds less the share in which the second does, the same cases for both.
    /// The interval is Wald's with one success added to each (Bonett, Price 2012).
    pub(super) fn of_difference(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let (mut count, mut first, mut second) = (0.0, 0.0, 0.0);
        for pair in pairs {
            count += 1.0;
            first += f64::from(u8::from(pair == (true, false)));
            second += f64::from(u8::from(pair == (false, true)));
        }
        let n = count + 2.0;
        let [p, q] = [(first + 1.0) / n, (second + 1.0) / n];
        let half = Share::QUANTILE * ((p + q - (p - q).powi(2)) / n).sqrt();
        Self {
            estimate: (first - second) / count,
            low: (p - q - half).max(-1.0),
            high: (p - q + half).min(1.0),
        }
    }
}

/// The largest rank from either end, counted from 0, with at most 2.5 % of the sign test's probability beyond it.
fn rank(count: usize) -> Option<usize> {
    // terms of the binomial distribution with p = 1/2
    let mut term = 0.5_f64.powi(i32::try_from(count).ok()?);
    let mut below = 0.0;
    let mut rank = None;
    for place in 0..count {
        below += term;
        if below > 0.025 {
            break;
        }
        rank = Some(place);
        term *= (count - place) as f64 / (place + 1) as f64;
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_has_the_interval_of_the_sign_test() {
        // tables of the sign test: 60 values exclude 21 on either side, 6 exclude none, 5 have no interval
        assert_eq!(rank(60), Some(21));
        assert_eq!(rank(6), Some(0));
        assert_eq!(rank(5), None);
        let found = Interval::of_median((1..=60).map(f64::from));
        assert_eq!([found.estimate, found.low, found.high], [30.5, 22.0, 39.0]);
        assert_eq!(Interval::of_median([1.0, 2.0]).high, f64::INFINITY);
    }

    #[test]
    fn a_paired_difference_counts_disagreements_alone() {
        let pairs = |both: usize, first: usize, second: usize| {
            let all = [
                ((true, true), both),
                ((true, false), first),
                ((false, true), second),
            ];
            all.into_iter()
                .flat_map(|(pair, count)| std::iter::repeat_n(pair, count))
        };
        let same = Interval::of_difference(pairs(60, 0, 0));
        assert_eq!(same.estimate, 0.0);
        assert!(same.low < 0.0 && same.low == -same.high);
        let ahead = Interval::of_difference(pairs(40, 20, 0));
        // p = 21 / 62, q = 1 / 62
        assert!((ahead.low - 0.19793).abs() < 1e-5, "{ahead:?}");
        assert!((ahead.estimate - 1.0 / 3.0).abs() < 1e-12);
    }
}

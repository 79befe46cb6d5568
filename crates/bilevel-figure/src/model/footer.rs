//! Content beneath a plot: a table of the methods' amounts, a bar of shares, or a key of colours.

use super::patch::Patch;
use super::style::{Colour, LineStyle};

/// Content beneath a plot.
#[derive(Clone, Debug, PartialEq)]
pub enum Foot {
    /// A small table.
    Table(FootTable),
    /// A bar of shares.
    Shares(Shares),
    /// The key of colours.
    Key(ColourKey),
}

/// The key of colours that stand for numbers: a bar of steps between two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourKey {
    /// The quantity, in markup.
    pub label: String,
    /// The colours, from the least number.
    pub colours: Vec<Colour>,
    /// The least and the greatest number, in markup.
    pub ends: [String; 2],
}

/// A bar whose parts are shares of a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// The parts, from the left.
    pub parts: Vec<Part>,
    /// The ends of the whisker drawn over the bar, as shares: the confidence interval of the global minima.
    pub interval: [f64; 2],
}

/// A part of a bar of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The share of the whole, from 0 to 1.
    pub share: f64,
    /// The colour and hatch.
    pub patch: Patch,
    /// True for runs that reached a global minimum.
    pub is_global: bool,
}

/// The number of tenths in a hundred percent.
const TENTHS: f64 = 1000.0;

impl Shares {
    /// The percentages of the parts, in whole tenths that sum to 100.0 if the shares sum to 1: rounded by the largest
    /// remainder.
    ///
    /// The global parts together are rounded as they are alone, since their sum is also written elsewhere.
    pub fn percentages(&self) -> Vec<f64> {
        let sum_of = |is_global: bool| -> f64 {
            let own = self.parts.iter().filter(|part| part.is_global == is_global);
            own.map(|part| TENTHS * part.share).sum()
        };
        let global = sum_of(true).round();
        let others = (sum_of(true) + sum_of(false)).round() - global;
        let mut tenths = vec![0.0; self.parts.len()];
        for (is_global, whole) in [(true, global), (false, others)] {
            let own = self.parts.iter().enumerate();
            let own = own.filter(|(_, part)| part.is_global == is_global);
            let mut own: Vec<(usize, f64)> = own
                .map(|(place, part)| (place, TENTHS * part.share))
                .collect();
            let mut missing = whole;
            for (place, exact) in &own {
                // a count over a total may lie an ulp beneath a whole number of tenths
                tenths[*place] = (exact + 1e-9).floor();
                missing -= tenths[*place];
            }
            let remainder = |(place, exact): &(usize, f64)| exact - tenths[*place];
            own.sort_by(|one, other| remainder(other).total_cmp(&remainder(one)));
            let missing = missing.max(0.0) as usize;
            let raised: Vec<usize> = own.iter().take(missing).map(|one| one.0).collect();
            for place in raised {
                tenths[place] += 1.0;
            }
        }
        tenths.into_iter().map(|tenths| tenths / 10.0).collect()
    }
}

/// A small table beneath a picture: an amount of each method as a bar on a logarithmic scale, and a number beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct FootTable {
    /// The titles of the two columns: amounts and numbers.
    pub heads: [String; 2],
    /// A row for each method.
    pub rows: Vec<FootRow>,
    /// The amount that a bar of full length stands for.
    pub most: f64,
    /// A remark beneath the rows; empty for none.
    pub remark: String,
}

/// A row of a [`FootTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct FootRow {
    /// The method's line style.
    pub style: LineStyle,
    /// The amount.
    pub amount: f64,
    /// The number beside the bar, in markup; empty for none.
    pub number: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(counts: &[(usize, bool)]) -> Shares {
        let total: usize = counts.iter().map(|(count, _)| count).sum();
        let patch = Patch {
            colour: Colour::hex(0),
            hatch: None,
        };
        let parts = counts.iter().map(|&(count, is_global)| Part {
            share: count as f64 / total as f64,
            patch,
            is_global,
        });
        Shares {
            parts: parts.collect(),
            interval: [0.0, 1.0],
        }
    }

    #[test]
    fn percentages_sum_to_a_hundred_and_keep_that_of_the_global_minimum() {
        for counts in [
            &[(1, true), (1, false), (1, false)][..],
            &[(473, true), (370, false), (160, false)],
            &[(1, true), (1, true), (1, false), (3, false), (1, false)],
            &[(7, false), (7, false), (7, false), (3, false)],
            &[(1, false), (4095, false)],
            &[(5, true)],
        ] {
            let shares = shares(counts);
            let tenths = |percent: f64| (10.0 * percent).round();
            let percentages = shares.percentages();
            let sum: f64 = percentages.iter().copied().map(tenths).sum();
            assert_eq!(sum, 1000.0, "{percentages:?}");
            let [mut global, mut exact] = [0.0; 2];
            for (percent, part) in percentages.iter().zip(&shares.parts) {
                assert!((percent - 100.0 * part.share).abs() < 0.1 + 1e-9);
                if part.is_global {
                    global += tenths(*percent);
                    exact += 1000.0 * part.share;
                }
            }
            assert_eq!(global, exact.round(), "{percentages:?}");
        }
        assert!(shares(&[]).percentages().is_empty());
    }
}

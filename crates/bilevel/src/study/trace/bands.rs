//! Several runs of one method as a median with a quantile band: the typical value and its spread over starts and seeds.

use crate::run::TraceColumn;

/// The shares of runs below the lower edge, the median and the upper edge.
pub const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// A run for a band: its costs, which never decrease, and its values.
pub type Strand<'a> = (&'a [f64], &'a [f64]);

/// A median between two quantiles, over increasing costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuantileBand {
    /// The costs.
    pub x: Vec<f64>,
    /// The quantiles of [`QUANTILES`] at each cost.
    pub quantiles: [TraceColumn; 3],
}

/// The quantiles of some runs at `samples` costs, spaced evenly or, on a logarithmic axis, by ratio.
///
/// Between two rows a run has the value of the earlier one; after its end it keeps its last value. A cost at which some
/// run has no known value yet has no quantiles (NaN).
pub fn band(strands: &[Strand<'_>], is_logarithmic: bool, samples: usize) -> QuantileBand {
    let ends = strands.iter().filter_map(|(x, _)| x.last());
    let greatest = ends.copied().fold(0.0, f64::max);
    let firsts = strands.iter().filter_map(|(x, _)| {
        let first = x.partition_point(|&cost| is_logarithmic && cost <= 0.0);
        x.get(first)
    });
    let least = firsts.copied().fold(f64::INFINITY, f64::min);
    let mut band = QuantileBand::default();
    if least > greatest {
        return band;
    }
    let mut values = Vec::with_capacity(strands.len());
    for sample in 0..samples.max(2) {
        let share = sample as f64 / (samples.max(2) - 1) as f64;
        let cost = if sample + 1 == samples.max(2) {
            greatest
        } else if is_logarithmic {
            least * (greatest / least).powf(share)
        } else {
            least + share * (greatest - least)
        };
        values.clear();
        values.extend(strands.iter().map(|strand| at(*strand, cost)));
        values.sort_unstable_by(f64::total_cmp);
        band.x.push(cost);
        for (column, share) in band.quantiles.iter_mut().zip(QUANTILES) {
            column.push(quantile(&values, share));
        }
    }
    band
}

/// The value of a run at a cost; NaN if it is not known.
fn at((x, y): Strand<'_>, cost: f64) -> f64 {
    let row = x.partition_point(|&other| other <= cost).saturating_sub(1);
    y.get(row).copied().unwrap_or(f64::NAN)
}

/// The quantile of sorted numbers, by linear interpolation between order statistics; NaN if any is.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    if sorted.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let place = share * last as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    if below == above {
        return below; // avoids NaN from infinities
    }
    below + place.fract() * (above - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_between_runs_and_a_run_that_ended_stays_where_it_ended() {
        let x: Vec<f64> = (0..=10).map(f64::from).collect();
        let short = &x[..=5];
        let runs: [Strand<'_>; 3] = [(&x, &x), (short, &[7.0; 6]), (&x, &[100.0; 11])];
        let band = band(&runs, false, 11);
        assert_eq!(band.x, x);
        let median = band.quantiles[1].values();
        assert_eq!(median[3], 7.0);
        assert_eq!(median[6], 7.0, "the short run has ended and still counts");
        assert_eq!(median[10], 10.0);
        assert_eq!(band.quantiles[0].values()[0], 0.2 * 7.0);
    }

    #[test]
    fn what_is_not_known_of_one_run_is_not_known_of_the_median() {
        let x = [1.0, 10.0, 100.0];
        let runs: [Strand<'_>; 2] = [(&x, &[1.0, 2.0, 3.0]), (&x, &[1.0])];
        let band = band(&runs, true, 3);
        assert_eq!(band.quantiles[1].values()[0], 1.0);
        assert!(band.quantiles[1].values()[2].is_nan());
        assert!(
            (band.x[1] - 10.0).abs() < 1e-12,
            "costs are spread by ratio"
        );
    }
}

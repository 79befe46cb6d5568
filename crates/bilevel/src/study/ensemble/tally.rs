//! Counts of outcomes, as shares with confidence intervals.

use super::outcome::Verdict;
use super::survey::SurveyOutcome;

/// Verdicts that have a table column only if they occur.
const LATER: [Verdict; 3] = [Verdict::Saddle, Verdict::Unknown, Verdict::Failed];

/// A share of some cases, with a 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The observed share; NaN without cases.
    pub share: f64,
    /// The lower end of Wilson's interval.
    pub low: f64,
    /// The upper end of Wilson's interval.
    pub high: f64,
}

impl Share {
    /// The quantile of the normal distribution for a 95 % interval.
    pub const QUANTILE: f64 = 1.959_963_984_540_054;

    /// The share of `count` among `of` runs of which `times` each are the same: the interval is that of the different
    /// ones.
    pub fn of_repeated(count: usize, of: usize, times: usize) -> Self {
        if times < 2 {
            return Self::new(count, of);
        }
        let different = of.div_ceil(times);
        let share = count as f64 / of as f64;
        Self {
            share,
            ..Self::new((share * different as f64).round() as usize, different)
        }
    }

    /// The share of `count` among `of` cases. The interval is that of Wilson (1927), which stays within 0 and 1 and is
    /// never empty.
    pub fn new(count: usize, of: usize) -> Self {
        if of == 0 {
            return Self {
                share: f64::NAN,
                low: 0.0,
                high: 1.0,
            };
        }
        let (n, share) = (of as f64, count as f64 / of as f64);
        let z2 = Self::QUANTILE * Self::QUANTILE;
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Self::QUANTILE / (1.0 + z2 / n)
            * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        Self {
            share,
            // the exact ends, without rounding error
            low: if count == 0 {
                0.0
            } else {
                (middle - half).max(0.0)
            },
            high: if count == of {
                1.0
            } else {
                (middle + half).min(1.0)
            },
        }
    }
}

/// The numbers of outcomes of some runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutcomeCounts {
    /// The number of runs with each verdict, in the order of [`Verdict::ALL`].
    counts: [usize; Verdict::ALL.len()],
    /// The costs of the runs that reached a global optimum.
    costs: Vec<f64>,
    /// The number of runs that are the same each; 0 and 1 for different ones.
    times: usize,
}

impl OutcomeCounts {
    /// Counts runs, given as verdict and cost.
    pub fn of(cells: impl IntoIterator<Item = (Verdict, f64)>) -> Self {
        let mut tally = Self::default();
        for (verdict, cost) in cells {
            tally.counts[place(verdict)] += 1;
            if verdict == Verdict::Global {
                tally.costs.push(cost);
            }
        }
        tally.costs.sort_unstable_by(f64::total_cmp);
        tally
    }

    /// Counts the runs of a survey, with the default weights.
    pub fn of_cells<'a>(cells: impl IntoIterator<Item = &'a SurveyOutcome>) -> Self {
        Self::of(
            cells
                .into_iter()
                .map(|cell| (cell.verdict, cell.usual_cost())),
        )
    }

    /// The same counts of runs of which `times` each are the same bits: runs of a method without chance with several
    /// seeds. Intervals are those of the different ones.
    pub fn repeated(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// The number of runs.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The number of runs with a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.counts[place(verdict)]
    }

    /// The share of runs with a verdict.
    pub fn share(&self, verdict: Verdict) -> Share {
        Share::of_repeated(self.count(verdict), self.total(), self.times)
    }

    /// The verdicts that have columns in a table of several counts: the original ones always, and those that were added
    /// later only if some run has them.
    pub fn words(tallies: &[&Self]) -> Vec<Verdict> {
        let occurs = |word: Verdict| tallies.iter().any(|tally| tally.count(word) > 0);
        let has_column = |word: &Verdict| !LATER.contains(word) || occurs(*word);
        Verdict::ALL.into_iter().filter(has_column).collect()
    }

    /// The median cost of the runs that reached a global optimum; `None` if there are none.
    pub fn median_cost(&self) -> Option<f64> {
        let last = self.costs.len().checked_sub(1)?;
        Some(0.5 * (self.costs[last / 2] + self.costs[last.div_ceil(2)]))
    }
}

fn place(verdict: Verdict) -> usize {
    Verdict::ALL
        .iter()
        .position(|one| *one == verdict)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_are_the_same_do_not_narrow_an_interval() {
        let cells = |times: usize| {
            let ends = [Verdict::Global, Verdict::Local, Verdict::Local];
            let all = ends
                .into_iter()
                .flat_map(move |end| vec![(end, 1.0); times]);
            OutcomeCounts::of(all).repeated(times)
        };
        let once = cells(1).share(Verdict::Global);
        assert_eq!(cells(10).share(Verdict::Global), once);
        assert_eq!(cells(10).count(Verdict::Global), 10);
        assert!(Share::new(10, 30).low > once.low);
        assert!(
            OutcomeCounts::default()
                .repeated(3)
                .share(Verdict::Global)
                .share
                .is_nan()
        );
    }

    #[test]
    fn wilsons_interval_is_that_of_the_books() {
        // the values of the closed form, computed by hand to four digits
        for (count, of, low, high) in [
            (5, 10, 0.2366, 0.7634),
            (0, 10, 0.0, 0.2775),
            (1, 29, 0.0061, 0.1718),
            (84, 200, 0.3538, 0.4893),
        ] {
            let share = Share::new(count, of);
            assert!((share.low - low).abs() < 1e-4, "{share:?}");
            assert!((share.high - high).abs() < 1e-4, "{share:?}");
        }
        let mirrored = Share::new(10, 10);
        assert_eq!(mirrored.high, 1.0);
        assert!((mirrored.low - (1.0 - 0.2775)).abs() < 1e-4);
        assert!(Share::new(0, 0).share.is_nan());
    }

    #[test]
    fn an_interval_ends_where_the_count_is_just_that_unlikely() {
        // Wilson's ends are the shares p at which the observed share is z standard deviations of p away
        for (count, of) in [(3_u32, 17_u32), (40, 90), (999, 1000)] {
            let n = f64::from(of);
            let share = Share::new(count as usize, of as usize);
            for end in [share.low, share.high] {
                let spread = (end * (1.0 - end) / n).sqrt();
                let away = (share.share - end).abs() / spread;
                assert!((away - Share::QUANTILE).abs() < 1e-9, "{away}");
            }
        }
    }

    #[test]
    fn counts_sum_to_the_total_and_costs_are_those_of_the_optimum() {
        let cells = [
            (Verdict::Global, 10.0),
            (Verdict::Moving, 500.0),
            (Verdict::Global, 30.0),
            (Verdict::Local, 1.0),
        ];
        let tally = OutcomeCounts::of(cells);
        let sum: usize = Verdict::ALL.iter().map(|one| tally.count(*one)).sum();
        assert_eq!((sum, tally.total()), (4, 4));
        assert_eq!(tally.median_cost(), Some(20.0));
        assert_eq!(tally.share(Verdict::Global).share, 0.5);
        assert_eq!(
            OutcomeCounts::of([(Verdict::Local, 1.0)]).median_cost(),
            None
        );
    }

    #[test]
    fn a_table_has_a_column_for_a_rare_word_only_where_a_run_ended_so() {
        let [usual, saddle] =
            [Verdict::Global, Verdict::Saddle].map(|word| OutcomeCounts::of([(word, 1.0)]));
        let words = OutcomeCounts::words(&[&usual]);
        assert_eq!(words.len(), Verdict::ALL.len() - 3);
        assert!(words.contains(&Verdict::Diverged));
        let words = OutcomeCounts::words(&[&usual, &saddle]);
        assert_eq!(words.len(), Verdict::ALL.len() - 2);
        assert_eq!(words[4], Verdict::Saddle, "in the order of all");
    }
}

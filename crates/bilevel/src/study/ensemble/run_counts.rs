//! Counts of the ends of one method's runs from several starts with several seeds.

use super::outcome::Verdict;

/// The number of runs of a method by their ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// All runs.
    pub runs: usize,
    /// The runs that failed or diverged.
    pub failed: usize,
    /// The runs that ended at a global optimum; `None` while the outcome of a run is not known.
    pub solved: Option<usize>,
}

impl RunCounts {
    /// Counts runs, each given by whether it failed or diverged and by its outcome, as far as it is known.
    pub fn of(runs: impl IntoIterator<Item = (bool, Option<Verdict>)>) -> Self {
        let mut counts = Self {
            solved: Some(0),
            ..Self::default()
        };
        for (has_failed, verdict) in runs {
            counts.runs += 1;
            counts.failed += usize::from(has_failed);
            counts.solved = match verdict {
                _ if has_failed => counts.solved,
                None | Some(Verdict::Unknown) => None,
                Some(Verdict::Global) => counts.solved.map(|solved| solved + 1),
                Some(_) => counts.solved,
            };
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_solved_at_a_global_optimum_only() {
        let runs = [
            (false, Some(Verdict::Global)),
            (false, Some(Verdict::Local)),
            (true, None),
            (false, Some(Verdict::Moving)),
            (false, Some(Verdict::Global)),
        ];
        let counts = RunCounts::of(runs);
        assert_eq!(
            counts,
            RunCounts {
                runs: 5,
                failed: 1,
                solved: Some(2)
            }
        );
        for unknown in [None, Some(Verdict::Unknown)] {
            let counts = RunCounts::of(runs.into_iter().chain([(false, unknown)]));
            assert_eq!(counts.solved, None);
        }
        assert_eq!(RunCounts::of([]).runs, 0);
    }
}

//! Statistics of a method over its runs at the playhead.

use bilevel::study::{Quartiles, Rank, RankedRun, RunCounts, median_ranks};

use super::{Session, Slot};

/// Statistics of the runs of one method.
pub(crate) struct MethodStatistics {
    pub(crate) counts: RunCounts,
    /// φ above the optimum or, without a known one, φ; `None` while that of a run is not known.
    pub(crate) phi: Option<Quartiles>,
}

impl Session {
    /// The statistics of a method at the playhead. A run that has failed counts as infinite.
    pub(crate) fn statistics(&self, slot: &Slot) -> MethodStatistics {
        let now = self.playhead.iteration();
        let ends = slot.runs.iter().map(|run| {
            let is_over = !run.status.is_running() && run.iteration <= now;
            let verdict = run.verdict.as_ref().filter(|_| is_over);
            (
                is_over && run.status.is_failure(),
                verdict.map(|end| end.verdict),
            )
        });
        let ends: Vec<_> = ends.collect();
        let values = slot.runs.iter().zip(&ends).map(|(run, (has_failed, _))| {
            let phi = run.trace.true_suboptimality.values();
            let row = run.trace.row_at(now);
            if *has_failed {
                f64::INFINITY
            } else {
                row.and_then(|row| phi.get(row).copied())
                    .unwrap_or(f64::NAN)
            }
        });
        MethodStatistics {
            phi: Quartiles::of(values),
            counts: RunCounts::of(ends),
        }
    }

    /// The runs of a method at the playhead, as entries of a ranking.
    pub(crate) fn candidates(&self, slot: &Slot) -> Vec<Option<RankedRun>> {
        let now = self.playhead.iteration();
        slot.runs.iter().map(|run| run.candidate_at(now)).collect()
    }

    /// True if several methods are ranked, all ranks are known, and no method has a place.
    pub(crate) fn nobody_is_ahead(&self) -> bool {
        let ranks: Vec<Rank> = self.ranks().into_iter().flatten().collect();
        let is_known = |one: &Rank| *one != Rank::Unknown;
        let has_place = |one: &Rank| matches!(one, Rank::Place(_));
        ranks.len() > 1 && ranks.iter().all(is_known) && !ranks.iter().any(has_place)
    }

    /// The rank of each method at the playhead, by the median over its runs; `None` for pinned methods.
    pub(crate) fn ranks(&self) -> Vec<Option<Rank>> {
        let methods = self.experiment.methods.iter().zip(&self.slots);
        let ranked = methods.clone().filter(|(method, _)| !method.is_pinned);
        let runs = ranked.map(|(_, slot)| self.candidates(slot));
        let mut ranks = median_ranks(&runs.collect::<Vec<_>>()).into_iter();
        methods
            .map(|(method, _)| if method.is_pinned { None } else { ranks.next() })
            .collect()
    }
}

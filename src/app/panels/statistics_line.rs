//! The line of a method's card on all of its runs: rank by the median, the median itself, and the share of solved runs.

use bilevel::study::Rank;
use bilevel_figure::significant;

use super::verdict_line::VerdictLine;
use crate::app::messages::{cards, runs};
use crate::app::session::{Session, Slot};

/// The line on all runs of a method.
pub(super) fn statistics_line(slot: &Slot, rank: Option<Rank>, session: &Session) -> VerdictLine {
    let statistics = session.statistics(slot);
    let counts = statistics.counts;
    let has_optimum = session.problem().metadata().optimum().is_some();
    let number = |value: f64| significant(if has_optimum { value.max(0.0) } else { value }, 2);
    let is_warning = counts.failed > 0 || matches!(rank, Some(Rank::Infeasible | Rank::Undefined));
    let mut parts = Vec::new();
    let mut sentences = Vec::new();
    match statistics.phi {
        Some(phi) => {
            let median = number(phi.median);
            let quartiles = [number(phi.low), number(phi.high)];
            parts.push(runs::median(&median, has_optimum));
            sentences.push(runs::quartiles(
                counts.runs,
                &median,
                &quartiles,
                has_optimum,
            ));
        }
        None => parts.push(runs::median_to_come().to_owned()),
    }
    if let Some(solved) = counts.solved {
        // the line has room for a warning or for this
        if !is_warning || solved > 0 {
            parts.push(runs::solved(solved, counts.runs));
        }
        sentences.push(runs::solved_meaning(solved, counts.runs));
    }
    if counts.failed > 0 {
        parts.push(runs::failed(counts.failed));
        sentences.push(runs::failed_meaning(counts.failed, counts.runs));
    }
    let words = parts.join(", ");
    let (words, meaning) = match rank {
        Some(Rank::Place(place)) => (cards::ranked(place, &words), runs::ranked_meaning()),
        Some(Rank::Infeasible) => (cards::infeasible(&words), runs::infeasible_meaning()),
        Some(Rank::Undefined) => (cards::undefined(&words), runs::undefined_meaning()),
        Some(Rank::Stuck) => (cards::unranked(&words), runs::unranked_meaning()),
        Some(Rank::Unknown) | None => (words, ""),
    };
    if !meaning.is_empty() {
        sentences.push(meaning.to_owned());
    }
    VerdictLine {
        words,
        is_warning,
        sentences,
    }
}

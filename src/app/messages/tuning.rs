//! The sentences of the tuning dialog: the score, the progress, and the results of trials.

use bilevel_figure::{counted, grouped};

pub(crate) const fn above_optimum() -> &'static str {
    "$φ − φ^*$ at the end, from the reference solver"
}

pub(crate) const fn reduced_objective() -> &'static str {
    "$φ$ at the end, from the reference solver"
}

/// The runs of a trial, after its score.
pub(crate) fn median_over(runs: usize) -> String {
    let runs = counted(runs, "run");
    format!(", as the median over {runs} from all starts with all seeds")
}

/// The budget of methods; `score` and `runs` are words of the functions above.
pub(crate) fn budget(score: &str, runs: &str) -> String {
    format!(
        "The same budget for each method: a grid over its step sizes, from 0.1× to 10× the current values. The score of a \
         trial is {score}{runs}."
    )
}

pub(crate) const fn earlier_trials() -> &'static str {
    "earlier trials are still ending; try again"
}

pub(crate) fn runs_done(done: usize, total: usize) -> String {
    let (done, total) = (grouped(done), counted(total, "run"));
    format!("{done} of {total}")
}

pub(crate) const fn legend() -> &'static str {
    "Each dot is a trial; the bar reaches from the first to the third quartile, the tick is their median, the filled \
     marker the best, the ring the current setting. At the right end: diverged, failed or infeasible."
}

/// Best trials at the edge of their grids; `methods` are the names in a list.
pub(crate) fn best_at_edge(count: usize, methods: &str) -> String {
    if count == 1 {
        return format!(
            "The best trial of {methods} lies at the edge of its grid: use it and run again to extend the grid."
        );
    }
    format!(
        "The best trials of {count} methods lie at the edges of their grids ({methods}): use them and run again to extend the grids."
    )
}

pub(crate) const fn not_applicable() -> &'static str {
    "not tuned: pinned, a branch, or not applicable to this problem"
}

pub(crate) const fn without_score() -> &'static str {
    "none"
}

/// The trials of a method, for those who do not see the picture.
pub(crate) fn trials(count: usize, best: &str) -> String {
    let count = counted(count, "trial");
    format!("{count}, the best {best}")
}

//! The table of methods: a row each, with statistics over the runs from all starts with all seeds.

use bilevel::study::{Quartiles, Rank, RankedRun, RunCost, RunCounts, median_ranks};

use super::tables::{CALLS, included_cell, metric_names, optional_cell};
use crate::{Experiment, OutcomeRow, Table, TableCell};

impl Table {
    /// The table of an experiment's methods: the number of runs and of those that ended at a global optimum (`solved`) or
    /// failed, the place by the median of φ, medians, and the interquartile range (`IQR`) of φ − φ* or, without a known
    /// optimum, of φ. For φ, a run that failed or diverged counts as infinite. Finishes are given in the cost `finish`;
    /// a run that has not reached the line counts as infinite there. The problem's own metrics come last, as medians.
    pub fn of_methods(
        experiment: &Experiment,
        outcomes: &[OutcomeRow<'_>],
        finish: Option<RunCost>,
    ) -> Self {
        let has_optimum = outcomes.iter().any(|one| one.trace.has_optimum());
        let mut head = vec!["method"];
        head.extend(experiment.has_forks().then_some("includes"));
        head.extend(["runs", "solved", "failed", "place"]);
        head.extend(if has_optimum {
            ["median phi - phi*", "IQR"]
        } else {
            ["median phi", "IQR"]
        });
        head.extend(
            finish
                .is_some()
                .then_some(["reached", "median finish"])
                .into_iter()
                .flatten(),
        );
        head.extend(["median f", "median gap", "median k"]);
        head.extend(["median gradients", "median products", "median values"]);
        head.extend(metric_names(outcomes));
        let methods = 0..experiment.methods.len();
        let groups: Vec<(usize, Vec<&OutcomeRow<'_>>)> = methods
            .map(|method| {
                let own = outcomes.iter().filter(|one| one.key.method == method);
                (method, own.collect())
            })
            .filter(|(_, own): &(usize, Vec<_>)| !own.is_empty())
            .collect();
        // without runs, a pinned method is out of the ranking
        let runs = groups.iter().map(|(method, own)| {
            if experiment.methods[*method].is_pinned {
                Vec::new()
            } else {
                ranked(own)
            }
        });
        let ranks = median_ranks(&runs.collect::<Vec<_>>());
        let rows = groups
            .iter()
            .zip(ranks)
            .map(|((method, own), rank)| {
                let spec = &experiment.methods[*method];
                let mut row = vec![TableCell::Text(spec.label.clone())];
                row.extend(experiment.has_forks().then(|| included_cell(spec)));
                row.extend(counts(own));
                row.push(match rank {
                    Rank::Place(place) => TableCell::Count(place as u64),
                    _ => TableCell::Unknown,
                });
                row.extend(values(own, finish));
                row
            })
            .collect();
        Self { head, rows }
    }
}

impl Table {
    /// Adds the mean and the standard deviation of the last values of φ − φ* (φ without a known optimum) to the table of
    /// methods of the same runs, over the runs that neither failed nor diverged.
    pub fn add_means(&mut self, outcomes: &[OutcomeRow<'_>]) {
        let has_optimum = outcomes.iter().any(|one| one.trace.has_optimum());
        let mean = if has_optimum {
            "mean phi - phi*"
        } else {
            "mean phi"
        };
        self.head.extend([mean, "sd"]);
        let mut methods: Vec<usize> = outcomes.iter().map(|one| one.key.method).collect();
        methods.sort_unstable();
        methods.dedup();
        for (row, method) in self.rows.iter_mut().zip(methods) {
            let own = outcomes
                .iter()
                .filter(|one| one.key.method == method && !one.has_failed());
            let values = own.filter_map(|one| {
                let values = one.trace.true_suboptimality.values();
                values.get(one.row).copied().filter(|value| !value.is_nan())
            });
            let [mean, deviation] = mean_and_deviation(&values.collect::<Vec<_>>());
            row.extend([mean, deviation].map(|value| optional_cell(Some(value))));
        }
    }
}

/// The mean and the standard deviation of a sample; NaN where there are too few values.
fn mean_and_deviation(values: &[f64]) -> [f64; 2] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = if values.len() > 1 {
        (squares / (count - 1.0)).sqrt()
    } else {
        f64::NAN
    };
    [mean, deviation]
}

fn ranked(runs: &[&OutcomeRow<'_>]) -> Vec<Option<RankedRun>> {
    runs.iter().map(|run| run.ranked()).collect()
}

/// The cells of the numbers of runs.
fn counts(runs: &[&OutcomeRow<'_>]) -> [TableCell; 3] {
    let counts = RunCounts::of(runs.iter().map(|run| (run.has_failed(), run.end)));
    let of = counts.runs as u64;
    let share = |count: usize| TableCell::Share {
        count: count as u64,
        of,
    };
    [
        TableCell::Count(of),
        counts.solved.map_or(TableCell::Unknown, share),
        share(counts.failed),
    ]
}

/// The cells of the statistics.
fn values(runs: &[&OutcomeRow<'_>], finish: Option<RunCost>) -> Vec<TableCell> {
    let quartiles = |value: &dyn Fn(&OutcomeRow<'_>) -> Option<f64>| {
        Quartiles::of(runs.iter().map(|run| value(run).unwrap_or(f64::NAN)))
    };
    let median = |value: &dyn Fn(&OutcomeRow<'_>) -> Option<f64>| {
        optional_cell(quartiles(value).map(|found| found.median))
    };
    let phi = quartiles(&|run| {
        let phi = run.trace.true_suboptimality.values().get(run.row).copied();
        if run.has_failed() {
            Some(f64::INFINITY)
        } else {
            phi
        }
    });
    let mut cells = vec![
        optional_cell(phi.map(|found| found.median)),
        optional_cell(phi.map(|found| found.range())),
    ];
    if let Some(cost) = finish {
        let reached = runs.iter().filter(|run| run.finish.is_some()).count();
        cells.push(TableCell::Share {
            count: reached as u64,
            of: runs.len() as u64,
        });
        cells.push(median(&|run| match run.finish {
            Some(row) => cost.column(run.trace).get(row).copied(),
            None => Some(f64::INFINITY),
        }));
    }
    cells.push(median(&|run| {
        run.trace.objectives.first()?.values().get(run.row).copied()
    }));
    cells.push(median(&|run| run.trace.gap.values().get(run.row).copied()));
    cells.push(median(&|run| run.trace.iterations.get(run.row).copied()));
    cells.extend(CALLS.map(|kinds| median(&|run| Some(run.calls(kinds) as f64))));
    let metrics = runs.first().map_or(0, |run| run.trace.metrics.len());
    cells.extend(
        (0..metrics)
            .map(|metric| median(&|run| run.trace.metrics[metric].values().get(run.row).copied())),
    );
    cells
}

#[cfg(test)]
mod tests {
    use super::mean_and_deviation;

    #[test]
    fn the_deviation_is_that_of_a_sample() {
        assert_eq!(mean_and_deviation(&[1.0, 2.0, 3.0]), [2.0, 1.0]);
        let [mean, deviation] = mean_and_deviation(&[4.0]);
        assert!(mean == 4.0 && deviation.is_nan());
        assert!(mean_and_deviation(&[])[0].is_nan());
    }
}

//! The output of a tuning: a table with a row per method, a table of all trials, and the experiment with the best
//! settings.

use std::sync::Arc;

use bilevel::problem::{ParameterValue, Problem};
use bilevel::run::RunSpec;
use bilevel::study::Tuning;

use super::escapes::spreadsheet_text;
use super::tables::{Table, TableCell, optional_cell, text_of};
use crate::{Experiment, PlanError};

impl Experiment {
    /// The runs of each method, for tuning; empty for a method that is pinned, continues another one
    /// or does not apply to the problem.
    pub fn tunable(&self, problem: &Arc<dyn Problem>) -> Result<Vec<Vec<RunSpec>>, PlanError> {
        let is_left_out = |method: usize| {
            let method = &self.methods[method];
            method.is_pinned || method.from.is_some()
        };
        let runs_of = |method: usize| match self.runs_of(method, problem) {
            _ if is_left_out(method) => Ok(Vec::new()),
            Ok(runs) => Ok(runs.into_iter().map(|(_, spec)| spec).collect()),
            Err(PlanError::Refused { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        (0..self.methods.len()).map(runs_of).collect()
    }

    /// A copy of the experiment with the best settings of every method.
    #[must_use]
    pub fn tuned(&self, tunings: &[Tuning]) -> Self {
        let mut tuned = self.clone();
        for (method, tuning) in tuned.methods.iter_mut().zip(tunings) {
            if let Some(best) = tuning.trials.get(tuning.best) {
                method.settings = best.settings.clone();
            }
        }
        tuned
    }

    /// A row per method: the number of trials, the best median, the quartiles of all medians, failed runs, the median
    /// of the present settings, and the best step sizes.
    pub fn tuning_table(&self, tunings: &[Tuning]) -> Table {
        let rows = self.methods.iter().zip(tunings).map(|(method, tuning)| {
            let median =
                |trial: usize| optional_cell(tuning.trials.get(trial).map(|one| one.median));
            let [first, middle, third] = tuning.quartiles();
            let mut row = vec![
                TableCell::Text(method.label.clone()),
                TableCell::Count(tuning.trials.len() as u64),
                median(tuning.best),
            ];
            row.extend([first, middle, third].map(|value| optional_cell(Some(value))));
            row.push(TableCell::Count(tuning.failed_runs() as u64));
            row.push(median(tuning.present));
            let is_empty = tuning.trials.is_empty();
            row.push(if is_empty {
                TableCell::Unknown
            } else {
                TableCell::Text(words(&tuning.values(tuning.best)))
            });
            row
        });
        Table {
            head: vec![
                "method",
                "trials",
                "best",
                "first quartile",
                "median",
                "third quartile",
                "diverged",
                "present",
                "best step sizes",
            ],
            rows: rows.collect(),
        }
    }

    /// The names of the columns of the table of trials.
    pub(super) fn trials_columns(&self, tunings: &[Tuning]) -> Vec<String> {
        let keys = (1..=self.starts.len().max(1))
            .flat_map(|start| self.seeds.iter().map(move |seed| (start, seed)));
        let mut head = vec!["run".to_owned(), "trial".to_owned()];
        head.extend(varied_names(tunings).into_iter().map(ToOwned::to_owned));
        head.push("median".to_owned());
        head.extend(keys.map(|(start, seed)| format!("start {start} seed {seed}")));
        head
    }

    /// A row per trial as CSV: the step sizes, the median, and the score of each start with each seed.
    pub fn trials_csv(&self, tunings: &[Tuning]) -> csv::Result<String> {
        let names = varied_names(tunings);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.trials_columns(tunings))?;
        for (method, tuning) in self.methods.iter().zip(tunings) {
            for trial in &tuning.trials {
                let mut row = vec![spreadsheet_text(&method.label), trial.number.to_string()];
                row.extend(names.iter().map(|name| {
                    let is_varied = tuning.varied.contains(name);
                    let value = is_varied.then(|| trial.settings.value(name).to_string());
                    value.unwrap_or_default()
                }));
                row.push(format!("{:?}", trial.median));
                row.extend(trial.scores.iter().map(|score| format!("{score:?}")));
                writer.write_record(&row)?;
            }
        }
        text_of(writer)
    }
}

/// The names of the step sizes that some method varies.
fn varied_names(tunings: &[Tuning]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for name in tunings.iter().flat_map(|tuning| &tuning.varied) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

/// Step sizes with their names, as text.
fn words(values: &[(&'static str, ParameterValue)]) -> String {
    let words: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
        .collect();
    words.join(", ")
}

//! The results of `basins` and `sweep` in a folder, read back as a plan with outcomes: their pictures need no run again.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{OracleCall, Problem};
use bilevel::study::{SurveyOutcome, Verdict};
use serde_json::Value;

use super::merging::MergeError;
use super::survey_files::{SurveyFiles, SurveyKind};
use super::survey_parts::SurveyPart;
use crate::messages::surveys as words;
use crate::{Experiment, SurveyOptions, SurveyPlan, SweepAxis};

/// A survey with the outcomes in its files.
pub struct StoredSurvey {
    /// The experiment.
    pub experiment: Experiment,
    /// The problem, with the minima that the referee finds.
    pub problem: Arc<dyn Problem>,
    /// The plan; that of `basins` has the first seed alone, as pictures do.
    pub plan: SurveyPlan,
    /// The outcomes by the plan's numbers; those of missing runs are `None`. They have the cost, as calls of values, but
    /// neither the nearest minimum of an end at none nor the end itself.
    pub cells: Vec<Option<SurveyOutcome>>,
}

impl SurveyPart {
    /// The survey of the part as a plan with outcomes.
    ///
    /// # Errors
    /// If the summary's experiment cannot be read or planned as the summary says.
    pub fn stored(&self, token: &WorkToken) -> Result<StoredSurvey, MergeError> {
        let failed = |reason: String| MergeError::File {
            file: self.name().to_owned(),
            reason,
        };
        let files = &self.files;
        let text = |key: &str| files.head.get(key).and_then(Value::as_str);
        let file = text("file").ok_or_else(|| failed(words::wrong_key("file")))?;
        let experiment =
            Experiment::read(self.name(), file).map_err(|error| failed(error.to_string()))?;
        let problem = experiment.problem.build_informed(token);
        let list = |key: &str| {
            let list = files.head.get(key).and_then(Value::as_array);
            list.into_iter().flatten()
        };
        let strings = |key: &str, inner: &str| -> Vec<String> {
            let texts = list(key).filter_map(|one| one.get(inner).and_then(Value::as_str));
            texts.map(ToOwned::to_owned).collect()
        };
        let seeds: Vec<u64> = list("seeds").filter_map(Value::as_u64).collect();
        let mut options = SurveyOptions {
            plane: Some(strings("axes", "variable")),
            side: files.head.get("grid").and_then(Value::as_u64).unwrap_or(0) as usize,
            methods: Vec::new(),
            seed: seeds.first().copied(),
            rest: files
                .head
                .get("rest")
                .and_then(Value::as_f64)
                .unwrap_or(0.0),
        };
        let plan = match files.kind() {
            SurveyKind::Basins => {
                options.methods = strings("methods", "label");
                experiment.basins(&problem, &options)
            }
            SurveyKind::Sweep => {
                if seeds.len() > 1 {
                    options.seed = None;
                }
                let axes = list("vary").filter_map(|axis| axis.as_str()?.parse().ok());
                let axes: Vec<SweepAxis> = axes.collect();
                experiment.sweep(&problem, &options, axes)
            }
        };
        let plan = plan.map_err(|error| failed(error.to_string()))?;
        let cells = cells(files, &plan, seeds.len());
        Ok(StoredSurvey {
            experiment,
            problem,
            plan,
            cells,
        })
    }
}

/// The outcomes of the plan's runs; the files have `seeds` seeds.
fn cells(files: &SurveyFiles, plan: &SurveyPlan, seeds: usize) -> Vec<Option<SurveyOutcome>> {
    let survey = &plan.survey;
    let cells = (0..survey.len()).map(|number| {
        let place = survey.place(number);
        let own = (place.variant * seeds + place.seed) * survey.grid.len() + place.cell;
        outcome(files.columns(), files.rows.get(&own)?)
    });
    cells.collect()
}

fn outcome(columns: &[String], row: &[String]) -> Option<SurveyOutcome> {
    let cell = |name: &str| {
        let place = columns.iter().position(|column| column == name)?;
        row.get(place).map(String::as_str)
    };
    let word = cell("verdict")?;
    let index = cell("index")?.parse().ok();
    let mut calls = [0; OracleCall::ALL.len()];
    // a value has half the weight of a gradient, the least of all
    calls[OracleCall::Value as usize] = (2.0 * cell("cost")?.parse::<f64>().ok()?) as u32;
    Some(SurveyOutcome {
        verdict: Verdict::ALL.into_iter().find(|one| one.word() == word)?,
        index,
        nearest: index,
        k: cell("k")?.parse().ok()?,
        calls,
        phi: cell("phi")?.parse().unwrap_or(f64::NAN),
        end: [f64::NAN; 2],
    })
}

//! `basins`, `sweep` and `merge`: the outcomes of runs from many starts.

use std::path::{Path, PathBuf};

use anyhow::Result;
use bilevel::numerics::WorkToken;
use bilevel::run::Executor;
use bilevel_files::{
    Experiment, FileSet, Shard, SurveyFiles, SurveyOptions, SurveyPlan, SweepAxis,
};

use super::arguments::{SurveyArgs, TableFormat};
use super::progress::cells;
use super::say;

/// Runs every method from every start of a grid.
pub(super) fn basins(file: &str, methods: Vec<String>, call: &SurveyArgs) -> Result<()> {
    let experiment = opened(file, call)?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let ask = SurveyOptions {
        methods: labels(&experiment, methods),
        ..survey_options(&experiment, call)
    };
    let plan = experiment.basins(&problem, &ask)?;
    run_survey(&experiment, &plan, call)
}

/// Runs one method with every setting from every start of a grid.
pub(super) fn sweep(file: &str, vary: Vec<SweepAxis>, call: &SurveyArgs) -> Result<()> {
    let experiment = opened(file, call)?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let vary = if vary.is_empty() {
        experiment.view.vary.clone()
    } else {
        vary
    };
    let plan = experiment.sweep(&problem, &survey_options(&experiment, call), vary)?;
    run_survey(&experiment, &plan, call)
}

/// Joins the parts of a survey, writes the whole and prints its summary.
pub(super) fn merge(parts: &[PathBuf], out: &Path, tables: &[TableFormat]) -> Result<()> {
    let merged = SurveyFiles::merge(parts)?;
    let files = FileSet::new(out)?;
    write(files, &merged, tables)
}

/// The methods' labels as they were typed. A text that is no label may be several with commas between them, because
/// labels may hold commas too.
fn labels(experiment: &Experiment, typed: Vec<String>) -> Vec<String> {
    let is_label = |text: &str| {
        let mut methods = experiment.methods.iter();
        methods.any(|method| method.label == text)
    };
    let several = |text: String| -> Vec<String> {
        let parts = || text.split(',').map(str::trim);
        if !is_label(&text) && parts().all(is_label) {
            parts().map(ToOwned::to_owned).collect()
        } else {
            vec![text]
        }
    };
    typed.into_iter().flat_map(several).collect()
}

fn opened(file: &str, call: &SurveyArgs) -> Result<Experiment> {
    let mut experiment = bilevel_files::open(file)?;
    if let Some(iterations) = call.iterations {
        experiment.iterations = iterations;
    }
    Ok(experiment)
}

fn survey_options(experiment: &Experiment, call: &SurveyArgs) -> SurveyOptions {
    let side = call.grid.map(usize::from).or(experiment.view.grid);
    SurveyOptions {
        plane: (!call.plane.is_empty()).then(|| call.plane.clone()),
        side: side.unwrap_or(SurveyOptions::SIDE),
        methods: Vec::new(),
        seed: call.seed,
        rest: call.rest,
    }
}

/// Runs a survey or a part of it, and writes the outcomes.
fn run_survey(experiment: &Experiment, plan: &SurveyPlan, call: &SurveyArgs) -> Result<()> {
    let files = FileSet::new(&call.out)?;
    files.probe()?;
    let shard = call.shard.unwrap_or(Shard::WHOLE);
    let threads = call
        .threads
        .map_or_else(Executor::default_threads, usize::from);
    let cells = cells(plan, shard, threads)?;
    let found = SurveyFiles::new(experiment, plan, shard, &cells);
    write(files, &found, &call.tables)
}

fn write(mut files: FileSet, found: &SurveyFiles, tables: &[TableFormat]) -> Result<()> {
    let name = found.kind().word();
    let table = found.table();
    let mut json = serde_json::to_string_pretty(&found.json())?;
    json.push('\n');
    let mut texts = vec![
        (format!("{name}.csv"), found.csv()?),
        (format!("{name}.json"), json),
    ];
    for format in tables {
        texts.push((format!("table.{}", format.ending()), format.of(&table)?));
    }
    for (name, text) in texts {
        files.add(&name, |writer| writer.write_all(text.as_bytes()))?;
    }
    files.finish()?;
    for line in found.lines() {
        say(&line);
    }
    Ok(())
}

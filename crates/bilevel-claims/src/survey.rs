//! Surveys: final states of methods from all starts of a regular grid.

use anyhow::Result;
use bilevel::run::Executor;
use bilevel::study::{OutcomeCounts, StartGrid};
use bilevel_files::{Experiment, MethodSpec, ProgressReports, Shard, SurveyOptions, cells};

/// Stochastic methods, which run with several seeds.
const OF_CHANCE: [&str; 4] = ["evolution", "stocbio", "mrbo", "vrbo"];
/// The seeds of stochastic methods.
const SEEDS: [u64; 3] = [0, 1, 2];

/// One method of an experiment alone, with several seeds if it is stochastic.
fn alone(experiment: &Experiment, method: &MethodSpec) -> Experiment {
    let mut alone = experiment.clone();
    alone.methods = vec![method.clone()];
    if OF_CHANCE.contains(&method.entry.id) {
        alone.seeds = SEEDS.to_vec();
    }
    alone
}

/// Counts the final states of each method from each start of a grid; stochastic methods with several seeds.
pub(super) fn surveyed_ends(
    experiment: &Experiment,
    side: usize,
) -> Result<Vec<(String, OutcomeCounts)>> {
    let problem = experiment.problem.build();
    let metadata = problem.metadata();
    let plane = metadata.plane(experiment.view.axes(metadata));
    let axes = StartGrid::pictured(metadata, &plane);
    let mut found = Vec::new();
    for method in &experiment.methods {
        let alone = alone(experiment, method);
        let ask = SurveyOptions {
            plane: Some(axes.iter().map(ToString::to_string).collect()),
            side,
            ..SurveyOptions::default()
        };
        let plan = alone.basins(&problem, &ask)?;
        let workers = Executor::default_threads();
        let cells = cells(&plan, Shard::WHOLE, workers, ProgressReports::SILENT)?;
        found.push((method.label.clone(), OutcomeCounts::of_cells(&cells)));
    }
    Ok(found)
}

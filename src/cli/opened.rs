//! The experiment of a command: a file, a preset or the standard input, with the changes of the call.

use anyhow::{Result, bail};
use bilevel_files::{Experiment, ExperimentId, presets};

use super::arguments::ExperimentArgs;
use super::messages;

/// The name of the standard input.
const STANDARD_INPUT: &str = "-";

/// An experiment with the changes of a call.
#[derive(Debug)]
pub(super) struct OpenedExperiment {
    pub(super) experiment: Experiment,
    /// The identity of the experiment as its file has it.
    pub(super) id: ExperimentId,
    /// The labels of the methods that take part; empty for all.
    pub(super) methods: Vec<String>,
    /// The iterations that its file has.
    pub(super) iterations: u64,
}

impl OpenedExperiment {
    /// Opens the experiment of a call. Methods and seed are not applied: a survey names them beside the experiment.
    pub(super) fn new(call: &ExperimentArgs) -> Result<Self> {
        let (file, methods) = parted(call)?;
        let mut experiment = open(&file)?;
        let (id, iterations) = (experiment.identity(), experiment.iterations);
        if let Some(iterations) = call.iterations {
            experiment.iterations = iterations;
        }
        for change in &call.changes {
            experiment.change(change)?;
        }
        let methods = labels(&experiment, methods);
        Ok(Self {
            experiment,
            id,
            methods,
            iterations,
        })
    }

    /// Opens the experiment of a call with its methods and its seed alone.
    pub(super) fn with_methods(call: &ExperimentArgs) -> Result<Self> {
        let mut opened = Self::new(call)?;
        let experiment = &mut opened.experiment;
        if let Some(seed) = call.seed {
            experiment.seeds = vec![seed];
        }
        opened.methods = known_labels(experiment, opened.methods)?;
        if !opened.methods.is_empty() {
            opened.methods = experiment.with_parents(&opened.methods);
            experiment
                .methods
                .retain(|one| opened.methods.contains(&one.label));
        }
        Ok(opened)
    }
}

/// Opens a file, a preset or, for `-`, the standard input.
pub(super) fn open(file: &str) -> Result<Experiment> {
    if file == STANDARD_INPUT {
        return Ok(presets::read_from(
            std::io::stdin().lock(),
            messages::standard_input(),
        )?);
    }
    Ok(bilevel_files::open(file)?)
}

/// The file and the labels of a call. Without a file, the last of several labels is it: `--methods BOME coreset`.
pub(super) fn parted(call: &ExperimentArgs) -> Result<(String, Vec<String>)> {
    let mut methods = call.methods.clone();
    match &call.file {
        Some(file) => Ok((file.clone(), methods)),
        None => match methods.pop() {
            Some(file) if !methods.is_empty() => Ok((file, methods)),
            _ => bail!(messages::no_file()),
        },
    }
}

/// The labels of methods of an experiment.
///
/// # Errors
/// If one of the typed texts is no label.
pub(super) fn known_labels(experiment: &Experiment, typed: Vec<String>) -> Result<Vec<String>> {
    let found = labels(experiment, typed);
    let known: Vec<&str> = experiment
        .methods
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    match found.iter().find(|label| !known.contains(&label.as_str())) {
        Some(unknown) => bail!(messages::unknown_method(unknown, &known.join(", "))),
        None => Ok(found),
    }
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

//! The files of `tune` and of its parts: `tuning.csv` with all trials, `tuning.json` with the best ones, and `tuned.toml`.

use std::sync::Arc;

use bilevel::problem::Problem;
use bilevel::run::RunSpec;
use bilevel::study::{Score, TrialCount, TrialKey, TrialScores, Tuning, trial_keys, tunings};
use serde_json::{Map, Value, json};

use super::tables::Table;
use crate::{Experiment, PlanError, Shard};

/// The options of a tuning.
#[derive(Clone, Copy, Debug)]
pub struct TuningOptions {
    /// The score to minimize.
    pub judge: Score,
    /// The number of settings of each method.
    pub effort: TrialCount,
    /// The part of the trials.
    pub shard: Shard,
    /// The iterations of the tuned experiment, if they are not those of the trials.
    pub tuned_iterations: Option<u64>,
}

/// A tuning, or a part of one, with the scores that are known.
#[derive(Debug)]
pub struct TuningFiles {
    experiment: Experiment,
    /// The runs of each method, one per start and seed.
    methods: Vec<Vec<RunSpec>>,
    effort: TrialCount,
    shard: Shard,
    /// The keys of the JSON file that do not depend on scores.
    head: Map<String, Value>,
    scores: TrialScores,
}

impl TuningFiles {
    /// A tuning without scores.
    pub fn new(
        experiment: &Experiment,
        problem: &Arc<dyn Problem>,
        options: TuningOptions,
    ) -> Result<Self, PlanError> {
        let mut head = Map::new();
        let mut set = |key: &str, value: Value| head.insert(key.to_owned(), value);
        set("experiment", json!(experiment.title));
        set("version", json!(env!("CARGO_PKG_VERSION")));
        set("score", json!(options.judge.name(&**problem)));
        set("trials", json!(options.effort.trials()));
        set("iterations", json!(experiment.iterations));
        set("file", json!(experiment.write_anywhere()));
        if let Some(iterations) = options.tuned_iterations {
            set("tuned_iterations", json!(iterations));
        }
        if options.shard != Shard::WHOLE {
            set("shard", json!(options.shard.to_string()));
        }
        Self::with_head(experiment, problem, head, (options.effort, options.shard))
    }

    pub(super) fn with_head(
        experiment: &Experiment,
        problem: &Arc<dyn Problem>,
        head: Map<String, Value>,
        (effort, shard): (TrialCount, Shard),
    ) -> Result<Self, PlanError> {
        Ok(Self {
            experiment: experiment.clone(),
            methods: experiment.tunable(problem)?,
            effort,
            shard,
            head,
            scores: TrialScores::new(),
        })
    }

    /// The runs of each method, one per start and seed, with the number of settings.
    pub fn work(&self) -> (&[Vec<RunSpec>], TrialCount) {
        (&self.methods, self.effort)
    }

    /// The trials of the part.
    pub fn keys(&self) -> Vec<TrialKey> {
        let all = trial_keys(&self.methods, self.effort);
        let places = self.shard.runs(all.len());
        places.map(|place| all[place]).collect()
    }

    /// The trials of the part that have no scores yet.
    pub fn missing_keys(&self) -> Vec<TrialKey> {
        let mut keys = self.keys();
        keys.retain(|key| !self.scores.contains_key(key));
        keys
    }

    /// The number of runs of some trials.
    pub fn runs_of(&self, keys: &[TrialKey]) -> usize {
        keys.iter().map(|key| self.methods[key.method].len()).sum()
    }

    /// Adds the scores of trials.
    pub fn add(&mut self, scores: TrialScores) {
        self.scores.extend(scores);
    }

    /// True if every trial of the part has its scores.
    pub fn is_complete(&self) -> bool {
        self.missing_keys().is_empty()
    }

    /// True if these are a part of the trials alone.
    pub fn is_part(&self) -> bool {
        self.shard != Shard::WHOLE
    }

    /// The name of the score.
    pub fn score(&self) -> &str {
        self.head["score"].as_str().unwrap_or_default()
    }

    /// The trials of each method that have scores.
    pub fn tunings(&self) -> Vec<Tuning> {
        tunings(&self.methods, self.effort, self.scores.clone())
    }

    /// The table of all trials as CSV.
    pub fn csv(&self) -> csv::Result<String> {
        self.experiment.trials_csv(&self.tunings())
    }

    /// The names of the columns of the table of trials.
    pub fn columns(&self) -> Vec<String> {
        self.experiment.trials_columns(&self.tunings())
    }

    /// The table of the methods.
    pub fn table(&self) -> Table {
        self.experiment.tuning_table(&self.tunings())
    }

    /// The experiment with the best settings, as a file.
    pub fn tuned(&self) -> String {
        let mut tuned = self.experiment.tuned(&self.tunings());
        let own = self.head.get("tuned_iterations").and_then(Value::as_u64);
        if let Some(iterations) = own {
            // the trials' own number is no setting of the experiment
            tuned.iterations = iterations;
        }
        tuned.write_anywhere()
    }

    /// The content of `tuning.json`.
    pub fn json(&self) -> Value {
        let tunings = self.tunings();
        let methods = self.experiment.methods.iter().zip(&tunings);
        let methods = methods.map(|(method, tuning)| {
            let best = tuning.trials.get(tuning.best);
            let values = best.map(|_| {
                let values = tuning.values(tuning.best).into_iter();
                let values =
                    values.map(|(name, value)| (name.to_owned(), json!(value.to_string())));
                Value::Object(values.collect())
            });
            json!({
                "label": method.label,
                "method": method.entry.id,
                "trials": tuning.trials.len(),
                "best": values,
                "median": best.map(|trial| trial.median).filter(|median| median.is_finite()),
            })
        });
        let mut head = self.head.clone();
        head.insert("methods".to_owned(), methods.collect());
        if !self.is_complete() {
            head.insert("complete".to_owned(), json!(false));
        }
        Value::Object(head)
    }

    /// The keys of the JSON file that do not depend on scores.
    pub(super) fn head(&self) -> &Map<String, Value> {
        &self.head
    }

    pub(super) fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    pub(super) fn shard(&self) -> Shard {
        self.shard
    }

    pub(super) fn scores(&self) -> &TrialScores {
        &self.scores
    }

    /// The tuning of which this is a part, with the scores of this part.
    pub(super) fn into_whole(mut self) -> Self {
        self.head.remove("shard");
        self.shard = Shard::WHOLE;
        self
    }
}

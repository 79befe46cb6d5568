//! The files of a survey: a table with a row per run, and a summary computed from that table and its head alone, so
//! that parts computed on different machines merge to the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use bilevel::run::Recording;
use bilevel::study::{OutcomeCounts, Share, Survey, SurveyOutcome, Verdict};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::shares_table::shares_table;
use super::summary::finite;
use super::tables::{Table, text_of};
use super::trace_csv::float;
use crate::messages;
use crate::{Experiment, Shard, SurveyPlan};

/// The kind of a survey; its word is the name of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyKind {
    /// A survey of methods.
    Basins,
    /// A survey of one method's settings.
    Sweep,
}

impl SurveyKind {
    /// The file name without its ending.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basins => "basins",
            Self::Sweep => "sweep",
        }
    }
}

/// The results of a survey, as they are in its files.
#[derive(Clone, Debug)]
pub struct SurveyFiles {
    kind: SurveyKind,
    /// The summary without its counts.
    head: Map<String, Value>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The reason why parts cannot be merged.
#[derive(Debug, Error)]
pub enum MergeError {
    /// A file cannot be read.
    #[error("{}", messages::surveys::wrong_file(.file, .reason))]
    File {
        /// The file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// A folder contains no survey.
    #[error("{}", messages::surveys::no_survey(.0))]
    Nothing(String),
    /// Two parts belong to different surveys.
    #[error("{}", messages::surveys::different_parts(.file, .key, .first))]
    Different {
        /// The summary of the part.
        file: String,
        /// The key with different values.
        key: String,
        /// The summary of the first part.
        first: String,
    },
    /// A part occurs twice.
    #[error("{}", messages::surveys::part_twice(.file, *.number, *.of))]
    Twice {
        /// The summary of the second occurrence.
        file: String,
        /// Number of the part, from 1.
        number: usize,
        /// The number of parts.
        of: usize,
    },
    /// Parts are missing.
    #[error("{}", messages::surveys::missing_parts(*.count, *.of, .numbers))]
    Missing {
        /// The number of missing parts.
        count: usize,
        /// The number of parts.
        of: usize,
        /// Numbers of the first missing ones.
        numbers: String,
    },
}

impl SurveyFiles {
    /// The results of a survey's part; `cells` are the outcomes of the shard's runs, in order.
    pub fn new(
        experiment: &Experiment,
        plan: &SurveyPlan,
        shard: Shard,
        cells: &[SurveyOutcome],
    ) -> Self {
        let survey = &plan.survey;
        let kind = if plan.varied.is_empty() {
            SurveyKind::Basins
        } else {
            SurveyKind::Sweep
        };
        let varied = plan.varied.iter().map(|vary| vary.parameter.clone());
        let shown = WrittenVariables::of(survey);
        let mut columns = vec!["run".to_owned()];
        columns.extend(varied);
        columns.extend(["seed", "i", "j"].map(ToOwned::to_owned));
        columns.extend(shown.names());
        columns.extend(["verdict", "index", "k", "cost", "phi"].map(ToOwned::to_owned));
        let rows = shard
            .runs(survey.len())
            .zip(cells)
            .map(|(number, cell)| row(experiment, plan, &shown, (number, cell)))
            .collect();
        Self {
            kind,
            head: head(experiment, plan, shard),
            columns,
            rows,
        }
    }

    /// The table of runs as CSV.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        text_of(writer)
    }

    /// The kind of the survey.
    pub fn kind(&self) -> SurveyKind {
        self.kind
    }

    /// The variants of the head, each with its outcome counts.
    fn tallies(&self) -> Vec<(Map<String, Value>, OutcomeCounts)> {
        let mut variants = self.variants();
        let place = |name: &str| self.columns.iter().position(|column| column == name);
        let (Some(verdict), Some(cost)) = (place("verdict"), place("cost")) else {
            return Vec::new();
        };
        let keys: Vec<Vec<String>> = variants.iter().map(key_of).collect();
        let mut ends: BTreeMap<&[String], Vec<(Verdict, f64)>> = BTreeMap::new();
        for row in &self.rows {
            let key = row.get(..self.key_length()).unwrap_or_default();
            let word = Verdict::ALL
                .into_iter()
                .find(|one| row.get(verdict).is_some_and(|word| word == one.word()));
            let cost = row.get(cost).and_then(|cost| cost.parse().ok());
            if let (Some(word), Some(cost)) = (word, cost) {
                ends.entry(key).or_default().push((word, cost));
            }
        }
        variants
            .drain(..)
            .zip(keys)
            .map(|(variant, key)| {
                let ends = ends.remove(&key[..]).unwrap_or_default();
                let times = repetitions(&self.head, &variant);
                (variant, OutcomeCounts::of(ends).repeated(times))
            })
            .collect()
    }

    fn variants(&self) -> Vec<Map<String, Value>> {
        let listed = self.head.get("methods").and_then(Value::as_array);
        let objects = listed.into_iter().flatten().filter_map(Value::as_object);
        objects.cloned().collect()
    }

    /// The number of leading columns that identify a variant: the label, and a value for each varied parameter.
    fn key_length(&self) -> usize {
        let seed = self.columns.iter().position(|column| column == "seed");
        seed.unwrap_or(1)
    }

    /// The summary as JSON.
    pub fn json(&self) -> Value {
        let methods: Vec<Value> = self
            .tallies()
            .into_iter()
            .map(|(mut variant, tally)| {
                let counts =
                    Verdict::ALL.map(|one| (one.word().to_owned(), json!(tally.count(one))));
                let shares = Verdict::ALL.map(|one| {
                    let Share { share, low, high } = tally.share(one);
                    (one.word().to_owned(), json!([finite(share), low, high]))
                });
                variant.insert(
                    "counts".to_owned(),
                    Value::Object(counts.into_iter().collect()),
                );
                variant.insert("total".to_owned(), json!(tally.total()));
                variant.insert("cost".to_owned(), json!(tally.median_cost()));
                variant.insert(
                    "shares".to_owned(),
                    Value::Object(shares.into_iter().collect()),
                );
                Value::Object(variant)
            })
            .collect();
        let mut whole = self.head.clone();
        whole.insert("methods".to_owned(), Value::Array(methods));
        Value::Object(whole)
    }

    /// A row for each variant: the shares of all verdicts, that of the global optimum with its interval, and the median
    /// cost to get there.
    pub fn table(&self) -> Table {
        let tallies = self.tallies().into_iter();
        let keyed: Vec<(Vec<String>, OutcomeCounts)> = tallies
            .map(|(variant, tally)| (key_of(&variant), tally))
            .collect();
        shares_table(&keyed)
    }

    /// A line of text for each variant.
    pub fn lines(&self) -> Vec<String> {
        let names = &self.columns[1..self.key_length()];
        self.tallies()
            .iter()
            .map(|(variant, tally)| {
                let key = key_of(variant);
                let values = names.iter().zip(&key[1..]);
                let values: Vec<String> = values
                    .map(|(name, value)| messages::surveys::varied_value(name, value))
                    .collect();
                let Share { share, low, high } = tally.share(Verdict::Global);
                let percent = |share: f64| format!("{:.1}", 100.0 * share);
                let others: Vec<String> = Verdict::ALL[1..]
                    .iter()
                    .filter(|one| tally.count(**one) > 0)
                    .map(|one| {
                        let percent = percent(tally.share(*one).share);
                        messages::surveys::other_share(one.word(), &percent)
                    })
                    .collect();
                messages::surveys::shares(
                    &format!("{}{}", key[0], values.concat()),
                    &percent(share),
                    [&percent(low), &percent(high)],
                    tally.total(),
                    &others.concat(),
                )
            })
            .collect()
    }

    /// Merges the parts of one survey, read from these folders.
    pub fn merge(folders: &[impl AsRef<Path>]) -> Result<Self, MergeError> {
        let mut parts: BTreeMap<Shard, Self> = BTreeMap::new();
        let mut first: Option<(String, SurveyKind, Map<String, Value>)> = None;
        let mut of = 0;
        for folder in folders {
            let (name, part) = Self::read(folder.as_ref())?;
            let (shard, head) = part.shard_and_rest(&name)?;
            match &first {
                None => {
                    of = shard.of;
                    first = Some((name.clone(), part.kind, head));
                }
                Some((first, kind, known)) => {
                    let different = |key: &str| MergeError::Different {
                        file: name.clone(),
                        key: key.to_owned(),
                        first: first.clone(),
                    };
                    if *kind != part.kind {
                        return Err(different("kind"));
                    }
                    if of != shard.of {
                        return Err(different("shard"));
                    }
                    if let Some(key) = known
                        .keys()
                        .chain(head.keys())
                        .find(|key| known.get(*key) != head.get(*key))
                    {
                        return Err(different(key));
                    }
                }
            }
            if parts.insert(shard, part).is_some() {
                return Err(MergeError::Twice {
                    file: name,
                    number: shard.number,
                    of,
                });
            }
        }
        let missing: Vec<String> = (1..=of)
            .filter(|&number| !parts.contains_key(&Shard { number, of }))
            .map(|number| number.to_string())
            .collect();
        let (Some((_, kind, head)), true) = (first, missing.is_empty()) else {
            return Err(MergeError::Missing {
                count: missing.len(),
                of,
                numbers: some_of(&missing),
            });
        };
        let columns = parts
            .first_key_value()
            .map(|(_, part)| part.columns.clone())
            .unwrap_or_default();
        let mut sources: Vec<_> = parts
            .into_values()
            .map(|part| part.rows.into_iter())
            .collect();
        let mut rows = Vec::new();
        'all: loop {
            for source in &mut sources {
                match source.next() {
                    Some(row) => rows.push(row),
                    None => break 'all,
                }
            }
        }
        Ok(Self {
            kind,
            head,
            columns,
            rows,
        })
    }

    /// Reads the files of one folder; also returns the name of the summary.
    fn read(folder: &Path) -> Result<(String, Self), MergeError> {
        let kinds = [SurveyKind::Basins, SurveyKind::Sweep];
        let found = kinds.into_iter().find_map(|kind| {
            let path = folder.join(format!("{}.json", kind.word()));
            path.is_file().then_some((kind, path))
        });
        let Some((kind, path)) = found else {
            return Err(MergeError::Nothing(folder.display().to_string()));
        };
        let name = path.display().to_string();
        let failed = |reason: &dyn std::fmt::Display| MergeError::File {
            file: name.clone(),
            reason: reason.to_string(),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let json: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
        let Value::Object(mut head) = json else {
            return Err(failed(&messages::surveys::no_json_object()));
        };
        for counted in head
            .get_mut("methods")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            for key in ["counts", "total", "cost", "shares"] {
                counted.remove(key);
            }
        }
        let path = path.with_extension("csv");
        let name_of_table = path.display().to_string();
        let failed = |reason: &dyn std::fmt::Display| MergeError::File {
            file: name_of_table.clone(),
            reason: reason.to_string(),
        };
        let mut reader = csv::Reader::from_path(&path).map_err(|error| failed(&error))?;
        let fields = |record: &csv::StringRecord| record.iter().map(ToOwned::to_owned).collect();
        let columns = fields(reader.headers().map_err(|error| failed(&error))?);
        let rows: Result<Vec<Vec<String>>, csv::Error> = reader
            .records()
            .map(|record| record.map(|record| fields(&record)))
            .collect();
        let rows = rows.map_err(|error| failed(&error))?;
        let part = Self {
            kind,
            head,
            columns,
            rows,
        };
        let total = part.head.get("runs").and_then(Value::as_u64);
        let (shard, _) = part.shard_and_rest(&name)?;
        let expected = shard.runs(total.unwrap_or_default() as usize).count();
        if expected != part.rows.len() {
            let rows = part.rows.len();
            return Err(failed(&messages::surveys::rows_of_part(rows, expected)));
        }
        Ok((name, part))
    }

    /// Splits the head into the shard and the rest, which all parts share.
    fn shard_and_rest(&self, name: &str) -> Result<(Shard, Map<String, Value>), MergeError> {
        let mut rest = self.head.clone();
        let shard = match rest.remove("shard") {
            None => Shard::WHOLE,
            Some(value) => {
                let shard = value.as_str().and_then(|text| text.parse().ok());
                shard.ok_or_else(|| MergeError::File {
                    file: name.to_owned(),
                    reason: messages::surveys::wrong_shard_in_file(&value.to_string()),
                })?
            }
        };
        Ok((shard, rest))
    }
}

/// Joins up to twelve words of a list.
fn some_of(words: &[String]) -> String {
    const MOST: usize = 12;
    let shown = words.iter().take(MOST).cloned().collect::<Vec<_>>();
    let more = if words.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// The key of a variant: its label and the values of the varied parameters, as text.
fn key_of(variant: &Map<String, Value>) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => float(other.as_f64().unwrap_or(f64::NAN)),
    };
    let mut key = vec![variant.get("label").map(text).unwrap_or_default()];
    let values = variant.get("values").and_then(Value::as_array);
    key.extend(values.into_iter().flatten().map(text));
    key
}

/// The variables of a start that are written: all for a small problem, else those of the grid.
struct WrittenVariables(Vec<Coordinate>);

impl WrittenVariables {
    fn of(survey: &Survey) -> Self {
        let metadata = survey.variants[0].problem.metadata();
        let all = metadata.coordinates();
        Self(if all.len() <= Recording::MOST_VARIABLES {
            all
        } else {
            survey.grid.axes().to_vec()
        })
    }

    fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(ToString::to_string)
    }

    fn values<'a>(&'a self, start: &'a Point) -> impl Iterator<Item = String> + 'a {
        self.0.iter().map(|at| float(start[at.level][at.index]))
    }
}

fn row(
    experiment: &Experiment,
    plan: &SurveyPlan,
    shown: &WrittenVariables,
    (number, cell): (usize, &SurveyOutcome),
) -> Vec<String> {
    let survey = &plan.survey;
    let place = survey.place(number);
    let variant = &plan.methods[place.variant];
    let side = survey.grid.side();
    let mut row = vec![experiment.methods[variant.method].label.clone()];
    row.extend(variant.values.iter().map(|&value| float(value)));
    row.push(survey.seeds[place.seed].to_string());
    row.push((place.cell % side + 1).to_string());
    row.push((place.cell / side + 1).to_string());
    row.extend(shown.values(&survey.grid.start(place.cell)));
    row.push(cell.verdict.word().to_owned());
    row.push(
        cell.index
            .map(|index| index.to_string())
            .unwrap_or_default(),
    );
    row.push(cell.k.to_string());
    row.push(float(cell.usual_cost()));
    row.push(if cell.phi.is_nan() {
        String::new()
    } else {
        float(cell.phi)
    });
    row
}

/// The part of the summary that is known before any run.
/// The number of runs of a variant from each start that are the same bits: one per seed without chance.
fn repetitions(head: &Map<String, Value>, variant: &Map<String, Value>) -> usize {
    let id = variant.get("method").and_then(Value::as_str);
    let method = id.and_then(bilevel::method::find);
    let seeds = head.get("seeds").and_then(Value::as_array);
    match (method, seeds) {
        (Some(method), Some(seeds)) if !method.has_chance() => seeds.len(),
        _ => 1,
    }
}

fn head(experiment: &Experiment, plan: &SurveyPlan, shard: Shard) -> Map<String, Value> {
    let survey = &plan.survey;
    let axes = survey.grid.axes().iter().zip(survey.grid.ranges());
    let axes: Vec<Value> = axes
        .map(|(at, [from, to])| json!({"variable": at.to_string(), "from": from, "to": to}))
        .collect();
    let methods: Vec<Value> = plan
        .methods
        .iter()
        .map(|variant| {
            let method = &experiment.methods[variant.method];
            let mut known = Map::new();
            known.insert("method".to_owned(), json!(method.entry.id));
            known.insert("label".to_owned(), json!(method.label));
            if !variant.values.is_empty() {
                known.insert("values".to_owned(), json!(variant.values));
            }
            Value::Object(known)
        })
        .collect();
    let mut head = Map::new();
    let mut add = |key: &str, value: Value| {
        head.insert(key.to_owned(), value);
    };
    add("problem", json!(experiment.problem.entry.id));
    add("experiment", json!(experiment.title));
    add("version", json!(env!("CARGO_PKG_VERSION")));
    add("grid", json!(survey.grid.side()));
    add("axes", Value::Array(axes));
    add("seeds", json!(survey.seeds));
    add("iterations", json!(experiment.iterations));
    add("rest", json!(survey.rest));
    add("runs", json!(survey.len()));
    if !plan.varied.is_empty() {
        let varied: Vec<String> = plan.varied.iter().map(ToString::to_string).collect();
        add("vary", json!(varied));
    }
    if shard != Shard::WHOLE {
        add("shard", json!(format!("{}/{}", shard.number, shard.of)));
    }
    add("methods", Value::Array(methods));
    add("file", json!(experiment.write()));
    head
}

//! The frame of a survey's table: the variants, seeds and starts that its summary names, and the rows that follow from them.

use std::collections::BTreeMap;
use std::path::Path;

use bilevel::study::{StartGrid, Verdict};
use serde_json::{Map, Value};

use super::survey_files::{SurveyKind, key_in_table};
use crate::messages::surveys as words;
use crate::{Shard, SweepAxis};

/// The columns after the start.
const RESULTS: [&str; 5] = ["verdict", "index", "k", "cost", "phi"];
/// The largest difference of a written start from that of the grid, in widths of the axis.
const SLACK: f64 = 1e-9;

/// The columns and rows of a table, by the numbers of their runs.
pub(super) type SurveyTable = (Vec<String>, BTreeMap<usize, Vec<String>>);

/// All that the summary of a survey says about its rows.
pub(super) struct SurveyFrame {
    pub(super) shard: Shard,
    /// The names of the varied parameters.
    varied: Vec<String>,
    /// The label and the values of each variant.
    variants: Vec<Vec<String>>,
    seeds: Vec<String>,
    side: usize,
    /// The variables of the grid, each with its range.
    axes: Vec<(String, [f64; 2])>,
    /// The number of variables of the grid.
    dimensions: usize,
    iterations: u64,
}

impl SurveyFrame {
    /// Reads the frame from a summary without its counts.
    ///
    /// # Errors
    /// If a key is missing or not valid, in a sentence.
    pub(super) fn of(kind: SurveyKind, head: &Map<String, Value>) -> Result<Self, String> {
        let wrong = |key: &str| words::wrong_key(key);
        let list = |key: &str| {
            let list = head.get(key).and_then(Value::as_array);
            list.filter(|list| !list.is_empty())
                .ok_or_else(|| wrong(key))
        };
        let whole = |key: &str| {
            head.get(key)
                .and_then(Value::as_u64)
                .ok_or_else(|| wrong(key))
        };
        let varied = match kind {
            SurveyKind::Basins => Vec::new(),
            SurveyKind::Sweep => {
                let axes = list("vary")?.iter().map(|axis| {
                    let axis: Option<SweepAxis> = axis.as_str().and_then(|text| text.parse().ok());
                    axis.map(|axis| axis.parameter)
                });
                axes.collect::<Option<Vec<_>>>()
                    .ok_or_else(|| wrong("vary"))?
            }
        };
        let variants = list("methods")?.iter().map(|variant| {
            let variant = variant.as_object()?;
            variant.get("label")?.as_str()?;
            let key = key_in_table(variant);
            let is_number = |value: &String| value.parse().is_ok_and(f64::is_finite);
            let is_whole = key.len() == varied.len() + 1 && key[1..].iter().all(is_number);
            is_whole.then_some(key)
        });
        let variants: Option<Vec<_>> = variants.collect();
        let seeds = list("seeds")?
            .iter()
            .map(|seed| Some(seed.as_u64()?.to_string()));
        let axes = head.get("axes").and_then(Value::as_array);
        let axes = axes.ok_or_else(|| wrong("axes"))?.iter().map(|axis| {
            let number = |key: &str| axis.get(key)?.as_f64();
            let variable = axis.get("variable")?.as_str()?.to_owned();
            Some((variable, [number("from")?, number("to")?]))
        });
        let axes: Option<Vec<_>> = axes.collect();
        let shard = Shard::of_json(head.get("shard"))?;
        let side = usize::try_from(whole("grid")?).unwrap_or(usize::MAX);
        let [least, most] = StartGrid::SIDES;
        if !(least..=most).contains(&side) {
            return Err(wrong("grid"));
        }
        let mut frame = Self {
            dimensions: 0,
            shard,
            varied,
            variants: variants.ok_or_else(|| wrong("methods"))?,
            seeds: seeds.collect::<Option<_>>().ok_or_else(|| wrong("seeds"))?,
            side,
            axes: axes
                .filter(|axes| axes.len() <= 2)
                .ok_or_else(|| wrong("axes"))?,
            iterations: whole("iterations")?,
        };
        let runs = whole("runs")?;
        // a summary without axes may be of one or two
        let known = Some(frame.axes.len()).filter(|&count| count > 0);
        let fitting = known
            .map_or(1..=2, |count| count..=count)
            .find(|&dimensions| {
                frame.dimensions = dimensions;
                frame.total() as u64 == runs
            });
        fitting.map(|_| frame).ok_or_else(|| wrong("runs"))
    }

    /// The number of starts.
    fn starts(&self) -> usize {
        self.side.pow(self.dimensions as u32)
    }

    /// The number of runs of all parts.
    fn total(&self) -> usize {
        let runs = self.variants.len().saturating_mul(self.seeds.len());
        runs.saturating_mul(self.starts())
    }

    /// The numbers of the part's runs.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.shard.runs(self.total())
    }

    /// Reads the table, and checks every row.
    ///
    /// # Errors
    /// If the file cannot be read, or a row is not the one of its run, in a sentence with the line.
    pub(super) fn rows_of(&self, path: &Path, is_complete: bool) -> Result<SurveyTable, String> {
        let found = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if !found.is_file() {
            return Err(crate::messages::files::is_no_plain_file().to_owned());
        }
        let mut reader = csv::Reader::from_path(path).map_err(|error| error.to_string())?;
        let fields = |record: &csv::StringRecord| record.iter().map(ToOwned::to_owned).collect();
        let columns: Vec<String> = fields(reader.headers().map_err(|error| error.to_string())?);
        self.check_columns(&columns)?;
        let mut rows = BTreeMap::new();
        let mut expected = self.numbers();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            let row: Vec<String> = fields(&record);
            let number = if is_complete {
                expected.next()
            } else {
                // a part that was interrupted leaves runs out
                expected.find(|&number| self.is_of(number, &row))
            };
            let Some(number) = number else {
                return Err(words::row_too_many(line));
            };
            self.check_row(number, &columns, &row)
                .map_err(|reason| words::wrong_row(line, &reason))?;
            rows.insert(number, row);
        }
        let runs = self.numbers().count();
        if is_complete && rows.len() != runs {
            return Err(words::rows_of_part(rows.len(), runs));
        }
        Ok((columns, rows))
    }

    fn check_columns(&self, columns: &[String]) -> Result<(), String> {
        let mut before = vec!["run"];
        before.extend(self.varied.iter().map(String::as_str));
        before.extend(["seed", "i", "j"]);
        let middle = columns.len().saturating_sub(RESULTS.len());
        let is_start = columns.iter().zip(&before).all(|(own, known)| own == known);
        let is_end = columns[middle..]
            .iter()
            .zip(RESULTS)
            .all(|(own, known)| own == known);
        if !is_start || !is_end || middle < before.len() || columns.len() - middle != RESULTS.len()
        {
            let results = RESULTS.join(", ");
            return Err(words::wrong_columns(&before.join(", "), &results));
        }
        let variables = &columns[before.len()..middle];
        match self.axes.iter().find(|(name, _)| !variables.contains(name)) {
            Some((name, _)) => Err(words::no_column(name)),
            None => Ok(()),
        }
    }

    /// The label and values, the seed, and the place in the grid of a run.
    fn key(&self, number: usize) -> Vec<String> {
        let starts = self.starts();
        let cell = number % starts;
        let mut key = self.variants[number / (starts * self.seeds.len())].clone();
        key.push(self.seeds[number / starts % self.seeds.len()].clone());
        key.push((cell % self.side + 1).to_string());
        key.push((cell / self.side + 1).to_string());
        key
    }

    fn is_of(&self, number: usize, row: &[String]) -> bool {
        let key = self.key(number);
        row.len() >= key.len() && row[..key.len()] == key
    }

    fn check_row(&self, number: usize, columns: &[String], row: &[String]) -> Result<(), String> {
        let key = self.key(number);
        for (at, expected) in key.iter().enumerate() {
            if row[at] != *expected {
                return Err(words::wrong_cell(&columns[at], &row[at], expected));
            }
        }
        let cell = number % self.starts();
        let places = [cell % self.side, cell / self.side];
        for (name, text) in columns.iter().zip(row).skip(key.len()) {
            let number: Option<f64> = text.parse().ok();
            let is_right = match name.as_str() {
                "verdict" => Verdict::ALL.iter().any(|one| one.word() == text),
                "index" => text.is_empty() || text.parse().is_ok_and(|index: u16| index > 0),
                "k" => text.parse().is_ok_and(|k: u64| k <= self.iterations),
                "cost" => number.is_some_and(|cost| cost >= 0.0 && cost.is_finite()),
                "phi" => text.is_empty() || number.is_some(),
                _ => number.is_some_and(f64::is_finite),
            };
            let axis = self
                .axes
                .iter()
                .zip(places)
                .find(|((axis, _), _)| axis == name);
            let is_there = axis.is_none_or(|((_, [from, to]), place)| {
                let share = place as f64 / (self.side - 1) as f64;
                let expected = from + share * (to - from);
                number.is_some_and(|own| (own - expected).abs() <= SLACK * (to - from).abs())
            });
            if !is_right || !is_there {
                return Err(words::invalid_cell(name, text));
            }
        }
        Ok(())
    }
}

//! The reader of seeds and starts.

use std::collections::{HashMap, HashSet};

use bilevel::numerics::Point;
use bilevel::problem::Problem;

use super::document::{ANY, DocumentTable, DocumentValue, ErrorList, ReadError};
use crate::StartSpec;
use crate::messages;

/// Reads the seeds, which must differ.
pub(crate) fn read_seeds(top: &DocumentTable<'_>) -> Result<Vec<u64>, ReadError> {
    top.not_both("seed", "seeds")?;
    // the largest integer of TOML
    let most = i64::MAX as u64;
    if let Some(field) = top.get("seed") {
        return Ok(vec![field.whole(0, most)?]);
    }
    let Some(field) = top.get("seeds") else {
        return Ok(vec![0]);
    };
    let errors = ErrorList::default();
    let mut seeds = Vec::new();
    let mut before = HashSet::new();
    for item in field.list(messages::experiment::whole_numbers())? {
        let Some(seed) = errors.keep(item.whole(0, most)) else {
            continue;
        };
        if !before.insert(seed) {
            // one error stands for all: a list of one seed has many repetitions
            errors.push(item.error(messages::experiment::repeated_seed(seed)));
            break;
        }
        seeds.push(seed);
    }
    if seeds.is_empty() {
        errors.push(field.error(messages::experiment::empty_seeds()));
    }
    errors.or(Some(seeds))
}

/// Reads the starts, which must differ.
pub(crate) fn read_starts(
    top: &DocumentTable<'_>,
    problem: &dyn Problem,
) -> Result<Vec<StartSpec>, ReadError> {
    top.not_both("start", "starts")?;
    if let Some(field) = top.get("start") {
        return Ok(vec![read_start(&field, problem)?]);
    }
    let Some(field) = top.get("starts") else {
        return Ok(Vec::new());
    };
    let errors = ErrorList::default();
    let mut starts = Vec::new();
    let mut before = HashMap::new();
    let items = field.list(messages::experiment::starts())?;
    for (place, item) in items.iter().enumerate() {
        let Some(start) = errors.keep(read_start(item, problem)) else {
            continue;
        };
        if let Some(earlier) = before.insert(bits(&start, problem), place + 1) {
            errors.push(item.error(messages::experiment::repeated_start(place + 1, earlier)));
        }
        starts.push(start);
    }
    if items.is_empty() {
        errors.push(field.error(messages::experiment::empty_starts()));
    }
    errors.or(Some(starts))
}

fn read_start(field: &DocumentValue<'_>, problem: &dyn Problem) -> Result<StartSpec, ReadError> {
    if !field.is_list() {
        let known: &[&str] = if problem.pretrained().is_some() {
            &["default", "pretrained"]
        } else {
            &["default"]
        };
        return Ok(match field.word(known)? {
            "pretrained" => StartSpec::Pretrained,
            _ => StartSpec::Default,
        });
    }
    let shape = problem.metadata().shape();
    let sizes: Vec<usize> = (1..=shape.levels())
        .map(|level| shape.size(level))
        .collect();
    let rows = field.list(messages::experiment::rows_per_level())?;
    if rows.len() != sizes.len() {
        return Err(field.error(messages::experiment::rows_of_start(&sizes, rows.len())));
    }
    let mut blocks = Vec::new();
    for (level, (row, &size)) in rows.iter().zip(&sizes).enumerate() {
        let numbers: Vec<f64> = row
            .list(messages::experiment::numbers())?
            .iter()
            .map(|number| number.number(ANY))
            .collect::<Result<_, _>>()?;
        if numbers.len() != size {
            return Err(row.error(messages::experiment::numbers_of_row(
                level + 1,
                size,
                numbers.len(),
            )));
        }
        blocks.push(numbers);
    }
    Ok(StartSpec::At(Point::from_blocks(&blocks)))
}

/// The numbers of a start by their bits; `None` for a trained one, which is not known yet.
fn bits(start: &StartSpec, problem: &dyn Problem) -> Option<Vec<u64>> {
    let point = match start {
        StartSpec::Default => &problem.metadata().start,
        StartSpec::At(point) => point,
        StartSpec::Pretrained => return None,
    };
    // both zeros are one number
    Some(
        point
            .values()
            .iter()
            .map(|value| (value + 0.0).to_bits())
            .collect(),
    )
}

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

/// Reads the starts, which must differ; without a problem, their sizes are not checked, and none is returned.
pub(crate) fn read_starts(
    top: &DocumentTable<'_>,
    problem: Option<&dyn Problem>,
) -> Result<Vec<StartSpec>, ReadError> {
    top.not_both("start", "starts")?;
    let errors = ErrorList::default();
    let mut starts = Vec::new();
    if let Some(field) = top.get("start") {
        starts.extend(read_start(&field, problem, &errors));
        return errors.or(Some(starts));
    }
    let Some(field) = top.get("starts") else {
        return Ok(Vec::new());
    };
    let mut before = HashMap::new();
    let items = field.list(messages::experiment::starts())?;
    if !items.is_empty() && items.iter().all(|item| item.any_number().is_some()) {
        let message = messages::experiment::starts_without_rows(&field.described());
        return Err(field.error(message));
    }
    for (place, item) in items.iter().enumerate() {
        let Some(start) = read_start(item, problem, &errors) else {
            continue;
        };
        let bits = problem.and_then(|problem| bits(&start, problem));
        if let Some(earlier) = bits.and_then(|bits| before.insert(bits, place + 1)) {
            errors.push(item.error(messages::experiment::repeated_start(place + 1, earlier)));
        }
        starts.push(start);
    }
    if items.is_empty() {
        errors.push(field.error(messages::experiment::empty_starts()));
    }
    errors.or(Some(starts))
}

/// Reads a start; without a problem a point is none.
fn read_start(
    field: &DocumentValue<'_>,
    problem: Option<&dyn Problem>,
    errors: &ErrorList,
) -> Option<StartSpec> {
    let is_number = |value: &DocumentValue<'_>| value.any_number().is_some();
    let is_without_rows = field
        .items()
        .is_some_and(|items| items.iter().any(is_number));
    if is_without_rows || is_number(field) {
        let start = field.described();
        errors.push(field.error(messages::experiment::start_without_rows(&start)));
        return None;
    }
    if !field.is_list() {
        let is_offered = problem.is_none_or(|problem| problem.pretrained().is_some());
        let known: &[&str] = if is_offered {
            &["default", "pretrained"]
        } else {
            &["default"]
        };
        return Some(match errors.keep(field.word(known))? {
            "pretrained" => StartSpec::Pretrained,
            _ => StartSpec::Default,
        });
    }
    let rows = errors.keep(field.list(messages::experiment::rows_per_level()))?;
    let sizes: Option<Vec<usize>> = problem.map(|problem| {
        let shape = problem.metadata().shape();
        (1..=shape.levels())
            .map(|level| shape.size(level))
            .collect()
    });
    if let Some(sizes) = sizes.as_ref().filter(|sizes| sizes.len() != rows.len()) {
        errors.push(field.error(messages::experiment::rows_of_start(sizes, rows.len())));
        return None;
    }
    let mut blocks = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(items) = errors.keep(row.list(messages::experiment::numbers())) else {
            continue;
        };
        let numbers: Vec<f64> = items
            .iter()
            .filter_map(|number| errors.keep(number.number(ANY)))
            .collect();
        let size = sizes.as_ref().map(|sizes| sizes[place]);
        if let Some(size) = size.filter(|size| *size != items.len()) {
            let message = messages::experiment::numbers_of_row(place + 1, size, items.len());
            errors.push(row.error(message));
        }
        blocks.push(numbers);
    }
    // a point with an error has other sizes than the problem
    let is_whole = sizes? == blocks.iter().map(Vec::len).collect::<Vec<_>>();
    is_whole.then(|| StartSpec::At(Point::from_blocks(&blocks)))
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

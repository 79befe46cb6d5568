//! Small benchmarks as formulas, to start from: the same objectives, box, start and pictures as with default settings.

use crate::formula::{Constant, Draft, LevelDraft};
use crate::problem::{Coordinate, Metadata, ProblemInfo, Settings};

/// True if a benchmark ships as formulas, too; unlike [`example`], this builds nothing.
pub fn has_example(entry: &ProblemInfo) -> bool {
    entry.text.is_some()
}

/// Returns a benchmark with default settings as formulas; `None` if it does not ship as such.
pub fn example(entry: &ProblemInfo) -> Option<Draft> {
    let example = entry.text?;
    let built_in = (entry.build)(&Settings::new(entry.parameters));
    let metadata = built_in.metadata();
    let levels = example.levels.iter().zip(1..);
    let constants = example.constants.iter();
    let definitions = example.definitions.iter();
    Some(Draft {
        levels: levels
            .map(|(&(variable, objective), level)| LevelDraft {
                variables: vec![variable.to_owned()],
                objective: objective.to_owned(),
                bounds: bounds(metadata, level),
                start: metadata.start[level].to_vec(),
                range: vec![range(metadata, level)],
            })
            .collect(),
        constants: constants
            .map(|&(name, value, range)| {
                let constant = Constant {
                    value,
                    range: Some(range),
                };
                (name.to_owned(), constant)
            })
            .collect(),
        definitions: definitions
            .map(|&(name, formula)| (name.to_owned(), formula.to_owned()))
            .collect(),
        ..Draft::default()
    })
}

/// The box of a level whose variables all have the same one; empty if there is none.
fn bounds(metadata: &Metadata, level: usize) -> Vec<[f64; 2]> {
    if metadata.bounds.is_bounded(level) {
        vec![metadata.bounds.limits(level)[0]]
    } else {
        Vec::new()
    }
}

/// The range in pictures that covers all variables of a level.
fn range(metadata: &Metadata, level: usize) -> [f64; 2] {
    let ranges =
        (0..metadata.shape().size(level)).map(|index| metadata.range(Coordinate { level, index }));
    ranges.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], range| {
        [low.min(range[0]), high.max(range[1])]
    })
}

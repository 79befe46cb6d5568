//! The metadata of a typed problem: names, box, start and pictures, by default values where none are given.

use crate::formula::{LevelDraft, Model, Variable, maths, name_as_maths};
use crate::messages;
use crate::numerics::{Bounds, MAX_GENERATORS, Point, Shape};
use crate::problem::formula_text::line;
use crate::problem::{Coordinate, Curvature, LowerLevel, Metadata, Plane};

/// The number of variables up to which pictures show all of them; above it, they show the first of each level.
const FEW: usize = 8;
/// The half-width of pictures around a start, or beyond an edge, if nothing else is known.
const REACH: f64 = 5.0;
/// The margin of a picture on each side of the box, as a share of the box.
const MARGIN: f64 = 0.1;
/// The position of a start in a finite box, as a share of it; symmetric problems would be stationary in the middle.
const SHARE: f64 = 0.7;

/// The metadata of a model.
pub(super) fn metadata(model: &Model, has_kinks: bool) -> Metadata {
    let shape = model.shape();
    let levels = shape.levels();
    let drafts = &model.draft().levels;
    let mut bounds = Bounds::none(shape);
    let (mut blocks, mut ranges) = (Vec::new(), Vec::new());
    for (level, draft) in (1..=levels).zip(drafts) {
        let variables = model.variables(level);
        let limits = per_entry(variables, &draft.bounds, [f64::NEG_INFINITY, f64::INFINITY]);
        for (index, limits) in limits.iter().enumerate() {
            if limits.iter().any(|limit| limit.is_finite()) {
                bounds = bounds.with_variable(level, index, *limits);
            }
        }
        let start = start(draft, &limits);
        ranges.push(visible_ranges(draft, variables, &limits, &start));
        blocks.push(start);
    }
    Metadata {
        formulas: (1..=levels).map(|level| formula(model, level)).collect(),
        symbols: (1..=levels)
            .map(|level| symbol(model.variables(level), level))
            .collect(),
        names: (1..=levels)
            .flat_map(|level| model.variables(level))
            .flat_map(Variable::as_maths)
            .collect(),
        bounds,
        start: Point::from_blocks(&blocks),
        planes: planes(shape, &ranges),
        minima: Vec::new(),
        doubt: None,
        lower_level: LowerLevel {
            curvature: Curvature::Unknown,
            steepest: None,
            note: if has_kinks {
                messages::formula::kinks_or_jumps(&model.kinked_functions()).into()
            } else {
                "".into()
            },
        },
        metrics: Vec::new(),
        highest_order: MAX_GENERATORS,
    }
}

/// A value for each entry of each variable, from one value per variable or one per entry.
fn per_entry(variables: &[Variable], pairs: &[[f64; 2]], otherwise: [f64; 2]) -> Vec<[f64; 2]> {
    let entries: usize = variables.iter().map(Variable::entries).sum();
    if pairs.len() == entries {
        return pairs.to_vec();
    }
    let pair = |place: usize| pairs.get(place).copied().unwrap_or(otherwise);
    let variables = variables.iter().enumerate();
    variables
        .flat_map(|(place, variable)| vec![pair(place); variable.entries()])
        .collect()
}

/// The start of a level: as given, moved into the box; else well inside the box, or 1 from its only edge or from 0.
fn start(draft: &LevelDraft, limits: &[[f64; 2]]) -> Vec<f64> {
    let places = limits.iter().enumerate();
    places
        .map(|(place, &[low, high])| {
            let chosen = match (low.is_finite(), high.is_finite()) {
                (true, true) => low + SHARE * (high - low),
                (true, false) => low + 1.0,
                (false, true) => high - 1.0,
                (false, false) => 1.0,
            };
            let given = draft.start.get(place).copied();
            given.unwrap_or(chosen).clamp(low, high)
        })
        .collect()
}

/// The ranges of a level in pictures: as given, else slightly wider than the box, else around the start.
fn visible_ranges(
    draft: &LevelDraft,
    variables: &[Variable],
    limits: &[[f64; 2]],
    start: &[f64],
) -> Vec<[f64; 2]> {
    if !draft.range.is_empty() {
        return per_entry(variables, &draft.range, [-REACH, REACH]);
    }
    let places = limits.iter().zip(start);
    places
        .map(
            |(&[low, high], start)| match (low.is_finite(), high.is_finite()) {
                (true, true) => {
                    let margin = MARGIN * (high - low);
                    [low - margin, high + margin]
                }
                (true, false) => [low - MARGIN * REACH, start.max(low + REACH) + REACH],
                (false, true) => [start.min(high - REACH) - REACH, high + MARGIN * REACH],
                (false, false) => [start - REACH, start + REACH],
            },
        )
        .collect()
}

/// The planes to draw: the leader's first variable against each of the followers' and of its own; before them the last
/// follower's first two, if leader and last follower have several each.
fn planes(shape: Shape, ranges: &[Vec<[f64; 2]>]) -> Vec<Plane> {
    let plane = |horizontal: Coordinate, vertical: Coordinate| Plane {
        horizontal,
        vertical,
        range: [horizontal, vertical].map(|at| ranges[at.level - 1][at.index]),
        marks: Vec::new(),
    };
    let at = |level, index| Coordinate { level, index };
    let most = if shape.total() <= FEW { FEW } else { 1 };
    let mut planes = Vec::new();
    for level in 2..=shape.levels() {
        for index in 0..shape.size(level).min(most) {
            planes.push(plane(at(1, 0), at(level, index)));
        }
    }
    for index in 1..shape.size(1).min(most) {
        planes.push(plane(at(1, 0), at(1, index)));
    }
    let last = shape.levels();
    if shape.size(1) > 1 && shape.size(last) > 1 {
        planes.insert(0, plane(at(last, 0), at(last, 1)));
    }
    planes
}

/// The objective of a level as maths, with the role of the level.
fn formula(model: &Model, level: usize) -> String {
    let names: Vec<String> = model
        .variables(level)
        .iter()
        .map(|variable| name_as_maths(&variable.name))
        .collect();
    let names = names.join(", ");
    line(level, &names, &maths(model.objective(level)))
}

/// The letters allowed as a block's symbol.
const LETTERS: &str =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZαβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ";
/// The symbols of levels that are not a single variable named by such a letter.
const SYMBOLS: [&str; 8] = ["x", "y", "z", "u", "v", "w", "p", "q"];

/// The symbol of a level's block.
fn symbol(variables: &[Variable], level: usize) -> &'static str {
    let own = match variables {
        [only] => name_as_maths(&only.name),
        _ => String::new(),
    };
    let is_letter = own.chars().count() == 1;
    let found = is_letter.then(|| LETTERS.find(&own)).flatten();
    match found {
        Some(place) => &LETTERS[place..place + own.len()],
        None => SYMBOLS[(level - 1) % SYMBOLS.len()],
    }
}

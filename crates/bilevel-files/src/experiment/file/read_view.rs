//! The reader of `[view]`: layout, kind and options of the view.

use bilevel::formula::limits::MOST_LEVELS;
use bilevel::problem::{Parameter, ParameterKind, Problem};
use bilevel::study::{Measure, PlaneOf, RunCost, StartGrid};

use super::document::{DocumentTable, DocumentValue, ErrorList, ReadError};
use super::read_figure::{self, read_figure, read_ranges};
use crate::messages;
use crate::views::{self, ViewKind};
use crate::{Experiment, SweepAxis, ViewSpec, WindowLayout};

/// The keys that every view may have.
const KEYS: [&str; 11] = [
    "layout",
    "race_x",
    "race_y",
    "landscape_level",
    "plane",
    "range",
    "kind",
    "ground",
    "slice",
    "grid",
    "vary",
];

/// All keys: those of every view, and the options of registered ones.
pub(crate) fn view_keys() -> Vec<&'static str> {
    let options = views::registered().iter().flat_map(|view| view.options);
    let names = options.map(|option| option.name);
    KEYS.into_iter()
        .chain(read_figure::KEYS)
        .chain(names)
        .collect()
}

/// Reads the view as far as it is right; without a problem, its variables and metrics are not checked.
pub(crate) fn read_view(
    top: &DocumentTable<'_>,
    problem: Option<&dyn Problem>,
    errors: &ErrorList,
) -> ViewSpec {
    let section = top.get("view").map(|field| field.section("[view]"));
    let Some(section) = section.and_then(|section| errors.keep(section)) else {
        return ViewSpec::default();
    };
    errors.keep(section.only(&view_keys()));
    errors.keep(section.not_both("kind", "ground"));
    let metadata = problem.map(Problem::metadata);
    let levels = metadata.map_or(MOST_LEVELS, |metadata| metadata.shape().levels());
    let level = section.optional("landscape_level", errors, |field| {
        field.whole(0, levels as u64)
    });
    let race_y = section.optional("race_y", errors, |field| match metadata {
        Some(metadata) => field
            .one_of(&Measure::all(metadata), Measure::word)
            .map(Some),
        // the word may be that of a metric
        None => field.text().map(|_word| None),
    });
    // `ground` is the key of earlier files
    let kind = ["kind", "ground"].map(|key| section.optional(key, errors, read_kind));
    let [least, most] = StartGrid::SIDES;
    let grid = section.optional("grid", errors, |field| {
        field.whole(least as u64, most as u64)
    });
    let mut view = ViewSpec {
        layout: section.optional("layout", errors, |field| {
            field.one_of(&WindowLayout::ALL, WindowLayout::word)
        }),
        race_x: section.optional("race_x", errors, |field| {
            field.one_of(&RunCost::ALL, RunCost::word)
        }),
        race_y: race_y.flatten(),
        landscape_level: level.map(|level| level as usize),
        plane: section.optional("plane", errors, read_plane),
        range: section.optional("range", errors, read_ranges),
        kind: kind[0].or(kind[1]),
        options: Vec::new(),
        slice: section.optional("slice", errors, |field| {
            field.one_of(&PlaneOf::ALL, PlaneOf::word)
        }),
        grid: grid.map(|side| side as usize),
        vary: section
            .optional("vary", errors, read_vary)
            .unwrap_or_default(),
        figure: read_figure(&section, errors),
        notes: Vec::new(),
    };
    for option in views::registered().iter().flat_map(|view| view.options) {
        let value = section.optional(option.name, errors, |field| read_option(field, option));
        if let Some(value) = value.flatten() {
            view.set_option(option, value);
        }
    }
    if let Some(metadata) = metadata
        && view.plane.is_some()
        && view.axes(metadata).is_none()
        && let Some(field) = section.get("plane")
    {
        errors.push(field.error(messages::experiment::plane_of_other_variables()));
    }
    view
}

/// The value of an option of a view, of a word its number; `None` for an option that files do not have.
fn read_option(field: &DocumentValue<'_>, option: &Parameter) -> Result<Option<f64>, ReadError> {
    Ok(Some(match option.kind {
        ParameterKind::Integer { min, max, .. } => field.whole(min.into(), max.into())? as f64,
        ParameterKind::Number { min, max, .. } => field.number([min, max])?,
        ParameterKind::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
            let word = field.word(&words)?;
            views::number_of(option, word).unwrap_or(f64::NAN)
        }
        _ => return Ok(None),
    }))
}

/// A registered view, by its word or an old one.
pub(crate) fn read_kind(field: &DocumentValue<'_>) -> Result<ViewKind, ReadError> {
    let found = views::find(field.text()?).filter(|view| !view.info().is_beside);
    if let Some(view) = found {
        return Ok(view);
    }
    let shown = views::registered().iter().filter(|view| !view.is_beside);
    let words: Vec<&str> = shown.map(|view| view.id).collect();
    // none of the words is the one given, so this says which there are
    field.word(&words)?;
    Err(field.error(messages::experiment::view_beside()))
}

/// Reads the parameters of a sweep: one axis, or a list of two.
fn read_vary(field: &DocumentValue<'_>) -> Result<Vec<SweepAxis>, ReadError> {
    let one = |field: &DocumentValue<'_>| {
        let text = field.text()?;
        text.parse::<SweepAxis>()
            .map_err(|error| field.error(error.to_string()))
    };
    if field.is_list() {
        let lines = field.list(messages::experiment::sweep_lines())?;
        lines.iter().map(one).collect()
    } else {
        Ok(vec![one(field)?])
    }
}

/// Checks that the parameters of a sweep exist and can be varied.
pub(crate) fn check_vary(
    top: &DocumentTable<'_>,
    experiment: &Experiment,
) -> Result<(), ReadError> {
    let varied = &experiment.view.vary;
    if varied.is_empty() {
        return Ok(());
    }
    experiment.variants(varied).map(drop).map_err(|error| {
        let section = top.get("view").and_then(|view| view.section("[view]").ok());
        let field = section.and_then(|section| section.get("vary"));
        match field {
            Some(field) => field.error(error.to_string()),
            None => top.error(error.to_string()),
        }
    })
}

fn read_plane(field: &DocumentValue<'_>) -> Result<[String; 2], ReadError> {
    let names = field.list(messages::experiment::two_variables())?;
    let names: Vec<String> = names
        .iter()
        .map(|name| name.text().map(ToOwned::to_owned))
        .collect::<Result<_, _>>()?;
    <[String; 2]>::try_from(names)
        .map_err(|_given| field.error(messages::experiment::wrong_plane()))
}

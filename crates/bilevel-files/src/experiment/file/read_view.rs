//! The reader of `[view]`: layout, kind and options of the view.

use bilevel::problem::ParameterKind;
use bilevel::problem::Problem;
use bilevel::study::{Measure, PlaneOf, RunCost, StartGrid};

use super::document::{DocumentTable, DocumentValue, ReadError};
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

pub(crate) fn read_view(
    top: &DocumentTable<'_>,
    problem: &dyn Problem,
) -> Result<ViewSpec, ReadError> {
    let Some(field) = top.get("view") else {
        return Ok(ViewSpec::default());
    };
    let section = field.section("[view]")?;
    let options = || views::registered().iter().flat_map(|view| view.options);
    section.only(&view_keys())?;
    let layout = section.get("layout");
    let (race_x, race_y) = (section.get("race_x"), section.get("race_y"));
    let metadata = problem.metadata();
    let levels = metadata.shape().levels() as u64;
    let level = section
        .get("landscape_level")
        .map(|field| field.whole(0, levels))
        .transpose()?;
    section.not_both("kind", "ground")?;
    // `ground` is the key of earlier files
    let kind = section.get("kind").or_else(|| section.get("ground"));
    let [least, most] = StartGrid::SIDES;
    let mut view = ViewSpec {
        layout: layout
            .map(|field| field.one_of(&WindowLayout::ALL, WindowLayout::word))
            .transpose()?,
        race_x: race_x
            .map(|field| field.one_of(&RunCost::ALL, RunCost::word))
            .transpose()?,
        race_y: race_y
            .map(|field| field.one_of(&Measure::all(metadata), Measure::word))
            .transpose()?,
        landscape_level: level.map(|level| level as usize),
        plane: section
            .get("plane")
            .map(|field| read_plane(&field))
            .transpose()?,
        range: section
            .get("range")
            .map(|field| read_ranges(&field))
            .transpose()?,
        kind: kind.map(|field| read_kind(&field)).transpose()?,
        options: Vec::new(),
        slice: section
            .get("slice")
            .map(|field| field.one_of(&PlaneOf::ALL, PlaneOf::word))
            .transpose()?,
        grid: section
            .get("grid")
            .map(|field| field.whole(least as u64, most as u64))
            .transpose()?
            .map(|side| side as usize),
        vary: section
            .get("vary")
            .map_or(Ok(Vec::new()), |field| read_vary(&field))?,
        figure: read_figure(&section)?,
        notes: Vec::new(),
    };
    for option in options() {
        if let Some(field) = section.get(option.name) {
            let value = match option.kind {
                ParameterKind::Integer { min, max, .. } => {
                    field.whole(min.into(), max.into())? as f64
                }
                ParameterKind::Number { min, max, .. } => field.number([min, max])?,
                ParameterKind::Choice(choices) => {
                    let words: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                    let word = field.word(&words)?;
                    views::number_of(option, word).unwrap_or(f64::NAN)
                }
                _ => continue,
            };
            view.set_option(option, value);
        }
    }
    if let Some(field) = section.get("plane")
        && view.axes(metadata).is_none()
    {
        return Err(field.error(messages::experiment::plane_of_other_variables()));
    }
    Ok(view)
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

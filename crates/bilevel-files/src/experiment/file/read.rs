//! The reader of experiment files.

use bilevel::method;
use bilevel::numerics::Point;
use bilevel::problem::{
    self, FORMULA, ParameterError, ParameterKind, ParameterValue, Problem, Settings, nearest,
};
use bilevel::run::{Points, StopRules};
use toml::de::DeTable;

use super::document::{ANY, DocumentTable, DocumentText, DocumentValue, ReadError};
use super::read_formula::read_model;
use super::read_view::{check_vary, read_view};
use crate::messages;
use crate::{Experiment, MethodSpec, PlanError, ProblemSpec, StartSpec};

/// The largest accepted file size, in bytes.
pub const LARGEST_FILE: u64 = 1 << 20;

/// The top-level keys of a file.
const KEYS: &[&str] = &[
    "title",
    "about",
    "source",
    "iterations",
    "seed",
    "seeds",
    "start",
    "starts",
    "record_every",
    "record_points",
    "diverge_at",
    "problem",
    "method",
    "stop",
    "view",
];

/// The range of positive numbers.
const POSITIVE: [f64; 2] = [1e-300, 1e300];

impl Experiment {
    /// Reads an experiment; `name` is the file's name in errors.
    pub fn read(name: &str, text: &str) -> Result<Self, ReadError> {
        let source = DocumentText { name, text };
        // a binary file can be valid Unicode, and a message from TOML's grammar would not help there
        if let Some(place) = text.find('\0') {
            return Err(source.error(&(place..place), messages::experiment::not_text()));
        }
        let document = DeTable::parse(text).map_err(|error| {
            let what = error
                .message()
                .lines()
                .next()
                .unwrap_or(messages::experiment::not_toml())
                .to_owned();
            source.error(&error.span().unwrap_or(0..0), what)
        })?;
        let top = DocumentTable::top(source, document.get_ref());
        top.only(KEYS)?;
        let problem = read_problem(&top)?;
        let instance = problem.build();
        if let Some(fault) = instance.fault() {
            return Err(at_parameter(&top, fault.parameter, &fault.reason));
        }
        let experiment = Self {
            title: text_or(&top, "title", problem.entry.name)?,
            about: text_or(&top, "about", "")?,
            source: text_or(&top, "source", problem.entry.source)?,
            iterations: top
                .get("iterations")
                .map_or(Ok(1000), |field| field.whole(0, Self::MOST_ITERATIONS))?,
            seeds: read_seeds(&top)?,
            starts: read_starts(&top, &*instance)?,
            record_every: top
                .get("record_every")
                .map_or(Ok(1), |field| field.whole(1, Self::MOST_ITERATIONS))?,
            record_points: top
                .get("record_points")
                .map(read_record_points)
                .transpose()?,
            diverge_at: top
                .get("diverge_at")
                .map(|field| field.number(POSITIVE))
                .transpose()?,
            methods: read_methods(&top)?,
            stop: read_stop(&top)?,
            view: read_view(&top, &*instance)?,
            problem,
        };
        match experiment.check(&*instance) {
            Ok(()) => {
                check_vary(&top, &experiment)?;
                Ok(experiment)
            }
            Err(error) => Err(place_of(&top, &experiment, &error)),
        }
    }
}

/// Places an error of the whole plan at the key that causes it.
fn place_of(top: &DocumentTable<'_>, experiment: &Experiment, error: &PlanError) -> ReadError {
    let message = error.to_string();
    let field = match error {
        PlanError::Shape { .. } | PlanError::Outside { .. } => {
            top.get("start").or_else(|| top.get("starts"))
        }
        PlanError::TooMany(_) => top.get("seeds").or_else(|| top.get("starts")),
        PlanError::Refused { label, .. } | PlanError::Parameter { label, .. } => {
            let number = experiment
                .methods
                .iter()
                .position(|method| method.label == *label);
            let methods = top
                .get("method")
                .and_then(|field| field.list(messages::experiment::tables()).ok());
            methods
                .zip(number)
                .and_then(|(methods, number)| methods.get(number).copied())
        }
    };
    match field {
        Some(field) => field.error(message),
        None => top.source.error(&(0..0), message),
    }
}

/// Places an error about the problem at its parameter or, if that is not in the file, at the table.
fn at_parameter(top: &DocumentTable<'_>, parameter: &'static str, message: &str) -> ReadError {
    let table = top.get("problem");
    let section = table.and_then(|field| field.section("[problem]").ok());
    match section.and_then(|section| section.get(parameter)).or(table) {
        Some(field) => field.error(message),
        None => top.source.error(&(0..0), message),
    }
}

fn text_or(
    section: &DocumentTable<'_>,
    key: &'static str,
    default: &str,
) -> Result<String, ReadError> {
    section
        .get(key)
        .map_or(Ok(default), |field| field.text())
        .map(ToOwned::to_owned)
}

fn read_problem(top: &DocumentTable<'_>) -> Result<ProblemSpec, ReadError> {
    let field = top.get("problem").ok_or_else(|| {
        let message = messages::experiment::no_problem(top.name);
        top.source.error(&(0..0), message)
    })?;
    let section = field.section("[problem]")?;
    let ids: Vec<&str> = problem::all().map(|entry| entry.id).collect();
    let id = section
        .get("id")
        .ok_or_else(|| field.error(messages::experiment::problem_without_id(&ids)))?;
    let entry = problem::find(id.text()?).ok_or_else(|| {
        let given = id.text().unwrap_or_default();
        let hint = nearest::hint(given, &ids);
        id.error(messages::experiment::unknown_problem(given, &hint))
    })?;
    if entry.id == FORMULA.id {
        let settings = Settings::of_model(read_model(&field, &section)?);
        return Ok(ProblemSpec { entry, settings });
    }
    let mut settings = Settings::new(entry.parameters);
    for field in section.fields() {
        if field.name != "id" {
            read_parameter(&field, &section, &mut settings)?;
        }
    }
    Ok(ProblemSpec { entry, settings })
}

/// The possible values of `expect`.
pub(crate) const STATUSES: [&str; 5] = ["converged", "budget", "diverged", "stopped", "failed"];

/// The keys of a method that are not its parameters.
const OWN_KEYS: [&str; 6] = ["id", "label", "expect", "colour", "note", "pinned"];

fn read_methods(top: &DocumentTable<'_>) -> Result<Vec<MethodSpec>, ReadError> {
    let tables = top
        .get("method")
        .ok_or_else(|| {
            let message = messages::experiment::no_method(top.name);
            top.source.error(&(0..0), message)
        })?
        .list(messages::experiment::method_tables())?;
    let ids: Vec<&str> = method::METHODS.iter().map(|entry| entry.id).collect();
    let mut methods: Vec<MethodSpec> = Vec::new();
    for table in tables {
        let section = table.section("[[method]]")?;
        let id = section
            .get("id")
            .ok_or_else(|| table.error(messages::experiment::method_without_id(&ids)))?;
        let entry = method::find(id.text()?).ok_or_else(|| {
            let given = id.text().unwrap_or_default();
            let hint = nearest::hint(given, &ids);
            id.error(messages::experiment::unknown_method(given, &hint))
        })?;
        let mut settings = Settings::new(entry.parameters);
        for field in section.fields() {
            if !OWN_KEYS.contains(&field.name) {
                read_parameter(&field, &section, &mut settings)?;
            }
        }
        let label = match section.get("label") {
            Some(field) => read_label(&field, &methods)?,
            None => crate::unused_label(entry.id, &methods),
        };
        let expect = section
            .get("expect")
            .map(|field| field.word(&STATUSES))
            .transpose()?;
        methods.push(MethodSpec {
            entry,
            settings,
            label,
            expect,
            colour: section
                .get("colour")
                .map(|it| read_colour(&it))
                .transpose()?,
            note: section
                .get("note")
                .map(|it| read_note(&it))
                .transpose()?
                .unwrap_or_default(),
            is_pinned: section
                .get("pinned")
                .map(|it| it.truth())
                .transpose()?
                .unwrap_or_default(),
        });
    }
    Ok(methods)
}

fn read_label(field: &DocumentValue<'_>, methods: &[MethodSpec]) -> Result<String, ReadError> {
    let label = field.text()?;
    let others = methods.iter().map(|method| method.label.as_str());
    match label_error(label, others) {
        Some(message) => Err(field.error(message)),
        None => Ok(label.to_owned()),
    }
}

/// The reason why a text cannot be a label beside those of other methods; `None` if it can.
pub fn label_error<'a>(label: &str, mut others: impl Iterator<Item = &'a str>) -> Option<String> {
    if label.trim().is_empty() || label.chars().count() > 60 || label.chars().any(char::is_control)
    {
        Some(messages::experiment::wrong_label().to_owned())
    } else if others.any(|other| other == label) {
        Some(messages::experiment::two_labels(label))
    } else {
        None
    }
}

/// The most characters of a note.
pub const LONGEST_NOTE: usize = 300;

fn read_note(field: &DocumentValue<'_>) -> Result<String, ReadError> {
    let note = field.text()?.trim();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(field.error(messages::experiment::wrong_note(LONGEST_NOTE)));
    }
    Ok(note.to_owned())
}

/// Reads a colour such as `"#0072B2"`.
fn read_colour(field: &DocumentValue<'_>) -> Result<[u8; 3], ReadError> {
    let digits = field.text()?.strip_prefix('#').unwrap_or_default();
    let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
    let [_, rgb @ ..] = code
        .ok_or_else(|| field.expected(messages::experiment::colour()))?
        .to_be_bytes();
    Ok(rgb)
}

/// Sets a parameter from a field in the table of a problem or a method.
fn read_parameter(
    field: &DocumentValue<'_>,
    section: &DocumentTable<'_>,
    settings: &mut Settings,
) -> Result<(), ReadError> {
    let value = if field.is_list() {
        let items = field.list(messages::experiment::numbers())?;
        let numbers: Option<Vec<f64>> = items.iter().map(DocumentValue::any_number).collect();
        ParameterValue::List(
            numbers
                .ok_or_else(|| field.error(messages::experiment::no_list_of_numbers(field.name)))?,
        )
    } else if let Some(number) = field.any_number() {
        ParameterValue::Number(number)
    } else {
        let text = field.text()?;
        let parameter = settings.parameter(field.name).ok();
        match parameter.map(|parameter| parameter.kind) {
            Some(ParameterKind::Data(form)) if !form.words().contains(&text) => {
                let read = form.read(text);
                ParameterValue::Data(read.map_err(|error| field.error(error.to_string()))?)
            }
            _ => ParameterValue::Choice(text.to_owned()),
        }
    };
    settings
        .set(field.name, value)
        .map_err(|error| match error {
            ParameterError::Unknown { name, hint } => field.error(
                messages::experiment::unknown_key(&name, section.name, &hint),
            ),
            ParameterError::Value { .. } => field.error(error.to_string()),
        })
}

fn read_seeds(top: &DocumentTable<'_>) -> Result<Vec<u64>, ReadError> {
    top.not_both("seed", "seeds")?;
    // the largest integer of TOML
    let most = i64::MAX as u64;
    if let Some(field) = top.get("seed") {
        return Ok(vec![field.whole(0, most)?]);
    }
    let Some(field) = top.get("seeds") else {
        return Ok(vec![0]);
    };
    let seeds: Vec<u64> = field
        .list(messages::experiment::whole_numbers())?
        .iter()
        .map(|seed| seed.whole(0, most))
        .collect::<Result<_, _>>()?;
    if seeds.is_empty() {
        return Err(field.error(messages::experiment::empty_seeds()));
    }
    Ok(seeds)
}

fn read_starts(
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
    let starts: Vec<StartSpec> = field
        .list(messages::experiment::starts())?
        .iter()
        .map(|start| read_start(start, problem))
        .collect::<Result<_, _>>()?;
    if starts.is_empty() {
        return Err(field.error(messages::experiment::empty_starts()));
    }
    Ok(starts)
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

fn read_record_points(field: DocumentValue<'_>) -> Result<Points, ReadError> {
    Ok(match field.word(&["all", "some", "ends", "none"])? {
        "all" => Points::All,
        "some" => Points::Some,
        "ends" => Points::Ends,
        _ => Points::None,
    })
}

fn read_stop(top: &DocumentTable<'_>) -> Result<StopRules, ReadError> {
    let Some(field) = top.get("stop") else {
        return Ok(StopRules::default());
    };
    let section = field.section("[stop]")?;
    section.only(&["gap", "gradient", "time_s"])?;
    let positive = |key| {
        section
            .get(key)
            .map(|field| field.number(POSITIVE))
            .transpose()
    };
    Ok(StopRules {
        gap: positive("gap")?,
        gradient: positive("gradient")?,
        time_s: positive("time_s")?,
    })
}

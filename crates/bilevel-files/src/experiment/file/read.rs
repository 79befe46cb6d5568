//! The reader of experiment files.

use bilevel::problem::{self, FORMULA, Problem, Settings, nearest};
use bilevel::run::{Points, StopRules};

use super::document::{DocumentTable, DocumentText, DocumentValue, ErrorList, ReadError};
use super::read_figure::check_hidden;
use super::read_formula::read_model;
use super::read_methods::read_methods;
use super::read_note::read_notes;
use super::read_parameter::read_parameter;
use super::read_starts::{read_seeds, read_starts};
use super::read_view::{check_vary, read_view};
use crate::messages;
use crate::{Experiment, ForkError, PlanError, ProblemSpec, ViewSpec};

/// The largest accepted file size, in bytes.
pub const LARGEST_FILE: u64 = 1 << 20;

/// The top-level keys of a file.
pub(crate) const KEYS: &[&str] = &[
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
    "note",
];

/// The keys of the rules for early stopping.
pub(crate) const STOP: &[&str] = &["gap", "gradient", "time_s"];

/// The range of positive numbers.
const POSITIVE: [f64; 2] = [1e-300, 1e300];

/// The most characters of a title, of the words about an experiment and of its source.
const LONGEST: [usize; 3] = [200, 4000, 500];

impl Experiment {
    /// Reads an experiment; `name` is the file's name in errors, and data are looked for beside it.
    ///
    /// # Errors
    /// All errors of the file that do not follow from another one, the first with the others.
    pub fn read(name: &str, text: &str) -> Result<Self, ReadError> {
        let source = DocumentText { name, text };
        let document = source.parsed()?;
        let top = DocumentTable::top(source, document.get_ref());
        if document.get_ref().is_empty() {
            // nothing else is missing in a file without anything
            return Err(source.error(&(0..0), messages::experiment::no_problem(top.name)));
        }
        if let Some(field) = top.get("step") {
            return Err(field.error(messages::lessons::is_a_lesson()));
        }
        Self::read_table(&top)
    }

    /// Reads an experiment from a table of a document, which is its whole content.
    pub(crate) fn read_table(top: &DocumentTable<'_>) -> Result<Self, ReadError> {
        let errors = ErrorList::default();
        errors.keep(top.only(KEYS));
        let problem = errors.keep(read_problem(top));
        let instance = problem.as_ref().map(ProblemSpec::build);
        let fault = instance.as_ref().and_then(|instance| instance.fault());
        if let Some(fault) = fault {
            errors.push(at_parameter(top, fault.parameter, &fault.reason));
        }
        // sizes are known only of a problem without faults
        let instance = instance.as_deref().filter(|_| fault.is_none());
        let read = read_all(top, problem, instance, &errors);
        let experiment = errors.or(read)?;
        for error in instance.map_or_else(Vec::new, |instance| experiment.faults(instance)) {
            errors.push(place_of(top, &experiment, &error));
        }
        errors.keep(check_vary(top, &experiment));
        errors.keep(check_hidden(top, &experiment));
        errors.or(Some(experiment))
    }
}

/// Reads everything but the problem; keeps the errors of each part.
fn read_all(
    top: &DocumentTable<'_>,
    problem: Option<ProblemSpec>,
    instance: Option<&dyn Problem>,
    errors: &ErrorList,
) -> Option<Experiment> {
    let names = problem.as_ref().map_or(["", ""], |problem| {
        [problem.entry.name, problem.entry.source]
    });
    let text = |key, default, most| errors.keep(text_or(top, key, default, most));
    let title = text("title", names[0], LONGEST[0]);
    let about = text("about", "", LONGEST[1]);
    let source = text("source", names[1], LONGEST[2]);
    let count = |key, least, default| {
        let field: Option<DocumentValue<'_>> = top.get(key);
        let count = field.map_or(Ok(default), |field| {
            field.whole(least, Experiment::MOST_ITERATIONS)
        });
        errors.keep(count)
    };
    let iterations = count("iterations", 0, 1000);
    let record_every = count("record_every", 1, 1);
    let record_points = top.get("record_points").map(read_record_points).transpose();
    let record_points = errors.keep(record_points);
    let diverge_at = top.get("diverge_at").map(|field| field.number(POSITIVE));
    let diverge_at = errors.keep(diverge_at.transpose());
    let seeds = errors.keep(read_seeds(top));
    let methods = errors.keep(read_methods(top));
    let stop = errors.keep(read_stop(top));
    let starts = errors.keep(instance.map_or(Ok(Vec::new()), |it| read_starts(top, it)));
    let view =
        errors.keep(instance.map_or_else(|| Ok(ViewSpec::default()), |it| read_view(top, it)));
    let notes = errors.keep(read_notes(top, instance));
    Some(Experiment {
        title: title?,
        about: about?,
        source: source?,
        iterations: iterations?,
        seeds: seeds?,
        starts: starts?,
        record_every: record_every?,
        record_points: record_points?,
        diverge_at: diverge_at?,
        methods: methods?,
        stop: stop?,
        view: ViewSpec {
            notes: notes?,
            ..view?
        },
        problem: problem?,
    })
}

/// Places an error of the whole plan at the key that causes it.
fn place_of(top: &DocumentTable<'_>, experiment: &Experiment, error: &PlanError) -> ReadError {
    let message = error.to_string();
    let field = match error {
        PlanError::Shape { number, .. } | PlanError::Outside { number, .. } => {
            let several = top.get("starts");
            let items = several.and_then(|field| field.list(messages::experiment::starts()).ok());
            let item = items.and_then(|items| items.get(number - 1).copied());
            top.get("start").or(item).or(several)
        }
        PlanError::TooMany(_) => top.get("seeds").or_else(|| top.get("starts")),
        PlanError::Refused { label, .. } | PlanError::Parameter { label, .. } => {
            table_of(top, experiment, label)
        }
        PlanError::Fork { label, error } => {
            let key = match error {
                ForkError::Beyond { .. } => "k",
                ForkError::Label { .. } | ForkError::Cycle(_) | ForkError::Depth => "run",
            };
            let table = table_of(top, experiment, label);
            let section = table.and_then(|table| table.section("[[method]]").ok());
            let from = section.and_then(|section| section.get("from"));
            let inner = from.and_then(|from| from.section("from").ok());
            inner.and_then(|inner| inner.get(key)).or(from)
        }
    };
    match field {
        Some(field) => field.error(message),
        None => top.error(message),
    }
}

/// The table of the method with a label.
fn table_of<'t>(
    top: &DocumentTable<'t>,
    experiment: &Experiment,
    label: &str,
) -> Option<DocumentValue<'t>> {
    let mut methods = experiment.methods.iter();
    let number = methods.position(|method| method.label == *label)?;
    let tables = top.get("method")?;
    let tables = tables.list(messages::experiment::tables()).ok()?;
    tables.get(number).copied()
}

/// Places an error about the problem at its parameter or, if that is not in the file, at the table.
fn at_parameter(top: &DocumentTable<'_>, parameter: &'static str, message: &str) -> ReadError {
    let table = top.get("problem");
    let section = table.and_then(|field| field.section("[problem]").ok());
    let field = section.and_then(|section| section.get(parameter));
    // a parameter of a table that is not given has its default for the data that are
    let data = || section.and_then(|section| section.get("data"));
    match field.or_else(data).or(table) {
        Some(field) => field.error(message),
        None => top.error(message),
    }
}

fn text_or(
    section: &DocumentTable<'_>,
    key: &'static str,
    default: &str,
    most: usize,
) -> Result<String, ReadError> {
    section
        .get(key)
        .map_or(Ok(default), |field| field.short_text(most))
        .map(ToOwned::to_owned)
}

fn read_problem(top: &DocumentTable<'_>) -> Result<ProblemSpec, ReadError> {
    let field = top.get("problem").ok_or_else(|| {
        let message = messages::experiment::no_problem(top.name);
        top.error(message)
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
    let errors = ErrorList::default();
    let mut settings = Settings::new(entry.parameters);
    for field in section.fields() {
        if field.name != "id" {
            errors.keep(read_parameter(&field, &section, &mut settings));
        }
    }
    errors.or(Some(ProblemSpec { entry, settings }))
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
    let errors = ErrorList::default();
    errors.keep(section.only(STOP));
    let positive = |key| {
        let field: Option<DocumentValue<'_>> = section.get(key);
        errors.keep(field.map(|field| field.number(POSITIVE)).transpose())
    };
    let [gap, gradient, time_s] = ["gap", "gradient", "time_s"].map(positive);
    errors.or(Some(StopRules {
        gap: gap.flatten(),
        gradient: gradient.flatten(),
        time_s: time_s.flatten(),
    }))
}

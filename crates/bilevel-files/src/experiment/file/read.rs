//! The reader of experiment files.

use bilevel::problem::{self, FORMULA, Problem, Settings, nearest};
use bilevel::run::{Points, StopRules};

use super::document::{DocumentTable, DocumentText, DocumentValue, ErrorList, ReadError};
use super::grammar::read_document;
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
        read_document(DocumentText { name, text }, |top| {
            if top.fields().is_empty() {
                // nothing else is missing in a file without anything
                return Err(top.error(messages::experiment::no_problem(top.name)));
            }
            if let Some(field) = top.get("step") {
                return Err(field.error(messages::lessons::is_a_lesson()));
            }
            Self::read_table(top)
        })
    }

    /// Reads an experiment from a table of a document, which is its whole content.
    pub(crate) fn read_table(top: &DocumentTable<'_>) -> Result<Self, ReadError> {
        let errors = ErrorList::default();
        errors.keep(top.only(KEYS));
        let problem = read_problem(top, &errors);
        let instance = problem.as_ref().map(ProblemSpec::build);
        let fault = instance.as_ref().and_then(|instance| instance.fault());
        if let Some(fault) = fault {
            errors.push(at_parameter(top, fault.parameter, &fault.reason));
        }
        // sizes are known only of a problem without faults
        let instance = instance.as_deref().filter(|_| fault.is_none());
        let (experiment, known) = read_all(top, problem, instance, &errors);
        check_plan(top, &experiment, (instance, known), &errors);
        errors.or(Some(experiment))
    }
}

/// The parts of an experiment that could be read, for checks of several parts.
#[derive(Clone, Copy)]
struct KnownParts {
    /// All methods with their labels.
    methods: bool,
    /// The starts.
    starts: bool,
    /// The seeds and the number of iterations.
    numbers: bool,
}

/// Reads everything but the problem, with defaults in place of parts with errors; keeps the errors of each part.
fn read_all(
    top: &DocumentTable<'_>,
    spec: Option<ProblemSpec>,
    instance: Option<&dyn Problem>,
    errors: &ErrorList,
) -> (Experiment, KnownParts) {
    let spec = spec.unwrap_or_else(|| ProblemSpec::new(FORMULA));
    let text = |key, default: &str, most| {
        let text = top.optional(key, errors, |field| field.short_text(most));
        text.unwrap_or(default).to_owned()
    };
    let count = |key, least| {
        let read = |field: &DocumentValue<'_>| field.whole(least, Experiment::MOST_ITERATIONS);
        top.optional(key, errors, read)
    };
    let iterations = count("iterations", 0);
    let seeds = errors.keep(read_seeds(top));
    let methods = read_methods(top, KEYS, errors);
    let starts = errors.keep(read_starts(top, instance));
    let view = read_view(top, instance, errors);
    let notes = errors.keep(read_notes(top, instance));
    let known = KnownParts {
        methods: methods.are_all_known,
        starts: starts.is_some(),
        numbers: seeds.is_some() && (iterations.is_some() || top.get("iterations").is_none()),
    };
    let experiment = Experiment {
        title: text("title", spec.entry.name, LONGEST[0]),
        about: text("about", "", LONGEST[1]),
        source: text("source", spec.entry.source, LONGEST[2]),
        iterations: iterations.unwrap_or(1000),
        seeds: seeds.unwrap_or_default(),
        starts: starts.unwrap_or_default(),
        record_every: count("record_every", 1).unwrap_or(1),
        record_points: top.optional("record_points", errors, read_record_points),
        diverge_at: top.optional("diverge_at", errors, |field| field.number(POSITIVE)),
        methods: methods.methods,
        stop: errors.keep(read_stop(top)).unwrap_or_default(),
        view: ViewSpec {
            notes: notes.unwrap_or_default(),
            ..view
        },
        problem: spec,
    };
    (experiment, known)
}

/// Checks what several parts of a file say together, as far as these parts could be read.
fn check_plan(
    top: &DocumentTable<'_>,
    experiment: &Experiment,
    (instance, known): (Option<&dyn Problem>, KnownParts),
    errors: &ErrorList,
) {
    let is_known = |error: &PlanError| match error {
        PlanError::TooMany(_) => known.methods && known.starts && known.numbers,
        PlanError::Refused { .. } | PlanError::Parameter { .. } => {
            known.methods && instance.is_some()
        }
        PlanError::Fork { .. } => known.methods && known.numbers,
        PlanError::Shape { .. } | PlanError::Outside { .. } => known.starts && instance.is_some(),
    };
    let other = instance.is_none().then(|| experiment.problem.build());
    if let Some(instance) = instance.or(other.as_deref()) {
        let faults = experiment.faults(instance).into_iter();
        for error in faults.filter(is_known) {
            errors.push(place_of(top, experiment, &error));
        }
    }
    if known.methods {
        errors.keep(check_vary(top, experiment));
        errors.keep(check_hidden(top, experiment));
    }
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

/// Reads the problem; keeps all errors.
fn read_problem(top: &DocumentTable<'_>, errors: &ErrorList) -> Option<ProblemSpec> {
    let field = top.needed("problem", KEYS, errors, || {
        top.error(messages::experiment::no_problem(top.name))
    })?;
    let section = errors.keep(field.section("[problem]"))?;
    let ids: Vec<&str> = problem::all().map(|entry| entry.id).collect();
    let Some(id) = section.get("id") else {
        errors.push(field.error(messages::experiment::problem_without_id(&ids)));
        return None;
    };
    let given = errors.keep(id.text())?;
    let Some(entry) = problem::find(given) else {
        let hint = nearest::hint(given, &ids);
        errors.push(id.error(messages::experiment::unknown_problem(given, &hint)));
        return None;
    };
    if entry.id == FORMULA.id {
        let are_misplaced = ["level", "levels"].iter().any(|key| top.get(key).is_some());
        let model = read_model(&field, &section, are_misplaced, errors)?;
        let settings = Settings::of_model(model);
        return Some(ProblemSpec { entry, settings });
    }
    let mut settings = Settings::new(entry.parameters);
    // the sizes of a problem may depend on each of its parameters
    let mut are_read = true;
    for field in section.fields() {
        if field.name != "id" {
            let read = errors.keep(read_parameter(&field, &section, &mut settings));
            are_read &= read.is_some();
        }
    }
    are_read.then_some(ProblemSpec { entry, settings })
}

fn read_record_points(field: &DocumentValue<'_>) -> Result<Points, ReadError> {
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

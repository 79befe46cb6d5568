//! `list`: lists of problems, methods, presets and lessons.

use anyhow::Result;
use bilevel::method::METHODS;
use bilevel::problem::{
    self, Class, DefaultValue, Metadata, Parameter, ParameterKind, Reference, Settings, Site,
};
use bilevel_files::{LessonHeading, lesson_headings, presets as shipped};
use serde_json::{Value, json};

use super::arguments::ListKind;
use super::catalogue::catalogue;
use super::console::{plain, print};
use super::glossary::glossary;

/// Prints a list, as text or as JSON.
pub(super) fn list(what: ListKind, as_json: bool) -> Result<()> {
    let entries = match what {
        ListKind::Problems => problem::all().map(problem).collect(),
        ListKind::Methods => METHODS.iter().map(method).collect(),
        ListKind::Presets => presets()?,
        ListKind::Lessons => lesson_headings().iter().map(lesson).collect(),
        ListKind::Catalogue => {
            print(catalogue().trim_end());
            return Ok(());
        }
        ListKind::Glossary => {
            print(glossary().trim_end());
            return Ok(());
        }
    };
    if as_json {
        print(&serde_json::to_string_pretty(&entries)?);
        return Ok(());
    }
    let width = entries
        .iter()
        .filter_map(|entry| entry["id"].as_str())
        .map(str::len)
        .max()
        .unwrap_or(0);
    let mut class = "";
    for entry in &entries {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        // only problems have classes, and they are listed class by class
        if text("class") != class {
            let gap = if class.is_empty() { "" } else { "\n" };
            class = text("class");
            print(&format!("{gap}{}", heading(class)));
        }
        print(&format!(
            "{:width$}  {}: {}",
            text("id"),
            text("name"),
            text("summary")
        ));
    }
    Ok(())
}

fn heading(word: &str) -> &'static str {
    let class = Class::ALL.iter().find(|class| class.word() == word);
    class.map_or("", |class| class.heading())
}

pub(super) const fn site(site: Site) -> &'static str {
    match site {
        Site::Interior => "interior",
        Site::Edge => "edge",
        Site::Jump => "jump",
    }
}

/// The most variables of which starts and boxes are listed: thousands of numbers in a list help nobody.
const MOST_VARIABLES: usize = 100;

/// The start, block by block; null if it has too many variables.
fn start(metadata: &Metadata) -> Value {
    let shape = metadata.shape();
    if shape.total() > MOST_VARIABLES {
        return Value::Null;
    }
    let blocks = (1..=shape.levels()).map(|level| &metadata.start[level]);
    json!(blocks.collect::<Vec<_>>())
}

/// The least and the greatest value of each variable, block by block, null for an infinite end; null in all if there
/// are too many variables.
fn limits(metadata: &Metadata) -> Value {
    let shape = metadata.shape();
    if shape.total() > MOST_VARIABLES {
        return Value::Null;
    }
    let finite = |value: f64| value.is_finite().then_some(value);
    let block = |level| {
        let limits = metadata.bounds.limits(level).iter();
        limits.map(|limits| limits.map(finite)).collect::<Vec<_>>()
    };
    json!((1..=shape.levels()).map(block).collect::<Vec<_>>())
}

fn problem(entry: &problem::ProblemInfo) -> Value {
    let instance = (entry.build)(&Settings::new(entry.parameters));
    let metadata = instance.metadata();
    let shape = metadata.shape();
    let optima: Vec<Value> = metadata
        .minima
        .iter()
        .map(|minimum| {
            json!({
                "kind": if minimum.is_global { "global" } else { "local" },
                "site": site(minimum.site),
                "value": minimum.value,
                "x": minimum.blocks,
                "reason": plain(minimum.reason),
            })
        })
        .collect();
    json!({
        "id": entry.id,
        "name": entry.name,
        "class": entry.class.word(),
        "summary": plain(entry.summary),
        "source": entry.source,
        "references": references(entry.references),
        "parameters": parameters(entry.parameters),
        "dimensions": (1..=shape.levels()).map(|level| shape.size(level)).collect::<Vec<_>>(),
        "metrics": metadata.metrics.iter().map(|metric| metric.name).collect::<Vec<_>>(),
        "box": limits(metadata),
        "start": start(metadata),
        "minima": &optima,
        "optima": &optima,
    })
}

fn references(references: &[Reference]) -> Vec<Value> {
    let describe = |reference: &Reference| {
        json!({
            "key": reference.key,
            "authors": reference.authors,
            "title": reference.title,
            "year": reference.year,
            "arxiv": reference.arxiv,
            "bibtex": reference.bibtex(),
        })
    };
    references.iter().map(describe).collect()
}

fn method(entry: &bilevel::method::MethodInfo) -> Value {
    json!({
        "id": entry.id,
        "name": entry.name,
        "summary": plain(entry.summary),
        "source": entry.source,
        "references": references(entry.references),
        "assumes": plain(entry.assumes),
        "parameters": parameters(entry.parameters),
    })
}

fn presets() -> Result<Vec<Value>> {
    let preset = |preset: &bilevel_files::Preset| {
        let experiment = preset.read()?;
        Ok(json!({
            "id": preset.name,
            "name": experiment.title,
            "summary": experiment.about,
            "source": experiment.source,
            "parameters": [],
            "problem": experiment.problem.entry.id,
        }))
    };
    shipped::all().map(preset).collect()
}

fn lesson(heading: &LessonHeading) -> Value {
    json!({
        "id": heading.name,
        "name": heading.title,
        "summary": plain(&heading.summary),
        "steps": heading.steps,
    })
}

fn parameters(table: &[Parameter]) -> Vec<Value> {
    let describe = |parameter: &Parameter| {
        let (kind, min, max, choices) = match parameter.kind {
            ParameterKind::Number { min, max, .. } => {
                ("number", json!(min), json!(max), Value::Null)
            }
            ParameterKind::Integer { min, max, .. } => {
                ("integer", json!(min), json!(max), Value::Null)
            }
            ParameterKind::Choice(choices) => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                ("choice", Value::Null, Value::Null, json!(words))
            }
            ParameterKind::Part { max, .. } => ("integer", json!(1), json!(max), Value::Null),
            ParameterKind::Data(_) => ("data", Value::Null, Value::Null, Value::Null),
            ParameterKind::Column => ("column", Value::Null, Value::Null, Value::Null),
            ParameterKind::Columns => ("columns", Value::Null, Value::Null, Value::Null),
        };
        let default = match parameter.default {
            DefaultValue::Number(number) => json!(number),
            DefaultValue::Choice(word) => json!(word),
            DefaultValue::SameAs(_) => Value::Null,
        };
        let meaning = match parameter.default {
            DefaultValue::SameAs(other) => format!(
                "{} Default: the value of {other}.",
                plain(parameter.meaning)
            ),
            _ => plain(parameter.meaning),
        };
        json!({
            "name": parameter.name,
            "type": kind,
            "default": default,
            "min": min,
            "max": max,
            "choices": choices,
            "meaning": meaning,
        })
    };
    table.iter().map(describe).collect()
}

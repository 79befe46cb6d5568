//! The sections of a report: header, figures with the scrubber, results, settings, and the experiment.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bilevel::problem::{ParameterValue, Problem, Settings};
use bilevel_files::{Experiment, RunResult, Table, TableCell};

use super::escape::{escaped, plain};
use crate::view::{AnyView, Fineness};
use crate::{brief, messages};

/// The columns of results that are left out.
const LEFT_OUT: [&str; 4] = ["distance", "gradients", "products", "values"];

/// The subject of a report: an experiment whose runs have ended.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// The name under which it was opened, for an experiment without a title.
    pub name: &'a str,
    /// Its problem.
    pub problem: &'a Arc<dyn Problem>,
    /// Its runs.
    pub results: &'a [RunResult],
    /// The fineness of the figures.
    pub fineness: Fineness,
    /// The number of threads; as many as cores if not given.
    pub threads: Option<usize>,
}

/// The title, what the experiment is about, and its source.
pub(super) fn header(subject: &Subject<'_>) -> String {
    let experiment = subject.experiment;
    let mut text = String::from("<header>\n");
    let title = if experiment.title.is_empty() {
        escaped(subject.name)
    } else {
        plain(&experiment.title)
    };
    // writing to a String cannot fail
    let _ok = writeln!(text, "<h1>{title}</h1>");
    if !experiment.about.is_empty() {
        let _ok = writeln!(text, "<p class=\"about\">{}</p>", plain(&experiment.about));
    }
    if !experiment.source.is_empty() {
        let source = messages::source_of_report(&plain(&experiment.source));
        let _ok = writeln!(text, "<p class=\"weak\">{source}</p>");
    }
    text.push_str("</header>\n<main>\n");
    text
}

/// The beginning of the section of figures, with the scrubber, which the script shows.
pub(super) fn scrubber(iterations: &[u64]) -> String {
    let last = iterations.len().saturating_sub(1);
    let list: Vec<String> = iterations.iter().map(ToString::to_string).collect();
    let end = iterations.last().copied().unwrap_or(0);
    format!(
        "<section aria-labelledby=\"h-figures\">\n<h2 id=\"h-figures\">{}</h2>\n\
         <div id=\"scrub\" class=\"scrub\" data-at=\"{}\" hidden>\n\
         <button id=\"play\" type=\"button\" aria-pressed=\"false\">{}</button>\n\
         <input id=\"place\" type=\"range\" min=\"0\" max=\"{last}\" value=\"{last}\" aria-label=\"{}\">\n\
         <output id=\"at\" for=\"place\">{end}</output>\n</div>\n",
        messages::figures_of_report(),
        list.join(" "),
        messages::play(),
        messages::iteration_of_report(),
    )
}

/// A figure with its caption. `svg` is markup.
pub(super) fn figure_section(view: &dyn AnyView, svg: &str) -> String {
    let info = view.info();
    format!(
        "<figure>\n<div class=\"wide\">\n{svg}</div>\n<figcaption>{}: {}.</figcaption>\n</figure>\n",
        escaped(&capitalized(info.title)),
        plain(info.meaning)
    )
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The table of results, with the sentences on runs that ended early.
pub(super) fn results_section(subject: &Subject<'_>) -> String {
    let outcomes: Vec<_> = subject
        .results
        .iter()
        .filter_map(|run| run.outcome_row(run.end.as_ref().map(|end| end.verdict)))
        .collect();
    let table = narrow(Table::of(subject.experiment, &outcomes, None)).for_readers();
    let mut text = format!(
        "<section aria-labelledby=\"h-results\">\n<h2 id=\"h-results\">{}</h2>\n<div class=\"wide\">\n{}</div>\n",
        messages::results_of_report(),
        table_text(&table)
    );
    let said: Vec<String> = subject
        .results
        .iter()
        .filter(|run| !run.status.message().is_empty())
        .map(|run| {
            let label = &subject.experiment.methods[run.key.method].label;
            let sentence = plain(run.status.message());
            format!("<li><b>{}</b>: {sentence}</li>\n", escaped(label))
        })
        .collect();
    if !said.is_empty() {
        let _ok = write!(text, "<ul class=\"weak\">\n{}</ul>\n", said.concat());
    }
    let _ok = write!(
        text,
        "<p class=\"weak\">{}</p>\n</section>\n",
        messages::columns_of_report()
    );
    text
}

/// A table without the columns that a page has no room for.
fn narrow(table: Table) -> Table {
    let kept = table.head.iter().filter(|head| !LEFT_OUT.contains(head));
    let kept: Vec<String> = kept.map(|head| (*head).to_owned()).collect();
    table.choose(&kept).unwrap_or(table)
}

/// A table of results as HTML.
fn table_text(table: &Table) -> String {
    let mut text = String::from("<table>\n<thead>\n<tr>");
    let is_text = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| matches!(cell, TableCell::Text(_)))
    };
    let class = |column: usize| if is_text(column) { "" } else { " class=\"n\"" };
    for (column, head) in table.head.iter().enumerate() {
        let head = head.replace("phi", "φ").replace(" - ", " − ");
        let _ok = write!(
            text,
            "<th scope=\"col\"{}>{}</th>",
            class(column),
            escaped(&head)
        );
    }
    text.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        text.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let words = escaped(&cell.short()).replace('-', "−");
            let words = match cell {
                TableCell::Text(text) => escaped(text),
                _ => words,
            };
            if column == 0 {
                let _ok = write!(text, "<th scope=\"row\">{words}</th>");
            } else {
                let _ok = write!(text, "<td{}>{words}</td>", class(column));
            }
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    text
}

/// The problem and the parameters of each method.
pub(super) fn settings_section(subject: &Subject<'_>) -> String {
    let experiment = subject.experiment;
    let entry = experiment.problem.entry;
    let mut text = format!(
        "<section aria-labelledby=\"h-settings\">\n<h2 id=\"h-settings\">{}</h2>\n<dl>\n",
        messages::settings_of_report()
    );
    let mut pair = |name: &str, value: &str| {
        let _ok = write!(text, "<dt>{name}</dt>\n<dd>{value}</dd>\n");
    };
    pair(
        messages::problem_of_report(),
        &format!(
            "{}<br>{}",
            escaped(entry.name),
            settings_text(&experiment.problem.settings)
        ),
    );
    let counts = [
        experiment.iterations,
        experiment.starts.len().max(1) as u64,
        experiment.seeds.len() as u64,
    ];
    pair(
        messages::runs_of_report(),
        &messages::counts_of_report(counts),
    );
    for method in &experiment.methods {
        let mut value = settings_text(&method.settings);
        if method.label != method.entry.name {
            value = format!("{}<br>{value}", escaped(method.entry.name));
        }
        pair(&escaped(&method.label), &value);
    }
    text.push_str("</dl>\n</section>\n");
    text
}

/// The values of parameters, each with its name.
fn settings_text(settings: &Settings) -> String {
    let values = settings.iter_set().map(|(name, value)| {
        let value = match value {
            ParameterValue::Number(number) => brief(*number, 6),
            ParameterValue::List(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(|one| brief(*one, 6)).collect();
                numbers.join(", ")
            }
            ParameterValue::Choice(word) => word.clone(),
            ParameterValue::Words(words) => words.join(", "),
            ParameterValue::Data(set) => set.name().to_owned(),
        };
        format!(
            "<code>{}&nbsp;=&nbsp;{}</code>",
            escaped(name),
            escaped(&value)
        )
    });
    values.collect::<Vec<_>>().join(" ")
}

/// The experiment as a file to be saved, and as text.
pub(super) fn experiment_section(subject: &Subject<'_>) -> String {
    let text = subject.experiment.write();
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<section aria-labelledby=\"h-experiment\">\n<h2 id=\"h-experiment\">{}</h2>\n\
         <p><a download=\"{}\" href=\"data:application/toml;base64,{}\">{}</a></p>\n\
         <details>\n<summary>{}</summary>\n<pre>\n{}</pre>\n</details>\n</section>\n</main>\n\
         <footer><p class=\"weak\">{}</p></footer>\n",
        messages::experiment_of_report(),
        crate::EXPERIMENT_FILE,
        STANDARD.encode(text.as_bytes()),
        messages::save_experiment(crate::EXPERIMENT_FILE),
        messages::show_experiment(),
        escaped(&text),
        messages::made_with(version),
    )
}

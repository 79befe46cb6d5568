//! The results of `run`: trace, summary, tables, pictures and a line for each run.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::RunSpec;
use bilevel::study::Verdict;
use bilevel_figure::{AnyView, Fineness, Format, draw_until, view_of_word};
use bilevel_files::{
    DiagnosticsTable, Experiment, OutcomeRow, ResultSet, RowSpool, RunKey, RunResult, Shard, Table,
    TraceLayout,
};
use serde_json::{Value, json};

use super::arguments::{PageArgs, RunArgs};
use super::console::{complain, is_quiet, plain, say};
use super::interrupt::Interrupt;
use super::messages;
use super::output::tell_undrawn;
use super::progress::with_spinner;

/// The views that `run` draws besides the one that an experiment names.
const VIEWS: [&str; 2] = ["race", "landscape"];

/// A finished execution.
pub(super) struct RunOutput {
    pub(super) experiment: Experiment,
    pub(super) problem: Arc<dyn Problem>,
    pub(super) finished: Vec<RunResult>,
    /// The verdict of each run, if it has one.
    pub(super) verdicts: Vec<Option<Verdict>>,
    /// The part of the summary on each run of an earlier call.
    pub(super) entries: Vec<Option<Value>>,
    pub(super) layout: TraceLayout,
    /// The rows of the runs, unless the runs hold them.
    pub(super) spool: Option<RowSpool>,
    /// The number of runs that were asked for.
    pub(super) asked: usize,
}

/// The names of the pictures, each with its view and format: the usual views that suit the problem, and the one that the
/// experiment names.
pub(super) fn picture_names(
    formats: &[Format],
    experiment: &Experiment,
) -> Vec<(String, &'static dyn AnyView, Format)> {
    let problem = experiment.problem.build();
    let named = experiment.view.kind.map(bilevel_figure::view);
    let usual = VIEWS.into_iter().filter_map(view_of_word);
    let suited = usual.filter(|view| view.needs(&*problem).is_ok());
    let mut views: Vec<&'static dyn AnyView> = suited.collect();
    if let Some(named) = named
        && views.iter().all(|view| view.info().id != named.info().id)
    {
        views.push(named);
    }
    let with_name = |format: &Format| {
        let format = *format;
        views.iter().map(move |view| {
            let name = format!("{}.{}", view.info().id, format.ending());
            (name, *view, format)
        })
    };
    formats.iter().flat_map(with_name).collect()
}

impl RunOutput {
    pub(super) fn write_trace(&self, writer: &mut dyn Write) -> std::io::Result<()> {
        let mut table = csv::Writer::from_writer(&mut *writer);
        table.write_record(self.layout.header(&*self.problem))?;
        table.flush()?;
        drop(table);
        for run in &self.finished {
            if let Some(spool) = &self.spool
                && spool.copy(run.key, writer)?
            {
                continue;
            }
            let mut table = csv::Writer::from_writer(&mut *writer);
            let rows = (&self.experiment, run.key, &run.trace);
            self.layout
                .write_rows(&mut table, rows, 0..run.trace.len())?;
            table.flush()?;
        }
        Ok(())
    }

    /// Adds the table of the quantities of steps; an interrupt leaves it out.
    pub(super) fn add_diagnostics(&self, set: &mut ResultSet, interrupt: &Interrupt) -> Result<()> {
        let specs = self.experiment.runs(&self.problem)?;
        let specs: HashMap<RunKey, RunSpec> = specs.into_iter().collect();
        let columns = Some(DiagnosticsTable::header());
        let added = with_spinner(messages::repeating_steps(), || {
            set.add(DiagnosticsTable::FILE, columns, |writer| {
                let mut table = csv::Writer::from_writer(writer);
                table.write_record(DiagnosticsTable::header())?;
                for run in &self.finished {
                    let Some(spec) = specs.get(&run.key) else {
                        continue;
                    };
                    let run = (run.key, spec, run.iterations);
                    let token = &interrupt.token;
                    DiagnosticsTable::write_rows(&mut table, &self.experiment, run, token)?;
                }
                table.flush()
            })
        });
        match added {
            Err(_) if interrupt.is_raised() => Ok(()),
            added => Ok(added?),
        }
    }

    pub(super) fn summary(&self, call: &RunArgs, token: &WorkToken) -> Value {
        let without = WorkToken::default();
        without.cancel();
        let referee = if call.no_referee { &without } else { token };
        let (experiment, problem) = (&self.experiment, &*self.problem);
        let mut summary =
            bilevel_files::summary_until(experiment, problem, &self.finished, referee);
        for (place, entry) in self.entries.iter().enumerate() {
            if let Some(entry) = entry {
                summary["runs"][place] = entry.clone();
            }
        }
        let threads = call.threads.count();
        bilevel_files::add_context(
            &mut summary,
            experiment,
            problem,
            (&self.finished, threads),
            referee,
        );
        if call.part.get() != Shard::WHOLE {
            summary["shard"] = json!(call.part.get().to_string());
        }
        if token.is_cancelled() {
            summary["complete"] = json!(false);
        }
        summary
    }

    fn outcomes(&self) -> Vec<OutcomeRow<'_>> {
        let runs = self.finished.iter().zip(&self.verdicts);
        let rows = runs.filter_map(|(run, verdict)| run.outcome_row(*verdict));
        rows.collect()
    }

    /// The table of the runs' results, a row each.
    pub(super) fn table(&self) -> Table {
        Table::of(&self.experiment, &self.outcomes(), None)
    }

    /// The table of the methods' results, a row each.
    pub(super) fn table_of_methods(&self) -> Table {
        let outcomes = self.outcomes();
        let mut table = Table::of_methods(&self.experiment, &outcomes, None);
        table.add_means(&outcomes);
        table
    }

    /// Draws the pictures; returns the errors of those that fail.
    pub(super) fn draw(
        &self,
        set: &mut ResultSet,
        (formats, page): (&[Format], PageArgs),
        interrupt: &Interrupt,
    ) -> Vec<String> {
        let own = &self.experiment.view.figure.page;
        let mut failed = Vec::new();
        for (name, view, format) in picture_names(formats, &self.experiment) {
            if interrupt.is_raised() {
                break;
            }
            let picture = with_spinner(messages::computing_view(view.info().id), || {
                draw_until(
                    (view, page.page_size(own, view.proportion()), format),
                    (&self.experiment, &self.problem, &self.finished),
                    Fineness::Full,
                    &interrupt.token,
                )
            });
            if interrupt.is_raised() {
                break; // it may show half of its data
            }
            let written = picture.map_err(anyhow::Error::from).and_then(|picture| {
                tell_undrawn(&self.experiment, &picture.undrawn);
                Ok(set.add(&name, None, |writer| writer.write_all(&picture.file))?)
            });
            if let Err(error) = written {
                failed.push(messages::no_picture(&name, &format!("{error:#}")));
            }
        }
        failed
    }

    /// The number of runs that went to the end, and of all.
    pub(super) fn counts(&self) -> [usize; 2] {
        let ended = self
            .finished
            .iter()
            .filter(|run| run.status.word() != "stopped");
        [ended.count(), self.asked]
    }

    /// Status 1 if a run ended otherwise than expected.
    pub(super) fn code(&self) -> ExitCode {
        if self.finished.iter().all(|run| self.is_expected(run)) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn is_expected(&self, run: &RunResult) -> bool {
        match self.experiment.methods[run.key.method].expect {
            Some(expected) => expected == run.status.word(),
            None => !run.status.is_failure(),
        }
    }

    /// Prints an error for each run that ended otherwise than it should, where no line of each run is printed.
    pub(super) fn complain_of_failures(&self) {
        for run in self.finished.iter().filter(|run| !self.is_expected(run)) {
            let method = &self.experiment.methods[run.key.method];
            let places = [run.key.start + 1, run.key.seed as usize];
            complain(&messages::unexpected_end(
                (&method.label, places),
                (run.status.word(), run.iterations),
                run.status.message(),
                method.expect,
            ));
        }
    }

    /// Prints a line per run.
    pub(super) fn report(&self, summary: &Value) {
        if is_quiet() {
            self.complain_of_failures();
            return;
        }
        let methods = self.experiment.methods.iter();
        let width = methods.map(|method| method.label.chars().count()).max();
        let width = width.unwrap_or(0);
        let entries = summary["runs"].as_array().into_iter().flatten();
        for (run, entry) in self.finished.iter().zip(entries) {
            let method = &self.experiment.methods[run.key.method];
            let mut line = messages::run(
                (&method.label, width),
                [&entry["start"].to_string(), &entry["seed"].to_string()],
                run.status.word(),
                run.iterations,
                [
                    &number(&entry["final"]["f"][0]),
                    &number(&entry["final"]["gap"]),
                ],
            );
            if let Some(verdict) = entry["end"]["verdict"].as_str() {
                line = format!("{line}  {verdict}");
                if let Some(index) = entry["end"]["index"].as_u64() {
                    line = format!("{line} {index}");
                }
            }
            if !run.status.message().is_empty() {
                line.push_str(&messages::message_of_run(run.status.message()));
            }
            if let Some(expected) = method.expect.filter(|_| !self.is_expected(run)) {
                line.push_str(&messages::expected_status(expected));
            }
            say(&line);
        }
        report_reasons(summary);
        report_lines(summary, width);
    }
}

/// Prints the reasons of the ends without a verdict, each once.
fn report_reasons(summary: &Value) {
    let entries = summary["runs"].as_array().into_iter().flatten();
    let reasons: BTreeSet<&str> = entries
        .filter_map(|entry| entry["end"]["reason"].as_str())
        .collect();
    for reason in reasons {
        say(&messages::reason_of_unknown(&plain(reason)));
    }
}

/// Prints the metrics of the runs beside those of reference models, if the problem has any.
fn report_lines(summary: &Value, width: usize) {
    let Some(lines) = summary["lines"].as_array() else {
        return;
    };
    let say_metrics = |name: &Value, metrics: &Value| {
        let metrics = metrics.as_object().into_iter().flatten();
        let words: Vec<String> = metrics
            .filter_map(|(metric, value)| Some(format!("{metric} = {:.4}", value.as_f64()?)))
            .collect();
        let name = name.as_str().unwrap_or_default();
        say(&format!("{name:width$}  {}", words.join("  ")));
    };
    for run in summary["runs"].as_array().into_iter().flatten() {
        say_metrics(&run["run"], &run["final"]["metrics"]);
    }
    for line in lines {
        say_metrics(&line["name"], &line["metrics"]);
    }
}

fn number(value: &Value) -> String {
    value.as_f64().map_or_else(
        || messages::unknown_number().to_owned(),
        |number| format!("{number:.6e}"),
    )
}

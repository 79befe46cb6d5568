//! The results folder of a command, or the standard output in its place.

use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_figure::UndrawnNote;
use bilevel_files::{
    Experiment, ExperimentId, Replaced, ResultSet, SetKind, SetRequest, Table, TableStyle,
};

use super::arguments::{FolderArgs, TableFormat};
use super::console::note;
use super::interrupt::Interrupt;
use super::messages;

/// Begins the set of a command, before anything is computed. `names` are its files besides the table of data, the JSON
/// file and the tables of results.
pub(super) fn begin(
    call: &FolderArgs,
    kind: SetKind,
    id: &ExperimentId,
    names: Vec<String>,
) -> Result<ResultSet> {
    let mut all = vec![kind.data().to_owned()];
    all.extend(
        call.tables
            .iter()
            .map(|format| table_name(kind.word(), *format)),
    );
    all.extend(names);
    let request = SetRequest {
        kind,
        id: id.clone(),
        names: all,
        is_forced: call.force,
    };
    Ok(ResultSet::new(&call.out, request)?)
}

/// Refuses tables and figures where the table of data goes to the standard output.
pub(super) fn check_standard_output(call: &FolderArgs, has_figures: bool) -> Result<()> {
    if !call.tables.is_empty() || has_figures || call.force {
        bail!(messages::only_data_on_output());
    }
    Ok(())
}

/// Adds a table of results in the formats of a call.
pub(super) fn add_tables(
    set: &mut ResultSet,
    stem: &str,
    formats: &[TableFormat],
    table: &Table,
) -> Result<()> {
    for format in formats {
        let text = format.of(table, &TableStyle::default())?;
        set.add(&table_name(stem, *format), None, |writer| {
            writer.write_all(text.as_bytes())
        })?;
    }
    Ok(())
}

/// The name of a table of results. A table in CSV must not have the name of the table of data.
pub(super) fn table_name(stem: &str, format: TableFormat) -> String {
    let ending = format.ending();
    let name = format!("{stem}.{ending}");
    if SetKind::ALL.iter().any(|kind| kind.data() == name) {
        format!("{stem}-table.{ending}")
    } else {
        name
    }
}

/// Names the files of earlier results that were removed, and those that stay.
pub(super) fn report(replaced: &Replaced) {
    if !replaced.removed.is_empty() {
        note(&messages::removed(&replaced.removed.join(", ")));
    }
    if !replaced.kept.is_empty() {
        note(&messages::kept(&replaced.kept.join(", ")));
    }
}

/// Prints the notes that a figure does not show.
pub(super) fn tell_undrawn(experiment: &Experiment, undrawn: &[UndrawnNote]) {
    for it in undrawn {
        let text = &experiment.view.notes[it.number - 1].text;
        note(&messages::note_of_figure(it.number, text, &it.reason));
    }
}

/// The exit status of a command that a signal has ended before any of its runs had, over earlier results: these stay.
/// `None` if there is something to write.
pub(super) fn code_of_nothing(
    set: &ResultSet,
    interrupt: &Interrupt,
    [done, all]: [usize; 2],
) -> Option<ExitCode> {
    if !interrupt.is_raised() || done > 0 || !set.has_earlier() {
        return None;
    }
    note(&messages::interrupted(done, all));
    note(messages::earlier_stay());
    Some(interrupt.code())
}

/// The exit status of a command whose files are written: that of the signal, if there was one, after a word on it.
pub(super) fn code_of(interrupt: &Interrupt, [done, all]: [usize; 2], code: ExitCode) -> ExitCode {
    if !interrupt.is_raised() {
        return code;
    }
    note(&messages::interrupted(done, all));
    interrupt.code()
}

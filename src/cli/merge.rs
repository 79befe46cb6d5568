//! `merge`: the parts that `--shard` computed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_files::{
    MergedRuns, RefereeRows, RunOptions, SetKind, SurveyPart, Table, TuningPart, judge_stored,
    kind_of_parts,
};

use super::arguments::FolderArgs;
use super::console::write_bytes;
use super::interrupt::Interrupt;
use super::messages;
use super::output;
use super::progress::with_spinner;
use super::{survey, tune};

/// Joins parts, writes the whole and prints its summary.
pub(super) fn merge(parts: &[PathBuf], call: &FolderArgs) -> Result<ExitCode> {
    // a signal ends the command before its files change, or after
    let interrupt = Interrupt::watch()?;
    if call.is_standard_output() {
        output::check_standard_output(call, false)?;
    }
    let real = |path: &PathBuf| path.canonicalize().ok();
    let out = real(&call.out);
    if let Some(part) = parts.iter().find(|part| out.is_some() && real(part) == out) {
        bail!(messages::merge_into_part(&part.display().to_string()));
    }
    match kind_of_parts(parts)? {
        SetKind::Run => runs(parts, call, &interrupt),
        SetKind::Tuning => tunings(parts, call, &interrupt),
        SetKind::Basins | SetKind::Sweep => surveys(parts, call, &interrupt),
    }
}

fn surveys(parts: &[PathBuf], call: &FolderArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let (merged, id) = SurveyPart::merge(parts)?;
    if call.is_standard_output() {
        write_bytes(merged.csv()?.as_bytes());
    } else if !interrupt.is_raised() {
        let mut set = output::begin(call, merged.kind().set(), &id, Vec::new())?;
        survey::write(&mut set, &merged, call)?;
    }
    Ok(code_of(interrupt))
}

fn tunings(parts: &[PathBuf], call: &FolderArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let (merged, id) = TuningPart::merge(parts)?;
    if call.is_standard_output() {
        write_bytes(merged.csv()?.as_bytes());
    } else if !interrupt.is_raised() {
        let names = vec![tune::TUNED.to_owned()];
        let mut set = output::begin(call, SetKind::Tuning, &id, names)?;
        tune::write(&mut set, &merged, call)?;
    }
    Ok(code_of(interrupt))
}

fn runs(parts: &[PathBuf], call: &FolderArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let token = &interrupt.token;
    let merged = with_spinner(messages::reading_results(), || {
        MergedRuns::read(parts, token)
    })?;
    if call.is_standard_output() {
        let trace = merged
            .tables
            .iter()
            .find(|one| one.name == SetKind::Run.data());
        let mut text = Vec::new();
        trace.map_or(Ok(()), |trace| trace.write(&mut text))?;
        write_bytes(&text);
        return Ok(code_of(interrupt));
    }
    if interrupt.is_raised() {
        return Ok(code_of(interrupt));
    }
    let names = merged.tables.iter().map(|table| table.name.to_owned());
    let mut set = output::begin(call, SetKind::Run, &merged.id, names.collect())?;
    for table in &merged.tables {
        set.add(table.name, Some(table.columns.clone()), |writer| {
            table.write(writer)
        })?;
    }
    let summary = merged.summary();
    if !call.tables.is_empty() {
        let table = table_of_runs(merged, interrupt)?;
        if interrupt.is_raised() {
            return Ok(code_of(interrupt)); // it may lack values of the referee
        }
        output::add_tables(&mut set, SetKind::Run.word(), &call.tables, &table)?;
    }
    output::report(&set.publish(summary)?);
    Ok(code_of(interrupt))
}

/// The table of the runs, with the referee's values.
fn table_of_runs(mut merged: MergedRuns, interrupt: &Interrupt) -> Result<Table> {
    let referee = if merged.is_judged() {
        RefereeRows::All
    } else {
        RefereeRows::None
    };
    let options = RunOptions {
        referee,
        ..RunOptions::default()
    };
    with_spinner(messages::judging_results(), || {
        judge_stored(&mut merged.stored, options, &interrupt.token)
    })?;
    let stored = &merged.stored;
    Ok(Table::of(&stored.experiment, &stored.outcomes(), None))
}

/// The exit status of a command without runs of its own.
fn code_of(interrupt: &Interrupt) -> ExitCode {
    output::code_of(interrupt, [0, 0], ExitCode::SUCCESS)
}

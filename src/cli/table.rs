//! `table`: a table of the results in a folder.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_files::{RunOptions, StoredRuns, SurveyPart, Table, TableStyle, judge_stored};
use clap::ValueEnum as _;

use super::arguments::experiment::is_standard_output;
use super::arguments::{TableArgs, TableFormat};
use super::console::write_bytes;
use super::interrupt::Interrupt;
use super::messages;
use super::output::code_of;
use super::progress::with_spinner;

/// Makes a table of the results in a folder.
pub(super) fn table(call: &TableArgs) -> Result<ExitCode> {
    let is_printed = is_standard_output(&call.out);
    let format = if is_printed {
        TableFormat::Md
    } else {
        let format = format_of(&call.out)?;
        bilevel_files::probe_file(&call.out)?;
        format
    };
    let style = style_of(call, format)?;
    let interrupt = Interrupt::watch()?;
    let mut table = if StoredRuns::is_in(&call.folder) {
        table_of_runs(call, &interrupt)?
    } else {
        SurveyPart::read(&call.folder)?.files.table()
    };
    if interrupt.is_raised() {
        return Ok(code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
    }
    if !call.columns.is_empty() {
        table = table.choose(&call.columns).map_err(anyhow::Error::msg)?;
    }
    let text = format.of(&table, &style)?;
    if is_printed {
        write_bytes(text.as_bytes());
    } else {
        bilevel_files::write_file(&call.out, |writer| writer.write_all(text.as_bytes()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The style of a call, if its format has it.
fn style_of(call: &TableArgs, format: TableFormat) -> Result<TableStyle> {
    let style = TableStyle {
        digits: usize::try_from(call.digits)?,
        is_bold: call.bold,
        is_siunitx: call.siunitx,
        caption: call.caption.clone(),
        label: call.label.clone(),
    };
    let usual = TableStyle::default();
    if format == TableFormat::Csv && (style.is_bold || style.digits != usual.digits) {
        bail!(messages::full_in_csv());
    }
    let is_plain = !style.is_siunitx && style.caption.is_empty() && style.label.is_empty();
    if format != TableFormat::Tex && !is_plain {
        bail!(messages::only_in_latex());
    }
    Ok(style)
}

fn table_of_runs(call: &TableArgs, interrupt: &Interrupt) -> Result<Table> {
    let token = &interrupt.token;
    let mut stored = with_spinner(messages::reading_results(), || {
        StoredRuns::read(&call.folder, token)
    })?;
    with_spinner(messages::judging_results(), || {
        judge_stored(&mut stored, RunOptions::default(), token)
    })?;
    let outcomes = stored.outcomes();
    if !call.by_method {
        return Ok(Table::of(&stored.experiment, &outcomes, None));
    }
    let mut table = Table::of_methods(&stored.experiment, &outcomes, None);
    table.add_means(&outcomes);
    Ok(table)
}

fn format_of(out: &Path) -> Result<TableFormat> {
    let ending = out.extension().unwrap_or_default().to_string_lossy();
    let format = TableFormat::from_str(&ending, true).ok();
    match format {
        Some(format) => Ok(format),
        None => bail!(messages::unknown_table_format(&out.display().to_string())),
    }
}

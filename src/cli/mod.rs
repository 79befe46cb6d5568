//! The jobs of the window without one.
//!
//! Exit status: 0 done; 1 a run ended otherwise than its `expect` says; 2 the call or a file is wrong.

mod arguments;
mod catalogue;
mod figure;
mod list;
mod progress;
mod run;
mod survey;
mod tune;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

pub use arguments::{Arguments, CliCommand};

/// What was typed; else the exit status after a page of help or a sentence on what is wrong.
pub fn read() -> std::result::Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        if error.use_stderr() {
            complain(&arguments::usage_error(&error))
        } else {
            // with nobody to read the help, there is nothing to do
            let _closed = error.print();
            ExitCode::SUCCESS
        }
    })
}

/// Carries out a command; what went wrong is said in one sentence.
pub fn dispatch(command: CliCommand) -> ExitCode {
    match try_to(command) {
        Ok(code) => code,
        Err(error) => complain(&format!("{error:#}")),
    }
}

/// Says what is wrong with the call or a file.
pub fn complain(message: &str) -> ExitCode {
    // with nobody to read it, there is nobody to tell either
    let _closed = writeln!(std::io::stderr(), "error: {message}");
    ExitCode::from(2)
}

fn try_to(command: CliCommand) -> Result<ExitCode> {
    match command {
        CliCommand::List { what, json } => list::list(what, json)?,
        CliCommand::Check { files } => return Ok(check(&files)),
        CliCommand::Run {
            file,
            out,
            figures,
            tables,
            iterations,
            threads,
        } => {
            let call = run::RunArgs {
                file,
                out,
                figures,
                tables,
                iterations,
                threads: threads.map(usize::from),
            };
            return run::run(&call);
        }
        CliCommand::Figure {
            file,
            out,
            view,
            page,
        } => figure::figure(&file, &out, bilevel_figure::view(view), page)?,
        CliCommand::Tune {
            file,
            out,
            trials,
            judge,
            tables,
            iterations,
            threads,
        } => tune::tune(&tune::TuneArgs {
            file,
            out,
            effort: trials.effort(),
            judge,
            tables,
            iterations,
            threads: threads.map(usize::from),
        })?,
        CliCommand::Basins {
            file,
            methods,
            survey,
        } => survey::basins(&file, methods, &survey)?,
        CliCommand::Sweep { file, vary, survey } => survey::sweep(&file, vary, &survey)?,
        CliCommand::Merge { parts, out, tables } => survey::merge(&parts, &out, &tables)?,
        CliCommand::Claims {
            out,
            quick,
            threads,
        } => {
            let report = bilevel_claims::claims(&bilevel_claims::ClaimsRequest {
                out,
                is_quick: quick,
                threads: threads.map(usize::from),
                documents: crate::embedded::DOCUMENTS,
            })?;
            for line in &report.lines {
                say(line);
            }
            if !report.agrees {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Goes through all files, whatever is wrong with some of them.
fn check(files: &[String]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        match bilevel_files::open(file) {
            Ok(found) => say(&format!("{file}: ok, {} runs", found.run_count())),
            Err(error) => code = complain(&error.to_string()),
        }
    }
    code
}

/// A line for whoever reads; a reader that is gone is no error.
fn say(line: &str) {
    let _closed = writeln!(std::io::stdout(), "{line}");
}

//! Command-line interface: everything the window does, headless.
//!
//! Exit status: 0 success; 1 a run ended otherwise than its `expect` says; 2 the call or a file is invalid.

mod arguments;
mod catalogue;
mod figure;
mod glossary;
mod list;
mod messages;
mod minima;
mod progress;
mod run;
mod survey;
mod tune;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

pub use arguments::{Arguments, CliCommand};

/// Reads the arguments.
///
/// # Errors
/// If the help was asked for or the call is invalid: the exit status, after the help or an error message is printed.
pub fn read() -> std::result::Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        if error.use_stderr() {
            complain(&arguments::usage_error(&error))
        } else {
            // if the help cannot be printed, there is nobody to read it
            let _closed = error.print();
            ExitCode::SUCCESS
        }
    })
}

/// Carries out a command; prints an error in one sentence.
pub fn dispatch(command: CliCommand) -> ExitCode {
    match try_to(command) {
        Ok(code) => code,
        Err(error) => complain(&format!("{error:#}")),
    }
}

/// Prints an error about the call or a file; returns the exit status 2.
pub fn complain(message: &str) -> ExitCode {
    // if it cannot be printed, there is nobody to read it
    let _closed = writeln!(std::io::stderr(), "{}", messages::error(message));
    ExitCode::from(2)
}

fn try_to(command: CliCommand) -> Result<ExitCode> {
    match command {
        CliCommand::List { what, json } => list::list(what, json)?,
        CliCommand::Check { files } => return Ok(check(&files)),
        CliCommand::Minima { file, json } => minima::minima(&file, json)?,
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

/// Checks all files, and reports every invalid one.
fn check(files: &[String]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        match bilevel_files::open(file) {
            Ok(found) => {
                say(&messages::file_is_right(file, found.run_count()));
                if let Some(data) = found.problem.build().data_summary() {
                    say(&messages::data_of_file(file, &data));
                }
            }
            Err(error) => {
                for line in error.to_string().lines() {
                    code = complain(line);
                }
            }
        }
    }
    code
}

/// Prints a line; a closed output is no error.
fn say(line: &str) {
    let _closed = writeln!(std::io::stdout(), "{line}");
}

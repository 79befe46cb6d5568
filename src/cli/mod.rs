//! Command-line interface: everything the window does, headless.
//!
//! Exit status: 0 success; 1 a run ended otherwise than its `expect` says, or a claim of a lesson does not hold; 2 the
//! call or a file is invalid, or output was lost; 3 a picture could not be drawn, and the numbers are written; 130 and
//! 143 a signal ended the command in complete files.

mod animation;
mod arguments;
mod catalogue;
mod check;
mod claims;
mod console;
mod figure;
mod glossary;
mod interrupt;
mod list;
mod memory_need;
mod merge;
mod messages;
mod minima;
mod opened;
mod output;
mod pages;
mod progress;
mod report;
mod run;
mod run_output;
mod survey;
mod table;
mod tune;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

pub use arguments::{Arguments, CliCommand};
pub use console::complain;

use console::Verbosity;

/// Reads the arguments.
///
/// # Errors
/// If the help was asked for or the call is invalid: the exit status, after the help or an error message is printed.
pub fn read() -> std::result::Result<Arguments, ExitCode> {
    let arguments = Arguments::try_parse().map_err(|error| {
        if error.use_stderr() {
            let words: Vec<String> = std::env::args_os()
                .skip(1)
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            return complain(&arguments::usage::usage_error(&error, &words));
        }
        if let Err(error) = error.print() {
            console::keep(error);
        }
        console::code_after_output(ExitCode::SUCCESS)
    })?;
    let is_of_window = arguments.fresh || arguments.threads.is_some();
    let is_wrong = match arguments.command {
        None => false,
        Some(CliCommand::Lesson { .. }) => arguments.file.is_some(),
        Some(_) => arguments.file.is_some() || is_of_window,
    };
    if is_wrong {
        return Err(complain(messages::window_and_command()));
    }
    let verbosity = arguments.verbosity;
    console::set_verbosity(match (verbosity.quiet, verbosity.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Usual,
    });
    Ok(arguments)
}

/// Carries out a command; prints an error in one sentence.
pub fn dispatch(command: CliCommand) -> ExitCode {
    match execute(command) {
        Ok(code) => console::code_after_output(code),
        Err(error) => complain(&format!("{error:#}")),
    }
}

/// The message on a name that the window cannot open: a mistyped command is no missing file.
pub fn open_error(name: &str, error: &str) -> String {
    match arguments::usage::near_command(name) {
        Some(command) if !name.contains(['.', '/', '\\']) => messages::unknown_name(name, &command),
        _ => error.to_owned(),
    }
}

fn execute(command: CliCommand) -> Result<ExitCode> {
    match command {
        CliCommand::List { what, json } => list::list(what, json)?,
        CliCommand::Show { file, line } => pages::show(&file, line)?,
        CliCommand::Check { files, json } => return Ok(check::check(&files, json)),
        // the window shows it
        CliCommand::Lesson { name } => drop(bilevel_files::open_lesson(&name)?),
        CliCommand::Minima { file, json } => minima::minima(&file, json)?,
        CliCommand::Run(call) => return run::run(&call),
        CliCommand::Figure(call) if call.animation.animate => return animation::animation(&call),
        CliCommand::Figure(call) => return figure::figure(&call),
        CliCommand::Report(call) => return report::report(&call),
        CliCommand::Handout(call) => return report::handout(&call),
        CliCommand::Table(call) => return table::table(&call),
        CliCommand::Tune(call) => return tune::tune(&call),
        CliCommand::Basins { survey } => return survey::basins(&survey),
        CliCommand::Sweep { vary, survey } => return survey::sweep(vary, &survey),
        CliCommand::Merge { parts, folder } => return merge::merge(&parts, &folder),
        CliCommand::Claims {
            out,
            quick,
            threads,
        } => {
            return claims::claims(bilevel_claims::ClaimsRequest {
                out,
                is_quick: quick,
                threads: threads.count(),
                documents: crate::embedded::DOCUMENTS,
            });
        }
        CliCommand::Completions { shell } => pages::completions(shell),
        CliCommand::Man { out } => pages::man(out.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}

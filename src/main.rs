//! Chooses between the window and the command line.

use std::process::ExitCode;

use bilevel::run::Executor;
use bilevel_files::{names_lesson, open_lesson};
use bilevel_lab::app::{self, Opening};
use bilevel_lab::cli::{self, CliCommand};
use bilevel_lab::embedded;

/// The preset of a first start.
const FIRST: &str = "welcome";

fn main() -> ExitCode {
    embedded::register_presets();
    let arguments = match cli::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let mut file = arguments.file;
    let lesson = match arguments.command {
        Some(CliCommand::Lesson { name }) => Some(name),
        Some(command) => return cli::dispatch(command),
        None => file.take_if(|name| names_lesson(name)),
    };
    let lesson = lesson.map(|name| match open_lesson(&name) {
        Ok(lesson) => Ok((name, lesson)),
        Err(error) => Err(error.to_string()),
    });
    let lesson = match lesson.transpose() {
        Ok(lesson) => lesson,
        Err(error) => return cli::complain(&error),
    };
    let open = |name: String| match embedded::open(&name) {
        Ok(experiment) => Ok((name, experiment)),
        Err(error) => Err(cli::open_error(&name, &error.to_string())),
    };
    let opened = file.map(open).transpose();
    let (given, first) = match (opened, open(FIRST.to_owned())) {
        (Ok(given), Ok(first)) => (given, first),
        (Err(error), _) | (_, Err(error)) => return cli::complain(&error),
    };
    let threads = arguments
        .threads
        .and_then(|threads| usize::try_from(threads).ok());
    let executor = Executor::new(threads.unwrap_or_else(Executor::default_threads));
    let opening = Opening {
        given,
        lesson,
        first,
        is_fresh: arguments.fresh,
    };
    match app::launch(opening, executor) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::complain(&error.to_string()),
    }
}

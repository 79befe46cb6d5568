//! Chooses between the window and the command line.

use std::process::ExitCode;

use bilevel::run::Executor;
use bilevel_lab::app::{self, Opening};
use bilevel_lab::{cli, embedded};

/// The preset of a first start.
const FIRST: &str = "welcome";

fn main() -> ExitCode {
    embedded::register_presets();
    let arguments = match cli::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    if let Some(command) = arguments.command {
        return cli::dispatch(command);
    }
    let open = |name: String| match embedded::open(&name) {
        Ok(experiment) => Ok((name, experiment)),
        Err(error) => Err(cli::open_error(&name, &error.to_string())),
    };
    let opened = arguments.file.map(open).transpose();
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
        first,
        is_fresh: arguments.fresh,
    };
    match app::launch(opening, executor) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::complain(&error.to_string()),
    }
}

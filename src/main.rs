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
    let open = |name: String| embedded::open(&name).map(|experiment| (name, experiment));
    let opened = arguments.file.map(open).transpose();
    let (given, first) = match (opened, open(FIRST.to_owned())) {
        (Ok(given), Ok(first)) => (given, first),
        (Err(error), _) | (_, Err(error)) => return cli::complain(&error.to_string()),
    };
    let threads = arguments.threads.map(usize::from);
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

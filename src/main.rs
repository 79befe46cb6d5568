//! Chooses between the window and the command line.

use std::process::ExitCode;

use bilevel::run::Executor;
use bilevel_lab::{app, cli, embedded};

fn main() -> ExitCode {
    embedded::register_presets();
    let arguments = match cli::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    if let Some(command) = arguments.command {
        return cli::dispatch(command);
    }
    let name = arguments.file.unwrap_or_else(|| "welcome".to_owned());
    let experiment = match embedded::open(&name) {
        Ok(experiment) => experiment,
        Err(error) => return cli::complain(&error.to_string()),
    };
    let threads = arguments.threads.map(usize::from);
    let executor = Executor::new(threads.unwrap_or_else(Executor::default_threads));
    match app::launch(&name, experiment, executor) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::complain(&error.to_string()),
    }
}

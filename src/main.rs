//! Chooses between the window and the command line.

use std::process::ExitCode;

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
    match app::launch(&name, experiment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::complain(&error.to_string()),
    }
}

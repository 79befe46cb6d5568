//! `claims`: the claims of two papers, measured.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bilevel_claims::ClaimsRequest;

use super::console::{complain, say};
use super::interrupt::Interrupt;
use super::messages;
use super::output;

/// The interval at which a signal is noticed.
const PATIENCE: Duration = Duration::from_millis(50);
/// The stack of the measuring thread, that of the main thread.
const STACK: usize = 8 << 20;

/// Measures the claims and writes their documents; status 1 if a verdict is not the one of the window's list.
///
/// The measurement has a thread of its own, which a signal leaves behind: it writes no file.
pub(super) fn claims(request: ClaimsRequest) -> Result<ExitCode> {
    let interrupt = Interrupt::watch()?;
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || bilevel_claims::measure(&request));
    let thread = thread.context(messages::no_workers())?;
    while !thread.is_finished() {
        if interrupt.is_raised() {
            return Ok(output::code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
        }
        std::thread::sleep(PATIENCE);
    }
    let measured = thread.join();
    let measured = measured.unwrap_or_else(|payload| std::panic::resume_unwind(payload))?;
    let report = measured.write()?;
    for line in &report.lines {
        say(line);
    }
    let code = if report.agrees {
        ExitCode::SUCCESS
    } else {
        complain(messages::verdicts_differ());
        ExitCode::FAILURE
    };
    Ok(code)
}

//! `figure --animate`: an animation of a view over the iterations.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bilevel_figure::{
    AnimationError, AnimationFormat, AnimationPlan, AnimationProgress, AnimationSubject, Fineness,
    PageSize, animate, check_ffmpeg,
};
use bilevel_files::{Experiment, check_frame_folder, probe_file, write_file, write_frames};

use super::arguments::FigureArgs;
use super::arguments::experiment::is_standard_output;
use super::console::say;
use super::figure::{runs_of, survey_kind};
use super::interrupt::Interrupt;
use super::messages;
use super::output::code_of;
use super::progress::Progress;

/// Draws an animation into a file, or its frames into a folder.
pub(super) fn animation(call: &FigureArgs) -> Result<ExitCode> {
    let view = bilevel_figure::view(call.view);
    let format = format_of(call)?;
    if survey_kind(call)?.is_some() {
        bail!(messages::survey_stays());
    }
    match format {
        AnimationFormat::Files(_) => check_frame_folder(&call.out)?,
        _ => probe_file(&call.out)?,
    }
    if format == AnimationFormat::Mp4 {
        check_ffmpeg()?;
    }
    let interrupt = Interrupt::watch()?;
    let page_size = |experiment: &Experiment| -> Result<PageSize> {
        let own = &experiment.view.figure.page;
        let mut page_size = call.page.page_size(own, view.proportion());
        if !call.page.has_resolution() {
            page_size.dpi = AnimationPlan::DPI;
        }
        page_size.check_pixels()?;
        Ok(page_size)
    };
    let runs = (&call.experiment, call.threads);
    let drawn = runs_of(runs, None, &interrupt, |experiment| {
        page_size(experiment).map(|_| ())
    })?;
    let plan = AnimationPlan {
        format,
        timing: call.animation.timing(),
        page_size: page_size(&drawn.experiment)?,
        limit: call.animation.limit(),
        threads: call.threads.count(),
    };
    let subject = AnimationSubject {
        view,
        experiment: &drawn.experiment,
        problem: &drawn.problem,
        results: &drawn.results,
        fineness: Fineness::Full,
    };
    let progress = Progress::new("", 1, 0);
    let reports = AnimationProgress {
        begin: &|words, units| progress.begin(words, units as u64),
        advance: &|| progress.advance(1),
    };
    let made = animate(subject, &plan, &interrupt.token, reports);
    progress.finish();
    let made = match made {
        Err(AnimationError::Cancelled) => None,
        made => Some(made?),
    };
    let Some(made) = made.filter(|_| !interrupt.is_raised()) else {
        return Ok(code_of(&interrupt, [0, 0], ExitCode::SUCCESS));
    };
    match (format, &made.files[..]) {
        (AnimationFormat::Files(format), frames) => {
            write_frames(&call.out, format.ending(), frames)?;
        }
        (_, [file]) => write_file(&call.out, |writer| writer.write_all(file))?,
        _ => {}
    }
    let name = call.out.display().to_string();
    let size = bilevel_figure::size_in_words(made.files.iter().map(Vec::len).sum());
    let count = made.iterations.len();
    say(&messages::animation(
        &name,
        count,
        made.pixels,
        made.seconds,
        &size,
    ));
    if let Some(remark) = &made.remark {
        say(&messages::remark_on(&name, remark));
    }
    Ok(ExitCode::SUCCESS)
}

/// The format of the call's file; a name without an extension is a folder.
fn format_of(call: &FigureArgs) -> Result<AnimationFormat> {
    if is_standard_output(&call.out) {
        bail!(messages::animation_is_no_output());
    }
    let ending = Path::new(&call.out).extension();
    let known = ending.and_then(|ending| AnimationFormat::of_ending(&ending.to_string_lossy()));
    match known {
        Some(format) if !call.out.is_dir() => Ok(format),
        None if ending.is_some() && !call.out.is_dir() => {
            let name = call.out.display().to_string();
            bail!(messages::unknown_animation_format(&name))
        }
        _ => Ok(AnimationFormat::Files(call.animation.format.format())),
    }
}

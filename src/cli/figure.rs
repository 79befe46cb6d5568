//! `figure`: one figure of an experiment.

use std::path::Path;

use anyhow::{Result, bail};
use bilevel::numerics::WorkToken;
use bilevel_figure::{Format, View, draw, proportion, surveyed};

use super::arguments::Page;
use super::progress::finish;

/// Draws one figure of an experiment into a file.
pub(crate) fn figure(file: &str, out: &Path, view: View, page: Page) -> Result<()> {
    let format = format_of(out)?;
    let paper = page.paper(proportion(view));
    // better known before the work than after it
    if format == Format::Png {
        paper.check_pixels()?;
    }
    let experiment = bilevel_files::open(file)?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    if matches!(view, View::Atlas | View::Sweep) {
        let sheet = surveyed(view, &experiment, &problem, paper.theme)?;
        let picture = sheet.file(&paper, format)?;
        bilevel_files::write_file(out, |writer| writer.write_all(&picture))?;
        return Ok(());
    }
    let finished = finish(&experiment, &problem, None)?;
    let picture = draw((view, paper, format), &experiment, &*problem, &finished)?;
    bilevel_files::write_file(out, |writer| writer.write_all(&picture))?;
    Ok(())
}

fn format_of(out: &Path) -> Result<Format> {
    let ending = out
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match Format::of_ending(&ending) {
        Some(format) => Ok(format),
        None if ending == "pdf" => {
            bail!("pdf does not exist yet; name the figure OUT.svg or OUT.png")
        }
        None => bail!(
            "the format of {} is not known; name the figure OUT.svg or OUT.png",
            out.display()
        ),
    }
}

//! `figure`: one figure of an experiment.

use std::path::Path;

use anyhow::{Result, bail};
use bilevel::numerics::WorkToken;
use bilevel_figure::{AnyView, Fineness, Format, draw};

use super::arguments::PageArgs;
use super::messages;
use super::progress::{finish, with_spinner};

/// Draws one figure of an experiment into a file.
pub(crate) fn figure(file: &str, out: &Path, view: &dyn AnyView, page: PageArgs) -> Result<()> {
    let format = format_of(out)?;
    let page_size = page.page_size(view.proportion());
    // an error of the page size is reported before the work, not after it
    if format == Format::Png {
        page_size.check_pixels()?;
    }
    let experiment = bilevel_files::open(file)?;
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let finished = finish(&recorded, &problem, None)?;
    let file = (view, page_size, format);
    let picture = with_spinner(messages::computing_view(view.info().id), || {
        draw(file, &experiment, &problem, &finished, Fineness::Full)
    })?;
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
            bail!(messages::no_pdf_of_figure())
        }
        None => bail!(messages::unknown_format(&out.display().to_string())),
    }
}

//! Figures of an experiment on a page with a legend, as the bytes of a file.

use bilevel_files::Experiment;
use thiserror::Error;

use super::pdf::{PdfError, pdf};
use super::png::{PngError, png};
use super::svg::svg;
use crate::{
    Figure, FigureArrangement, LegendEntry, Page, PageSize, PageSizeError, Swatch, Theme,
    method_looks,
};

/// An error of making the file of a page.
#[derive(Debug, Error)]
pub enum PageError {
    /// The page size is invalid.
    #[error(transparent)]
    Paper(#[from] PageSizeError),
    /// The PDF file cannot be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The PNG file cannot be made.
    #[error(transparent)]
    Png(#[from] PngError),
}

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Vector graphics.
    Svg,
    /// Vector graphics for documents, with embedded fonts.
    Pdf,
    /// Pixel graphics.
    Png,
}

impl Format {
    /// The format of a file name's extension; `None` for any other.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "pdf" => Some(Self::Pdf),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// The extension of a file name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Png => "png",
        }
    }
}

/// A page with figures of an experiment, and a legend of the methods whose slots are shown.
///
/// `remark` goes into the metadata after the version and before the experiment file, as a comment: the metadata can be
/// opened as an experiment file.
pub fn compose<'a>(
    experiment: &Experiment,
    figures: Vec<Figure<'a>>,
    is_shown: impl Fn(usize) -> bool,
    remark: &str,
    theme: Theme,
) -> Page<'a> {
    let looks = method_looks(&experiment.methods);
    let methods = experiment.methods.iter().zip(looks).enumerate();
    let shown = methods.filter(|(slot, _)| is_shown(*slot));
    Page {
        title: experiment.title.clone(),
        figures,
        arrangement: FigureArrangement::Free,
        legend: shown
            .map(|(_, (method, look))| LegendEntry {
                looks: Swatch::Method(look.style(theme)),
                label: method.label.clone(),
            })
            .collect(),
        metadata: format!(
            "# Bilevel Lab {}{remark}\n{}",
            env!("CARGO_PKG_VERSION"),
            experiment.write()
        ),
    }
}

impl Page<'_> {
    /// The same page with another arrangement.
    #[must_use]
    pub fn arranged(mut self, arrangement: FigureArrangement) -> Self {
        self.arrangement = arrangement;
        self
    }

    /// The same page with another legend.
    #[must_use]
    pub fn keyed(mut self, legend: Vec<LegendEntry>) -> Self {
        self.legend = legend;
        self
    }

    /// The page as the bytes of a file.
    ///
    /// # Errors
    /// If a measure of the page is out of range, or the file cannot be encoded.
    pub fn file(&self, page_size: &PageSize, format: Format) -> Result<Vec<u8>, PageError> {
        match format {
            Format::Svg => {
                page_size.check()?;
                Ok(svg(self, page_size).into_bytes())
            }
            Format::Pdf => Ok(pdf(self, page_size)?),
            Format::Png => Ok(png(self, page_size)?),
        }
    }
}

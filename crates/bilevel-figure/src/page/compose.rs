//! Figures of an experiment on a page with a legend, as the bytes of a file.

use bilevel_files::Experiment;
use thiserror::Error;

use super::data::data;
use super::pdf::{PdfError, pdf};
use super::png::{PngError, png};
use super::svg::svg;
use crate::{
    Figure, FigureArrangement, Layer, LegendEntry, Page, PageSize, PageSizeError, Swatch, Symbol,
    Theme, messages, method_looks,
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
    /// The series as text, for programs that draw them.
    Dat,
}

impl Format {
    /// The format of a file name's extension; `None` for any other.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "pdf" => Some(Self::Pdf),
            "png" => Some(Self::Png),
            "dat" => Some(Self::Dat),
            _ => None,
        }
    }

    /// The extension of a file name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Dat => "dat",
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
        iteration: None,
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

/// The entries of the legend for runs that failed, and for those that leave the picture, if figures show some.
fn endings(figures: &[Figure<'_>]) -> Vec<LegendEntry> {
    let layers = || {
        figures
            .iter()
            .flat_map(|figure| figure.layers.iter().map(move |layer| (figure, layer)))
    };
    let is_inside = |figure: &Figure<'_>, at: [f64; 2]| {
        let ranges = [figure.x.range, figure.y.range];
        let mut ends = at.into_iter().zip(ranges);
        ends.all(|(value, [low, high])| (low..=high).contains(&value))
    };
    let mut has = [false; 2];
    for (figure, layer) in layers() {
        match layer {
            Layer::Mark {
                at,
                symbol: symbol @ (Symbol::Method(_) | Symbol::Ended(_)),
                ..
            } => {
                let is_outside = !is_inside(figure, *at);
                has[0] |= !is_outside && matches!(symbol, Symbol::Ended(_));
                has[1] |= is_outside;
            }
            Layer::Line(line) if line.opacity >= 1.0 => {
                let last = line.len().checked_sub(1);
                let last = last.and_then(|row| line.point(row.min(line.until)));
                let [low, high] = figure.y.range;
                // a value that a logarithmic axis cannot show is in its gutter
                has[1] |= last.is_some_and(|[_, y]| {
                    y > high || (y < low && (y > 0.0 || !figure.y.has_gutter))
                });
            }
            _ => {}
        }
    }
    let entries = [
        (Swatch::Cross, messages::run_failed()),
        (Swatch::Arrow, messages::run_left()),
    ];
    let entries = entries
        .into_iter()
        .zip(has)
        .filter(|(_, is_there)| *is_there);
    entries
        .map(|((looks, label), _)| LegendEntry {
            looks,
            label: label.to_owned(),
        })
        .collect()
}

impl Page<'_> {
    /// The same page with the marks of runs that failed or diverged in its legend.
    #[must_use]
    pub fn with_endings(mut self) -> Self {
        self.legend.extend(endings(&self.figures));
        self
    }

    /// The same page with the marks of runs that failed or diverged in other figures, those of the runs' ends.
    #[must_use]
    pub(crate) fn with_endings_of(mut self, figures: &[Figure<'_>]) -> Self {
        self.legend.extend(endings(figures));
        self
    }

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

    /// The page as the bytes of a file, on its [fitted](Self::fitted) size.
    ///
    /// # Errors
    /// If a measure of the page is out of range, the content does not fit, or the file cannot be encoded.
    pub fn file(&self, page_size: &PageSize, format: Format) -> Result<Vec<u8>, PageError> {
        // numbers have no size
        let fitted = match format {
            Format::Dat => *page_size,
            _ => self.fitted(page_size)?,
        };
        let page_size = &fitted;
        match format {
            Format::Dat => Ok(data(self).into_bytes()),
            Format::Svg => Ok(svg(self, page_size).into_bytes()),
            Format::Pdf => Ok(pdf(self, page_size)?),
            Format::Png => Ok(png(self, page_size)?),
        }
    }
}

//! Figures of an experiment on a page with a legend, as the bytes of a file.

use bilevel_files::Experiment;

use super::png::{PngError, png};
use super::svg::svg;
use crate::{Figure, FigureArrangement, LegendEntry, Page, PageSize, Swatch, Theme, method_looks};

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Vector graphics.
    Svg,
    /// Pixel graphics.
    Png,
}

impl Format {
    /// The format of a file name's extension; `None` for any other.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// The extension of a file name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
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
    pub fn file(&self, page_size: &PageSize, format: Format) -> Result<Vec<u8>, PngError> {
        match format {
            Format::Svg => {
                page_size.check()?;
                Ok(svg(self, page_size).into_bytes())
            }
            Format::Png => png(self, page_size),
        }
    }
}

//! Figures of an experiment on a page, with the key to its methods, in the bytes of a file.

use super::model::{Figure, KeyEntry, Sheet};
use super::palette::{Theme, slot_style};
use super::png::{PngError, png};
use super::svg::{Page, svg};
use crate::experiment::Experiment;

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines and letters.
    Svg,
    /// Pixels, two for each of the page.
    Png,
}

impl Format {
    /// The format that the ending of a file's name stands for.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A page for a landscape.
pub const SQUARE: [f32; 2] = [760.0, 640.0];
/// A page for two charts side by side.
pub const WIDE: [f32; 2] = [1080.0, 460.0];

/// Pictures of an experiment as a file. The key lists the methods whose slots are shown; `remark` goes into the metadata,
/// with the version and the experiment itself.
pub fn picture(
    experiment: &Experiment,
    figures: Vec<Figure<'_>>,
    is_shown: impl Fn(usize) -> bool,
    remark: &str,
    (size, theme, format): ([f32; 2], Theme, Format),
) -> Result<Vec<u8>, PngError> {
    let methods = experiment
        .methods
        .iter()
        .enumerate()
        .filter(|(slot, _)| is_shown(*slot));
    let sheet = Sheet {
        title: experiment.title.clone(),
        figures,
        key: methods
            .map(|(slot, method)| KeyEntry {
                style: slot_style(slot, theme),
                label: method.label.clone(),
                note: String::new(),
            })
            .collect(),
        metadata: format!(
            "Bilevel Lab {}{remark}\n{}",
            env!("CARGO_PKG_VERSION"),
            experiment.write()
        ),
    };
    let page = Page {
        size,
        text: 12.0,
        theme,
    };
    let text = svg(&sheet, page);
    match format {
        Format::Svg => Ok(text.into_bytes()),
        Format::Png => png(&text, 2.0),
    }
}

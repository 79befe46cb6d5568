//! The page and the view of a figure on the command line.

use bilevel_figure::{Letters, PageMeasure, PageSize, Proportion, Theme, VIEWS, view_of_word};
use bilevel_files::ViewKind;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

/// The page that a figure is drawn on.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PageArgs {
    /// The width in millimetres: a column of a journal has about 84, a page 174.
    #[arg(long, value_name = "MM", default_value = "174", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::WIDTH.read(text))]
    width: f32,
    /// The height in millimetres; as the content needs if not given.
    #[arg(long, value_name = "MM", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::HEIGHT.read(text))]
    height: Option<f32>,
    /// The size of the text in points; lines and markers keep their proportion to it.
    #[arg(long, value_name = "PT", default_value = "8", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::FONT.read(text))]
    font: f32,
    /// Pixels to the inch, for PNG.
    #[arg(long, value_name = "N", default_value = "300", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::DPI.read(text))]
    dpi: f32,
    /// Dark on white, or light on a dark background.
    #[arg(long, default_value = "light")]
    theme: ThemeName,
    /// The form of letters in SVG files.
    #[arg(long, value_name = "FORM", default_value = "outlines")]
    text: LettersName,
}

impl PageArgs {
    /// The page of a figure with a proportion.
    pub(crate) fn page_size(self, proportion: Proportion) -> PageSize {
        PageSize {
            width_mm: self.width,
            height_mm: self
                .height
                .unwrap_or_else(|| proportion.height_mm(self.width, self.font)),
            is_height_free: self.height.is_none(),
            font_pt: self.font,
            dpi: self.dpi,
            theme: match self.theme {
                ThemeName::Light => Theme::Light,
                ThemeName::Dark => Theme::Dark,
            },
            letters: match self.text {
                LettersName::Outlines => Letters::Outlines,
                LettersName::Names => Letters::Names,
            },
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    /// Dark on white.
    Light,
    /// Light on a dark background.
    Dark,
}

/// The form of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LettersName {
    /// The same in every program.
    Outlines,
    /// Text that can be searched and edited, in fonts of the reader's system.
    Names,
}

/// The words of the views as possible values, each with its help.
pub(super) fn views() -> impl TypedValueParser<Value = ViewKind> {
    let words = VIEWS.map(|view| {
        let info = view.info();
        PossibleValue::new(info.id)
            .aliases(info.old_ids)
            .help(info.meaning)
    });
    PossibleValuesParser::new(words).map(|word| {
        let view = view_of_word(&word).unwrap_or(VIEWS[0]);
        ViewKind::new(view.info())
    })
}

//! The page and the view of a figure on the command line.

use bilevel_figure::{Letters, PageMeasure, PageSize, Proportion, VIEWS, view_of_word};
use bilevel_files::{PageSpec, ViewKind};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

/// The page that a figure is drawn on, in place of the experiment's own.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PageArgs {
    /// The width in millimetres, 174 by default: a column of a journal has about 84, a page 174.
    #[arg(long, value_name = "MM", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::WIDTH.read(text))]
    width: Option<f32>,
    /// The height in millimetres; as the content needs if not given.
    #[arg(long, value_name = "MM", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::HEIGHT.read(text))]
    height: Option<f32>,
    /// The size of the text in points, 8 by default; lines and markers keep their proportion to it.
    #[arg(long, value_name = "PT", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::FONT.read(text))]
    font: Option<f32>,
    /// Pixels to the inch, for PNG; 300 by default.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| PageMeasure::DPI.read(text))]
    dpi: Option<f32>,
    /// Dark on white, or light on a dark background; light by default.
    #[arg(long)]
    theme: Option<ThemeName>,
    /// The title of the page; on by default.
    #[arg(long, value_name = "SWITCH")]
    title: Option<Switch>,
    /// The legend of the page; on by default.
    #[arg(long, value_name = "SWITCH")]
    legend: Option<Switch>,
    /// An opaque background; on by default. Without it, what lies beneath the figure shows through.
    #[arg(long, value_name = "SWITCH")]
    background: Option<Switch>,
    /// The form of letters in SVG files.
    #[arg(long, value_name = "FORM", default_value = "outlines")]
    text: LettersName,
}

impl PageArgs {
    /// True if the call has a resolution.
    pub(crate) const fn has_resolution(&self) -> bool {
        self.dpi.is_some()
    }

    /// The page of a figure with a proportion; `own` is that of the experiment.
    pub(crate) fn page_size(self, own: &PageSpec, proportion: Proportion) -> PageSize {
        let number = |given: Option<f32>, own: Option<f64>| given.map(f64::from).or(own);
        let switch = |given: Option<Switch>, own: Option<bool>| {
            let given = given.map(|switch| switch == Switch::On);
            given.or(own)
        };
        let theme = self.theme.map(|theme| theme == ThemeName::Dark);
        let spec = PageSpec {
            width: number(self.width, own.width),
            // the height of another page is none for this one
            height: number(self.height, own.height.filter(|_| self.width.is_none())),
            font: number(self.font, own.font),
            dpi: number(self.dpi, own.dpi),
            is_dark: theme.or(own.is_dark),
            title: switch(self.title, own.title),
            legend: switch(self.legend, own.legend),
            background: switch(self.background, own.background),
        };
        PageSize {
            letters: match self.text {
                LettersName::Outlines => Letters::Outlines,
                LettersName::Embed => Letters::Embedded,
                LettersName::Names => Letters::Names,
            },
            ..PageSize::of(&spec, proportion)
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    /// With it.
    On,
    /// Without it.
    Off,
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
    /// Text that can be searched, in faces that the file holds; outlines where a program reads no faces from files.
    Embed,
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

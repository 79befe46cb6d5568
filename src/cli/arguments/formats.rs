//! Words of formats and kinds on the command line.

use bilevel::study::TrialCount;
use bilevel_figure::Format;
use bilevel_files::{ExtraColumn, Table, TableStyle};
use clap::ValueEnum;

use crate::cli::messages;

/// The kinds of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListKind {
    /// Benchmarks.
    Problems,
    /// Algorithms.
    Methods,
    /// Experiments that ship.
    Presets,
    /// Lessons that ship.
    Lessons,
    /// Benchmarks and algorithms as a Markdown document.
    Catalogue,
    /// Terms of the field as a Markdown document.
    Glossary,
}

/// A format as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// Vector graphics.
    Svg,
    /// Pixel graphics.
    Png,
    /// Vector graphics for LaTeX, with embedded fonts.
    Pdf,
}

impl FormatName {
    /// The figure format.
    pub(crate) const fn format(self) -> Format {
        match self {
            Self::Svg => Format::Svg,
            Self::Png => Format::Png,
            Self::Pdf => Format::Pdf,
        }
    }
}

/// A format of the table of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Markdown.
    Md,
    /// LaTeX, with the rules of booktabs.
    Tex,
    /// Numbers in full precision.
    Csv,
}

impl TableFormat {
    /// The extension of the table's file.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Tex => "tex",
            Self::Csv => "csv",
        }
    }

    /// Formats a table.
    pub(crate) fn of(self, table: &Table, style: &TableStyle) -> anyhow::Result<String> {
        Ok(match self {
            Self::Md => table.markdown_in(style),
            Self::Tex => table.latex_in(style),
            Self::Csv => table.csv()?,
        })
    }
}

/// Reads the label of a table in LaTeX: letters, digits and a few marks, none of which is a command.
pub(super) fn label_key(text: &str) -> Result<String, String> {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || ":.-_/".contains(one);
    if text.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err(messages::wrong_label())
    }
}

/// The trials of each method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrialsArg {
    /// Factors of a tenth, one and ten for each of two step sizes.
    #[value(name = "9")]
    Nine,
    /// Half decades.
    #[value(name = "25")]
    TwentyFive,
    /// Thirds of decades.
    #[value(name = "49")]
    FortyNine,
}

impl TrialsArg {
    /// The number of trials as the library counts it.
    pub(crate) const fn effort(self) -> TrialCount {
        match self {
            Self::Nine => TrialCount::Nine,
            Self::TwentyFive => TrialCount::TwentyFive,
            Self::FortyNine => TrialCount::FortyNine,
        }
    }
}

/// A further column of `trace.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum TraceColumnName {
    /// The reduced objective φ.
    Phi,
    /// φ above the optimum.
    PhiGap,
    /// The distance to the nearest known global optimum.
    Distance,
    /// The distance of the method's direction from the true hypergradient.
    HypergradientError,
    /// All calls, each with the weight of its kind.
    Cost,
}

impl TraceColumnName {
    /// The column.
    pub(crate) const fn column(self) -> ExtraColumn {
        match self {
            Self::Phi => ExtraColumn::Phi,
            Self::PhiGap => ExtraColumn::PhiGap,
            Self::Distance => ExtraColumn::Distance,
            Self::HypergradientError => ExtraColumn::HypergradientError,
            Self::Cost => ExtraColumn::Cost,
        }
    }
}

/// The names of variables in `trace.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VariableNames {
    /// By level and index, such as x1[1].
    Levels,
    /// As the problem names them.
    Own,
}

//! Page sizes: width and height in millimetres, size of the text, and resolution.

use bilevel_files::PageSpec;
use thiserror::Error;

use super::style::Theme;
use crate::messages;

/// The form of letters in SVG files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Letters {
    /// Outlines, which look alike everywhere.
    #[default]
    Outlines,
    /// Text that can be searched, in the bundled faces, which the file holds; outlines for programs that read no faces
    /// from files.
    Embedded,
    /// Text that can be searched and edited, in fonts of the reader's system.
    Names,
}

/// The size of a page, with its text, resolution and theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSize {
    /// The width in millimetres.
    pub width_mm: f32,
    /// The height in millimetres.
    pub height_mm: f32,
    /// True if the height is the least one: the page is taller where its content needs it.
    pub is_height_free: bool,
    /// The size of the text in points; lines and markers keep their proportion to it.
    pub font_pt: f32,
    /// Pixels to the inch, for pictures made of pixels.
    pub dpi: f32,
    /// Light or dark.
    pub theme: Theme,
    /// The form of letters in SVG files.
    pub letters: Letters,
    /// The parts of the page besides its figures.
    pub parts: PageParts,
}

/// The parts of a page besides its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageParts {
    /// True if the page has its title.
    pub has_title: bool,
    /// True if the page has its legend.
    pub has_legend: bool,
    /// True if the page is opaque; else what lies beneath it shows through.
    pub has_background: bool,
}

impl PageParts {
    /// All parts.
    pub const ALL: Self = Self {
        has_title: true,
        has_legend: true,
        has_background: true,
    };
}

/// A measure of a page, with its valid range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageMeasure {
    /// The name with its article, for messages.
    pub name: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// The least and the greatest value.
    pub range: [f32; 2],
}

/// An error of a page size.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum PageSizeError {
    /// A measure is not a number, or out of range.
    #[error("{}", messages::out_of_range(.0.name, .0.range, .0.unit))]
    OutOfRange(PageMeasure),
    /// The content of the page does not fit.
    #[error("{}", messages::too_small(.measure.name, *.given, *.least, .measure.unit))]
    TooSmall {
        /// The measure that is too small.
        measure: PageMeasure,
        /// Its value.
        given: f32,
        /// The least value that works.
        least: f32,
    },
    /// The page has too many pixels.
    #[error("{}", messages::too_many_pixels(*.0, PageSize::MOST_PIXELS / 1_000_000))]
    TooManyPixels([u32; 2]),
}

impl PageMeasure {
    /// The width of a page.
    pub const WIDTH: Self = Self {
        name: messages::width(),
        unit: "mm",
        range: PageSpec::LENGTHS,
    };
    /// The height of a page.
    pub const HEIGHT: Self = Self {
        name: messages::height(),
        ..Self::WIDTH
    };
    /// The size of the text.
    pub const FONT: Self = Self {
        name: messages::font_size(),
        unit: "pt",
        range: PageSpec::FONTS,
    };
    /// The resolution.
    pub const DPI: Self = Self {
        name: messages::resolution(),
        unit: "dpi",
        range: PageSpec::DPI,
    };

    /// Returns the value if it is in range; NaN is not.
    pub fn check(self, value: f32) -> Result<f32, PageSizeError> {
        let [least, greatest] = self.range;
        if least <= value && value <= greatest {
            Ok(value)
        } else {
            Err(PageSizeError::OutOfRange(self))
        }
    }

    /// Parses a typed value.
    pub fn read(self, text: &str) -> Result<f32, PageSizeError> {
        let value = text.trim().parse();
        // one message for text and numbers: it names the valid range
        self.check(value.unwrap_or(f32::NAN))
    }
}

/// Proportion of a picture, from which the height of its page follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proportion {
    /// One picture about as high as wide, such as a landscape.
    Square,
    /// Two charts: side by side on a wide page, stacked on a narrow one.
    Charts,
    /// Narrow pictures side by side, with a table beneath each.
    Columns,
}

impl Proportion {
    /// A suitable height for a width; the text size matters, since it decides whether two charts fit side by side.
    pub fn height_mm(self, width_mm: f32, font_pt: f32) -> f32 {
        let is_narrow = width_mm < 44.0 * font_pt * MM_PER_PT;
        let share = match (self, is_narrow) {
            (Self::Square, true) => 0.95,
            (Self::Square, false) => 0.75,
            (Self::Columns, true) => 0.9,
            (Self::Columns, false) => 0.5,
            (Self::Charts, true) => 1.3,
            (Self::Charts, false) => 0.45,
        };
        let [least, greatest] = PageMeasure::HEIGHT.range;
        (share * width_mm).round().clamp(least, greatest)
    }
}

/// Named page sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageSizeName {
    /// One column of a two-column page.
    OneColumn,
    /// The full width of a page.
    TwoColumns,
    /// A slide of 16 to 9.
    Slide,
}

impl PageSizeName {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 3] = [Self::OneColumn, Self::TwoColumns, Self::Slide];

    /// The label of a button.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OneColumn => "one column",
            Self::TwoColumns => "two columns",
            Self::Slide => "slide",
        }
    }

    /// The page for a picture, at 300 dpi.
    pub fn page_size(self, proportion: Proportion, theme: Theme) -> PageSize {
        let (width_mm, font_pt) = match self {
            Self::OneColumn => (84.0, 8.0),
            Self::TwoColumns => (174.0, 8.0),
            Self::Slide => (254.0, 14.0),
        };
        PageSize {
            width_mm,
            height_mm: match self {
                Self::Slide => 143.0,
                _ => proportion.height_mm(width_mm, font_pt),
            },
            is_height_free: self != Self::Slide,
            font_pt,
            dpi: PageSize::DPI,
            theme,
            letters: Letters::Outlines,
            parts: PageParts::ALL,
        }
    }
}

/// Millimetres in a point, which is 1/72 inch.
const MM_PER_PT: f32 = MM_PER_INCH / 72.0;
const MM_PER_INCH: f32 = 25.4;

impl PageSize {
    /// The page that an experiment describes, for figures of a proportion; what it leaves open is as on a page of two columns.
    pub fn of(spec: &PageSpec, proportion: Proportion) -> Self {
        let usual = PageSizeName::TwoColumns.page_size(proportion, Theme::Light);
        let number = |set: Option<f64>, usual: f32| set.map_or(usual, |set| set as f32);
        let width_mm = number(spec.width, usual.width_mm);
        let font_pt = number(spec.font, usual.font_pt);
        let height_mm = proportion.height_mm(width_mm, font_pt);
        Self {
            width_mm,
            height_mm: number(spec.height, height_mm),
            is_height_free: spec.height.is_none(),
            font_pt,
            dpi: number(spec.dpi, usual.dpi),
            theme: if spec.is_dark == Some(true) {
                Theme::Dark
            } else {
                Theme::Light
            },
            letters: usual.letters,
            parts: PageParts {
                has_title: spec.title != Some(false),
                has_legend: spec.legend != Some(false),
                has_background: spec.background != Some(false),
            },
        }
    }

    /// The words in experiments for the page of figures of a proportion, without those that say what is usual.
    pub fn spec(&self, proportion: Proportion) -> PageSpec {
        let usual = Self::of(&PageSpec::default(), proportion);
        let number = |own: f32, usual: f32| (own != usual).then(|| f64::from(own));
        let off = |has: bool| (!has).then_some(false);
        PageSpec {
            width: number(self.width_mm, usual.width_mm),
            height: (!self.is_height_free).then(|| f64::from(self.height_mm)),
            font: number(self.font_pt, usual.font_pt),
            dpi: number(self.dpi, usual.dpi),
            is_dark: (self.theme == Theme::Dark).then_some(true),
            title: off(self.parts.has_title),
            legend: off(self.parts.has_legend),
            background: off(self.parts.has_background),
        }
    }

    /// The usual number of pixels to the inch.
    pub const DPI: f32 = 300.0;
    /// The largest number of pixels of an image.
    pub const MOST_PIXELS: u64 = 64_000_000;
    /// The size of text in layout units; line widths and marker radii are chosen for it.
    pub(crate) const TEXT: f32 = 12.0;

    /// Checks that every measure is in range.
    pub fn check(&self) -> Result<(), PageSizeError> {
        PageMeasure::WIDTH.check(self.width_mm)?;
        PageMeasure::HEIGHT.check(self.height_mm)?;
        PageMeasure::FONT.check(self.font_pt)?;
        PageMeasure::DPI.check(self.dpi).map(|_| ())
    }

    /// Checks that every measure is in range and that the pixels are not too many.
    pub fn check_pixels(&self) -> Result<(), PageSizeError> {
        self.check()?;
        let pixels = self.pixels();
        if pixels.map(u64::from).iter().product::<u64>() > Self::MOST_PIXELS {
            return Err(PageSizeError::TooManyPixels(pixels));
        }
        Ok(())
    }

    /// The width and the height in pixels.
    pub fn pixels(&self) -> [u32; 2] {
        [self.width_mm, self.height_mm]
            .map(|length| (length / MM_PER_INCH * self.dpi).round().max(1.0) as u32)
    }

    /// The width and the height in points.
    pub(crate) fn points(&self) -> [f32; 2] {
        [self.width_mm, self.height_mm].map(|length| length / MM_PER_PT)
    }

    /// Pixels per metre, as stored in PNG files.
    pub(crate) fn pixels_per_metre(&self) -> u32 {
        (self.dpi / MM_PER_INCH * 1000.0).round() as u32
    }

    /// The width and the height in layout units.
    pub(crate) fn units(&self) -> [f32; 2] {
        [self.width_mm, self.height_mm].map(|length| length / self.millimetres(1.0))
    }

    /// A length in layout units as millimetres.
    pub(crate) fn millimetres(&self, units: f32) -> f32 {
        units * self.font_pt * MM_PER_PT / Self::TEXT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_sizes_are_those_of_journals_and_can_be_drawn() {
        for proportion in [Proportion::Square, Proportion::Charts] {
            for name in PageSizeName::ALL {
                let page_size = name.page_size(proportion, Theme::Light);
                assert_eq!(page_size.check_pixels(), Ok(()), "{}", name.word());
            }
        }
        let column = PageSizeName::OneColumn.page_size(Proportion::Square, Theme::Light);
        assert_eq!((column.width_mm, column.font_pt), (84.0, 8.0));
        assert_eq!(column.pixels(), [992, 945]);
        assert_eq!(column.pixels_per_metre(), 11_811);
    }

    #[test]
    fn what_is_out_of_range_is_said_in_a_sentence() {
        for (measure, wrong, right) in [
            (PageMeasure::WIDTH, ["9.9", "1000.1"], ["10", "1000"]),
            (PageMeasure::FONT, ["3", "nan"], ["4", "72"]),
            (PageMeasure::DPI, ["35", "inf"], ["36", "1200"]),
            (PageMeasure::HEIGHT, ["-20", "wide"], ["10", " 60.5 "]),
        ] {
            for text in wrong {
                assert_eq!(measure.read(text), Err(PageSizeError::OutOfRange(measure)));
            }
            assert!(right.iter().all(|text| measure.read(text).is_ok()));
        }
        assert_eq!(
            PageSizeError::OutOfRange(PageMeasure::FONT).to_string(),
            "the font size must be a number from 4 to 72 pt"
        );
        let poster = PageSize {
            width_mm: 1000.0,
            height_mm: 1000.0,
            is_height_free: false,
            font_pt: 24.0,
            dpi: 1200.0,
            letters: Letters::Outlines,
            parts: PageParts::ALL,
            theme: Theme::Light,
        };
        assert_eq!(poster.check(), Ok(()), "lines and letters have no pixels");
        assert_eq!(
            poster.check_pixels().map_err(|error| error.to_string()),
            Err("47244 x 47244 pixels are more than the 64 million that can be drawn; choose a lower resolution".to_owned())
        );
    }
}

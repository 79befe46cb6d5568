//! The size that the content of a page needs: room in every plot, and no text that is left out or cut off.

use super::layout::lay_out;
use crate::{Page, PageMeasure, PageSize, PageSizeError, Primitive};

/// The size of text.
const EM: f32 = PageSize::TEXT;
/// The least width and height of a plot on a page whose size is given.
const LEAST: [f32; 2] = [6.0 * EM, 3.0 * EM];
/// The least height of a plot on a page whose height follows from its content, and of a single one.
const GOOD: f32 = 6.5 * EM;
const GOOD_ALONE: f32 = 10.0 * EM;
/// The least side of a picture without axes.
const LEAST_IMAGE: f32 = 2.0 * EM;
/// The factor between two heights that are tried.
const LONGER: f32 = 1.06;
/// The greatest height that is tried, in widths of the page or in the height that it begins with.
const TALLEST: f32 = 4.0;

impl Page<'_> {
    /// The size on which the page is drawn: the given one, taller if its height follows from the content and has to be.
    ///
    /// # Errors
    /// If a measure is out of range, or the content does not fit; the error has the least measure that works.
    pub fn fitted(&self, page_size: &PageSize) -> Result<PageSize, PageSizeError> {
        page_size.check()?;
        if page_size.is_height_free {
            let height = if self.figures.len() > 1 {
                GOOD
            } else {
                GOOD_ALONE
            };
            let fitted = self.taller(page_size, [LEAST[0], height]);
            if let Some(fitted) = fitted.or_else(|| self.taller(page_size, LEAST)) {
                return Ok(self.without_empty_end(fitted));
            }
        } else if self.fits(page_size, LEAST) {
            return Ok(*page_size);
        } else if let Some(fitted) = self.taller(page_size, LEAST) {
            return Err(PageSizeError::TooSmall {
                measure: PageMeasure::HEIGHT,
                given: page_size.height_mm,
                least: fitted.height_mm,
            });
        }
        Err(PageSizeError::TooSmall {
            measure: PageMeasure::WIDTH,
            given: page_size.width_mm,
            least: self.least_width(page_size),
        })
    }

    /// The page without the height that its figures leave free.
    fn without_empty_end(&self, page_size: PageSize) -> PageSize {
        let unused = page_size.millimetres(lay_out(self, &page_size).unused);
        let height_mm = (page_size.height_mm - unused).ceil();
        let shorter = PageSize {
            height_mm,
            ..page_size
        };
        if unused >= 1.0 && self.fits(&shorter, LEAST) {
            shorter
        } else {
            page_size
        }
    }

    /// The page at the least height that fits, from the given one on.
    fn taller(&self, page_size: &PageSize, least: [f32; 2]) -> Option<PageSize> {
        let [_, most] = PageMeasure::HEIGHT.range;
        let most = most.min(TALLEST * page_size.width_mm.max(page_size.height_mm));
        let mut tried = *page_size;
        loop {
            if self.fits(&tried, least) {
                return Some(tried);
            }
            tried.height_mm = (tried.height_mm * LONGER).ceil();
            if tried.height_mm > most {
                return None;
            }
        }
    }

    /// The least width, in whole millimetres, at which the content fits at some height.
    fn least_width(&self, page_size: &PageSize) -> f32 {
        let [_, most] = PageMeasure::WIDTH.range;
        let fits = |width_mm: f32| {
            let wider = PageSize {
                width_mm,
                ..*page_size
            };
            self.taller(&wider, LEAST).is_some()
        };
        let mut low = page_size.width_mm.floor();
        let mut high = low;
        while !fits(high) {
            if high >= most {
                return most;
            }
            low = high;
            high = (1.5 * high).ceil().min(most);
        }
        while high - low > 1.0 {
            let middle = (0.5 * (low + high)).floor();
            if fits(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }

    /// True if every plot has its least size and no text is left out or cut off.
    fn fits(&self, page_size: &PageSize, least: [f32; 2]) -> bool {
        let laid_out = lay_out(self, page_size);
        let has_room = laid_out.plots().iter().all(|(plot, has_axes)| {
            let [width, height] = if *has_axes { least } else { [LEAST_IMAGE; 2] };
            plot.width() >= width && plot.height() >= height
        });
        let is_cut = |primitive: &Primitive| matches!(primitive, Primitive::Text { text, .. } if text.is_cut);
        laid_out.is_whole && has_room && !laid_out.primitives().iter().any(is_cut)
    }
}

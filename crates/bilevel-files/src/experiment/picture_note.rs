//! A note on a picture: a text at a point in the units of the picture's axes, perhaps with an arrow. Files hold notes as
//! `[[note]]`; the view of an experiment keeps them, so that no result depends on them.

use crate::views::{ViewInfo, ViewKind};

/// A note on a picture of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureNote {
    /// The view.
    pub view: ViewKind,
    /// The number of the picture in the view, from 1.
    pub figure: usize,
    /// The words of the picture's axes, the horizontal one first: the note is drawn on these alone; `None` for any axes.
    pub axes: Option<[String; 2]>,
    /// The middle of the text, in the units of the axes.
    pub at: [f64; 2],
    /// The text, in the markup of titles.
    pub text: String,
    /// The tip of the arrow, in the units of the axes.
    pub arrow: Option<[f64; 2]>,
}

impl PictureNote {
    /// The most notes of an experiment.
    pub const MOST: usize = 100;
    /// The most characters of a text, and of the word of an axis.
    pub const LONGEST: usize = 200;

    /// True if the note belongs to a picture of a view, by its number from 1 and the words of its axes.
    pub fn is_on(&self, view: &ViewInfo, figure: usize, axes: &[String; 2]) -> bool {
        view.is_named(self.view.word())
            && self.figure == figure
            && self.axes.as_ref().is_none_or(|own| own == axes)
    }
}

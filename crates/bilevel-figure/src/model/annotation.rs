//! Notes of the user on a picture, with the key by which they find it.

use bilevel_files::ViewKind;

/// A picture that notes can be on, and the notes that are on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotations {
    /// The picture.
    pub picture: PictureKey,
    /// The notes.
    pub notes: Vec<Annotation>,
}

/// A picture of a view on a pair of axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureKey {
    /// The view.
    pub view: ViewKind,
    /// The number of the picture in the view, from 1.
    pub figure: usize,
    /// The words of the axes, the horizontal one first.
    pub axes: [String; 2],
}

/// A text at a point, perhaps with an arrow.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Its index among the notes of the experiment.
    pub number: usize,
    /// The middle of the text, in data units.
    pub at: [f64; 2],
    /// The text in markup.
    pub text: String,
    /// The tip of the arrow, in data units.
    pub arrow: Option<[f64; 2]>,
}

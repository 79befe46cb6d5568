//! Pictures of a point in the problem's own terms, besides its position in a plane, mainly for learning problems. Their
//! look is decided elsewhere.

/// A picture of a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Visual {
    /// The distribution of numbers in groups.
    Histogram(Histogram),
    /// Small images with captions.
    Gallery(Gallery),
    /// A matrix of numbers, as a heat map.
    Matrix(Matrix),
}

/// The distribution of the numbers of some groups over a common range.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The title.
    pub title: String,
    /// The result, in words; may be empty.
    pub remark: String,
    /// The label of the axis, with its symbol in maths.
    pub quantity: String,
    /// The range of the axis; values beyond it count to the nearest end.
    pub range: [f64; 2],
    /// The groups.
    pub groups: Vec<HistogramGroup>,
}

/// A named group of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramGroup {
    /// The name.
    pub name: &'static str,
    /// The numbers.
    pub values: Vec<f64>,
}

/// Small images of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Gallery {
    /// The title.
    pub title: String,
    /// An explanation, in words; may be empty.
    pub remark: String,
    /// The number of images in a row.
    pub columns: usize,
    /// The width of an image in pixels.
    pub width: usize,
    /// True if pixels have a sign, with 0 in the middle of the colours; else they range from 0, the background, to 1,
    /// the ink.
    pub is_signed: bool,
    /// The images.
    pub tiles: Vec<Tile>,
}

/// An image of a gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The caption beneath.
    pub caption: String,
    /// True if the caption is emphasized.
    pub is_marked: bool,
    /// The pixels, row after row from the top.
    pub pixels: Vec<f32>,
}

/// A matrix of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// The title.
    pub title: String,
    /// The result, in words; may be empty.
    pub remark: String,
    /// The labels of the horizontal and the vertical axis; both count from 1.
    pub axes: [String; 2],
    /// The number of columns.
    pub columns: usize,
    /// The range of the colours.
    pub range: [f64; 2],
    /// The numbers, row after row from the bottom, as axes count; NaN for an empty cell.
    pub values: Vec<f64>,
}

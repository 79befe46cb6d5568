//! What can be seen of a point beside its place in a plane: pictures in the problem's own terms, for learning problems above
//! all. What they look like is decided elsewhere.

/// A picture of a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Visual {
    /// How numbers of some groups are spread.
    Histogram(Histogram),
    /// Small images with words beneath.
    Gallery(Gallery),
    /// A table of numbers, as a map.
    Matrix(Matrix),
}

/// How the numbers of some groups are spread over a common range.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// What is counted.
    pub title: String,
    /// What came of it, in words; may be empty.
    pub remark: String,
    /// What lies along the axis, with its symbol in maths.
    pub quantity: String,
    /// From where to where; what lies beyond counts to the nearest end.
    pub range: [f64; 2],
    /// The groups.
    pub groups: Vec<HistogramGroup>,
}

/// Some numbers with a common name.
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
    /// What they are.
    pub title: String,
    /// What to see in them, in words; may be empty.
    pub remark: String,
    /// How many images are in a row.
    pub columns: usize,
    /// How many pixels are in a row of an image.
    pub width: usize,
    /// Whether pixels lie on both sides of 0, which is then the middle of the colours; else they go from 0, the ground, to 1,
    /// the ink.
    pub is_signed: bool,
    /// The images.
    pub tiles: Vec<Tile>,
}

/// An image of a gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// What stands beneath.
    pub caption: String,
    /// Whether the caption is to stand out.
    pub is_marked: bool,
    /// The pixels, row after row from the top.
    pub pixels: Vec<f32>,
}

/// Numbers in rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// What they are.
    pub title: String,
    /// What came of it, in words; may be empty.
    pub remark: String,
    /// What lies along the rows and up the columns; both count from 1.
    pub axes: [String; 2],
    /// How many columns there are.
    pub columns: usize,
    /// The range of the colours.
    pub range: [f64; 2],
    /// The numbers, row after row from the bottom, as axes count; NaN for a place that is still empty.
    pub values: Vec<f64>,
}

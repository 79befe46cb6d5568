//! Maps of cells: a colour for each cell, and a hatch over some.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::style::Colour;

/// Colours in rows from the top, with a unique edition number.
#[derive(Debug)]
pub struct Image {
    edition: u64,
    columns: usize,
    colours: Vec<Colour>,
}

impl Image {
    /// An image with rows of `columns` colours each, from the top.
    pub fn new(columns: usize, colours: Vec<Colour>) -> Self {
        static EDITIONS: AtomicU64 = AtomicU64::new(0);
        Self {
            edition: EDITIONS.fetch_add(1, Ordering::Relaxed),
            columns: columns.max(1),
            colours,
        }
    }

    /// The number that no other image has.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// The number of columns and of rows.
    pub fn size(&self) -> [usize; 2] {
        [self.columns, self.colours.len() / self.columns]
    }

    /// The colours, row after row from the top.
    pub fn colours(&self) -> &[Colour] {
        &self.colours
    }
}

impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        self.edition == other.edition
    }
}

/// A map of cells over a plane.
#[derive(Clone, Debug)]
pub struct CellMap {
    /// The outer edges of the first and the last column.
    pub x: [f64; 2],
    /// The outer edges of the bottom and the top row.
    pub y: [f64; 2],
    /// The colours.
    pub image: Arc<Image>,
    /// The colour of the hatch over each cell, row after row from the bottom; empty where no cell has one.
    pub hatches: Vec<Option<Colour>>,
}

impl CellMap {
    /// The hatch at a position, if there is one.
    pub(crate) fn hatch(&self, [x, y]: [f64; 2]) -> Option<Colour> {
        let [columns, rows] = self.image.size();
        let place = |value: f64, [low, high]: [f64; 2], count: usize| {
            let place = (value - low) / (high - low) * count as f64;
            (0.0 <= place && place < count as f64).then_some(place as usize)
        };
        let (column, row) = (place(x, self.x, columns)?, place(y, self.y, rows)?);
        *self.hatches.get(row * columns + column)?
    }
}

/// Rectangles of one colour that together make up an image: equal neighbors in a row are merged, then equal runs in
/// consecutive rows.
pub(crate) fn patches(image: &Image) -> Vec<(Colour, [usize; 4])> {
    let [columns, rows] = image.size();
    // column, row, width, height
    let mut all: Vec<(Colour, [usize; 4])> = Vec::new();
    // indices of the patches that the row above belongs to
    let mut above: Vec<usize> = Vec::new();
    for row in 0..rows {
        let colours = &image.colours()[row * columns..(row + 1) * columns];
        let mut own = Vec::new();
        let mut column = 0;
        for run in colours.chunk_by(|a, b| a == b) {
            let (colour, width) = (run[0], run.len());
            let same = above.iter().copied().find(|&patch| {
                let (of_patch, [left, _, wide, _]) = all[patch];
                of_patch == colour && left == column && wide == width
            });
            if let Some(patch) = same {
                all[patch].1[3] += 1;
                own.push(patch);
            } else {
                own.push(all.len());
                all.push((colour, [column, row, width, 1]));
            }
            column += width;
        }
        above = own;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_cover_every_cell_once_with_its_colour() {
        let [a, b] = [Colour::hex(1), Colour::hex(2)];
        let colours = vec![a, a, b, a, a, b, b, a, a];
        let image = Image::new(3, colours.clone());
        let patches = patches(&image);
        assert_eq!(patches.len(), 4);
        let mut drawn = vec![None; 9];
        for (colour, [left, top, width, height]) in patches {
            for row in top..top + height {
                for column in left..left + width {
                    let cell = &mut drawn[row * 3 + column];
                    assert_eq!(*cell, None);
                    *cell = Some(colour);
                }
            }
        }
        let expected: Vec<Option<Colour>> = colours.into_iter().map(Some).collect();
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_hatch_is_that_of_the_cell_under_a_place() {
        let ink = Colour::hex(3);
        let map = CellMap {
            x: [0.0, 2.0],
            y: [0.0, 2.0],
            image: Arc::new(Image::new(2, vec![ink; 4])),
            hatches: vec![None, Some(ink), None, None],
        };
        assert_eq!(map.hatch([1.5, 0.5]), Some(ink));
        assert_eq!(map.hatch([0.5, 0.5]), None);
        assert_eq!(map.hatch([1.5, 1.5]), None);
        assert_eq!(map.hatch([2.5, 0.5]), None);
        assert_eq!(map.hatch([f64::NAN, 0.5]), None);
    }
}

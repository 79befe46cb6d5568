//! Primitives that writers and painters only transcribe, and the geometry of dashes and markers.

use std::sync::Arc;

use crate::{Colour, Image, Marker, Relief, RichText, Theme};

/// A rectangle in pixels; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// The upper left corner.
    pub min: [f32; 2],
    /// The lower right corner.
    pub max: [f32; 2],
}

impl Rect {
    /// The width.
    pub fn width(&self) -> f32 {
        self.max[0] - self.min[0]
    }

    /// The height.
    pub fn height(&self) -> f32 {
        self.max[1] - self.min[1]
    }

    /// True if a position lies inside or on the edge.
    pub fn contains(&self, [x, y]: [f32; 2]) -> bool {
        self.min[0] <= x && x <= self.max[0] && self.min[1] <= y && y <= self.max[1]
    }

    /// The corners, clockwise.
    pub fn corners(&self) -> Vec<[f32; 2]> {
        let ([left, top], [right, bottom]) = (self.min, self.max);
        vec![[left, top], [right, top], [right, bottom], [left, bottom]]
    }
}

/// A shape that both the SVG writer and the screen painter can draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// A line through points.
    Stroke {
        /// The points.
        points: Vec<[f32; 2]>,
        /// True if the last point is joined to the first.
        is_closed: bool,
        /// The width.
        width: f32,
        /// The colour.
        colour: Colour,
    },
    /// A filled convex polygon.
    Fill {
        /// The corners.
        corners: Vec<[f32; 2]>,
        /// The colour.
        colour: Colour,
    },
    /// A line of text.
    Text {
        /// The left end of the baseline.
        at: [f32; 2],
        /// The text.
        text: RichText,
        /// The size.
        size: f32,
        /// The colour.
        colour: Colour,
        /// The colour of an outline that sets the text off from its background.
        halo: Option<Colour>,
    },
    /// An image whose cells have sharp edges at any size.
    Image {
        /// The rectangle that it fills.
        rect: Rect,
        /// The colours.
        image: Arc<Image>,
    },
    /// The bands of a relief: an image on the screen, and regions over each other on paper.
    Bands {
        /// The rectangle that the relief's ranges fill.
        rect: Rect,
        /// The relief.
        relief: Arc<Relief>,
        /// Light or dark.
        theme: Theme,
    },
    /// Restricts drawing to a rectangle, until [`Primitive::Unclip`].
    Clip(Rect),
    /// Ends a [`Primitive::Clip`].
    Unclip,
}

impl Primitive {
    /// The same primitive, scaled and then moved.
    #[must_use]
    pub(crate) fn scaled(self, scale: f32, [left, top]: [f32; 2]) -> Self {
        let place = |[x, y]: [f32; 2]| [left + scale * x, top + scale * y];
        let all = |points: Vec<[f32; 2]>| points.into_iter().map(place).collect();
        match self {
            Self::Stroke {
                points,
                is_closed,
                width,
                colour,
            } => Self::Stroke {
                points: all(points),
                is_closed,
                width: scale * width,
                colour,
            },
            Self::Fill { corners, colour } => Self::Fill {
                corners: all(corners),
                colour,
            },
            Self::Text {
                at,
                text,
                size,
                colour,
                halo,
            } => Self::Text {
                at: place(at),
                text,
                size: scale * size,
                colour,
                halo,
            },
            Self::Image { rect, image } => Self::Image {
                rect: Rect {
                    min: place(rect.min),
                    max: place(rect.max),
                },
                image,
            },
            Self::Bands {
                rect,
                relief,
                theme,
            } => Self::Bands {
                rect: Rect {
                    min: place(rect.min),
                    max: place(rect.max),
                },
                relief,
                theme,
            },
            Self::Clip(rect) => Self::Clip(Rect {
                min: place(rect.min),
                max: place(rect.max),
            }),
            Self::Unclip => Self::Unclip,
        }
    }
}

/// Cuts a line into the dashes of a pattern; an empty pattern leaves it whole.
pub(crate) fn dashes(points: Vec<[f32; 2]>, pattern: &[f32], unit: f32) -> Vec<Vec<[f32; 2]>> {
    if pattern.is_empty() || points.len() < 2 {
        return vec![points];
    }
    let mut pieces = Vec::new();
    let mut piece = vec![points[0]];
    let (mut place, mut left) = (0, pattern[0] * unit);
    for ends in points.windows(2) {
        let ([x0, y0], [x1, y1]) = (ends[0], ends[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let mut paths = 0.0;
        while length - paths > left {
            paths += left;
            let share = paths / length;
            let here = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
            if place % 2 == 0 {
                piece.push(here);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![here];
            }
            place = (place + 1) % pattern.len();
            left = pattern[place] * unit;
        }
        left -= length - paths;
        if place % 2 == 0 {
            piece.push([x1, y1]);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// The convex polygons of a marker of radius about `radius`.
pub(crate) fn marker(marker: Marker, [x, y]: [f32; 2], radius: f32) -> Vec<Vec<[f32; 2]>> {
    let at = |dx: f32, dy: f32| [x + radius * dx, y + radius * dy];
    let ring = |corners: usize, turn: f32| -> Vec<[f32; 2]> {
        (0..corners)
            .map(|corner| {
                let angle = std::f32::consts::TAU * (corner as f32 + turn) / corners as f32;
                at(angle.sin(), -angle.cos())
            })
            .collect()
    };
    match marker {
        Marker::Circle => vec![ring(24, 0.0)],
        Marker::Square => vec![vec![
            at(-0.85, -0.85),
            at(0.85, -0.85),
            at(0.85, 0.85),
            at(-0.85, 0.85),
        ]],
        Marker::Triangle => vec![vec![at(0.0, -1.1), at(1.05, 0.8), at(-1.05, 0.8)]],
        Marker::TriangleDown => vec![vec![at(0.0, 1.1), at(-1.05, -0.8), at(1.05, -0.8)]],
        Marker::Diamond => vec![vec![
            at(0.0, -1.2),
            at(1.2, 0.0),
            at(0.0, 1.2),
            at(-1.2, 0.0),
        ]],
        Marker::Lozenge => vec![vec![
            at(0.0, -1.3),
            at(0.8, 0.0),
            at(0.0, 1.3),
            at(-0.8, 0.0),
        ]],
        Marker::Pentagon => vec![ring(5, 0.0)],
        Marker::Plus => vec![
            vec![at(-0.4, -1.1), at(0.4, -1.1), at(0.4, 1.1), at(-0.4, 1.1)],
            vec![at(-1.1, -0.4), at(1.1, -0.4), at(1.1, 0.4), at(-1.1, 0.4)],
        ],
        Marker::Star => {
            let (outer, inner) = (ring(5, 0.0), ring(5, 0.5));
            let shrink = |[px, py]: [f32; 2]| [x + 0.4 * (px - x), y + 0.4 * (py - y)];
            let inner: Vec<[f32; 2]> = inner.into_iter().map(shrink).collect();
            let mut pieces = vec![inner.clone()];
            for point in 0..5 {
                pieces.push(vec![outer[point], inner[point], inner[(point + 4) % 5]]);
            }
            pieces
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(pieces: &[Vec<[f32; 2]>]) -> f32 {
        let piece = |points: &Vec<[f32; 2]>| -> f32 {
            points
                .windows(2)
                .map(|ends| (ends[1][0] - ends[0][0]).hypot(ends[1][1] - ends[0][1]))
                .sum()
        };
        pieces.iter().map(piece).sum()
    }

    #[test]
    fn dashes_ink_their_share_of_a_line_whatever_its_points() {
        let coarse = vec![[0.0, 0.0], [300.0, 0.0]];
        let fine: Vec<[f32; 2]> = (0..=300).map(|x| [x as f32, 0.0]).collect();
        for points in [coarse, fine] {
            let pieces = dashes(points, &[4.0, 2.0], 1.0);
            assert_eq!(pieces.len(), 50);
            assert!((length(&pieces) - 200.0).abs() < 0.1);
        }
    }

    #[test]
    fn a_solid_line_stays_whole() {
        assert_eq!(dashes(vec![[0.0, 0.0], [3.0, 4.0]], &[], 1.0).len(), 1);
    }
}

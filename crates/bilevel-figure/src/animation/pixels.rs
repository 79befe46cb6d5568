//! The pixels of a frame, and the part in which two frames differ.

use std::io::Cursor;

use ::png::{ColorType, Decoder};

use super::error::AnimationError;

/// A frame as rows of red, green, blue and opacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) size: [u32; 2],
    pub(crate) rows: Vec<[u8; 4]>,
}

/// A rectangle of whole pixels: the corner nearest to the origin, and the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PixelRect {
    pub(crate) at: [u32; 2],
    pub(crate) size: [u32; 2],
}

impl Pixels {
    /// The pixels of a PNG file of eight bits with red, green and blue.
    pub(crate) fn of_png(bytes: &[u8]) -> Result<Self, AnimationError> {
        let failed = |error: ::png::DecodingError| AnimationError::encoding(&error);
        let mut reader = Decoder::new(Cursor::new(bytes))
            .read_info()
            .map_err(failed)?;
        let mut buffer = vec![0; reader.output_buffer_size().unwrap_or(0)];
        let info = reader.next_frame(&mut buffer).map_err(failed)?;
        let buffer = &buffer[..info.buffer_size()];
        let rows = if info.color_type == ColorType::Rgba {
            let (pixels, _) = buffer.as_chunks::<4>();
            pixels.to_vec()
        } else {
            let (pixels, _) = buffer.as_chunks::<3>();
            let opaque = |[red, green, blue]: &[u8; 3]| [*red, *green, *blue, 255];
            pixels.iter().map(opaque).collect()
        };
        Ok(Self {
            size: [info.width, info.height],
            rows,
        })
    }

    /// The whole frame.
    pub(crate) const fn whole(&self) -> PixelRect {
        PixelRect {
            at: [0; 2],
            size: self.size,
        }
    }

    /// The least rectangle outside of which two frames of a size are the same; one pixel if they are the same everywhere.
    pub(crate) fn difference(&self, before: &Self) -> PixelRect {
        let width = self.size[0] as usize;
        let (mut least, mut most) = ([usize::MAX; 2], [0; 2]);
        let rows = self.rows.chunks(width).zip(before.rows.chunks(width));
        for (y, (new, old)) in rows.enumerate() {
            let mut pairs = new.iter().zip(old);
            let Some(first) = pairs.position(|(new, old)| new != old) else {
                continue;
            };
            let mut pairs = new.iter().zip(old);
            let last = pairs.rposition(|(new, old)| new != old).unwrap_or(first);
            least = [least[0].min(first), least[1].min(y)];
            most = [most[0].max(last), y];
        }
        if least[1] == usize::MAX {
            return PixelRect {
                at: [0; 2],
                size: [1; 2],
            };
        }
        PixelRect {
            at: least.map(|place| place as u32),
            size: [0, 1].map(|axis| (most[axis] - least[axis] + 1) as u32),
        }
    }

    /// The rows of a part of the frame.
    pub(crate) fn part(&self, part: PixelRect) -> impl Iterator<Item = &[[u8; 4]]> {
        let [x, y] = part.at.map(|place| place as usize);
        let [width, height] = part.size.map(|length| length as usize);
        let rows = self.rows.chunks(self.size[0] as usize).skip(y).take(height);
        rows.map(move |row| &row[x..x + width])
    }

    /// True if no pixel lets the background through.
    pub(crate) fn is_opaque(&self) -> bool {
        self.rows.iter().all(|pixel| pixel[3] == 255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_two_frames_is_the_least_rectangle() {
        let blank = Pixels {
            size: [4, 3],
            rows: vec![[0, 0, 0, 255]; 12],
        };
        let mut drawn = blank.clone();
        drawn.rows[6] = [9, 9, 9, 255];
        drawn.rows[9] = [9, 9, 9, 255];
        let part = drawn.difference(&blank);
        assert_eq!((part.at, part.size), ([1, 1], [2, 2]));
        let rows: Vec<_> = drawn.part(part).collect();
        assert_eq!(rows[0], [[0, 0, 0, 255], [9, 9, 9, 255]]);
        assert_eq!(rows[1], [[9, 9, 9, 255], [0, 0, 0, 255]]);
        assert_eq!(drawn.difference(&drawn).size, [1, 1]);
    }
}

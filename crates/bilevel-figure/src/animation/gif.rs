//! GIF: frames of at most 255 colours, each as the pixels that differ from the frame before.

use std::borrow::Cow;

use ::gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

use super::error::AnimationError;
use super::palette::{ColourCounts, MOST};
use super::pixels::{PixelRect, Pixels};
use super::schedule::Timing;

/// The units of the times of frames in a second.
const UNITS: f64 = 100.0;
/// The most frames in a second: programs show a frame of less than two hundredths of a second for much longer.
pub(super) const MOST_FPS: f64 = 50.0;
/// The index of pixels that stay.
const CLEAR: u8 = MOST as u8;

/// Encodes frames of one size with one palette, so that areas do not flicker. The frames are read twice.
pub(super) fn gif<I>(frames: impl Fn() -> I, timing: &Timing) -> Result<Vec<u8>, AnimationError>
where
    I: ExactSizeIterator<Item = Result<Pixels, AnimationError>>,
{
    let failed = |error: EncodingError| AnimationError::encoding(&error);
    let mut counts = ColourCounts::default();
    let mut before: Option<Pixels> = None;
    for frame in frames() {
        let frame = frame?;
        counts.add(&frame, before.as_ref());
        before = Some(frame);
    }
    let Some(last) = before else {
        return Ok(Vec::new());
    };
    let too_wide = |_| AnimationError::Encoding(crate::messages::too_wide_for_gif().to_owned());
    let [width, height] = last.size.map(u16::try_from);
    let (width, height) = (width.map_err(too_wide)?, height.map_err(too_wide)?);
    let mut palette = counts.palette();
    let mut table = palette.colours.concat();
    // so that the transparent index exists
    table.resize(3 * (MOST + 1), 0);
    let mut encoder = Encoder::new(Vec::new(), width, height, &table).map_err(failed)?;
    encoder
        .set_repeat(match timing.loops {
            0 => Repeat::Infinite,
            // the number counts the rounds after the first
            loops => Repeat::Finite(loops - 1),
        })
        .map_err(failed)?;
    let frames = frames();
    let delays = timing.delays(frames.len(), UNITS);
    let mut before: Option<Vec<u8>> = None;
    for (frame, delay) in frames.zip(delays) {
        let frame = frame?;
        let indices: Vec<u8> = frame
            .rows
            .iter()
            .map(|pixel| palette.index(*pixel))
            .collect();
        let drawn = drawn_frame(&indices, before.as_deref(), frame.size[0], delay);
        encoder.write_frame(&drawn).map_err(failed)?;
        before = Some(indices);
    }
    encoder.into_inner().map_err(failed)
}

/// The part of a frame that differs from the frame before; pixels that stay are transparent.
fn drawn_frame(new: &[u8], old: Option<&[u8]>, width: u32, delay: u16) -> Frame<'static> {
    let size = [width, (new.len() / width as usize) as u32];
    let opaque = |indices: &[u8]| Pixels {
        size,
        rows: indices.iter().map(|index| [*index, 0, 0, 255]).collect(),
    };
    let new = opaque(new);
    let old = old.map(opaque);
    let part: PixelRect = old
        .as_ref()
        .map_or_else(|| new.whole(), |old| new.difference(old));
    let mut buffer: Vec<u8> = new.part(part).flatten().map(|pixel| pixel[0]).collect();
    if let Some(old) = &old {
        for (index, old) in buffer.iter_mut().zip(old.part(part).flatten()) {
            if *index == old[0] {
                *index = CLEAR;
            }
        }
    }
    let [left, top] = part.at.map(|place| place as u16);
    let [width, height] = part.size.map(|length| length as u16);
    Frame {
        delay,
        dispose: DisposalMethod::Keep,
        transparent: Some(CLEAR),
        left,
        top,
        width,
        height,
        buffer: Cow::Owned(buffer),
        ..Frame::default()
    }
}

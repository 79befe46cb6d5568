//! Animated PNG: frames without loss, each as the pixels that differ from the frame before.

use ::png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError};

use super::error::AnimationError;
use super::pixels::Pixels;
use super::schedule::Timing;
use crate::page::png::EXPERIMENT_KEYWORD;

/// The units of the times of frames in a second.
const UNITS: u16 = 1_000;

/// Encodes frames of one size. `experiment` is the text of the experiment.
pub(super) fn apng(
    frames: impl ExactSizeIterator<Item = Result<Pixels, AnimationError>>,
    timing: &Timing,
    experiment: &str,
) -> Result<Vec<u8>, AnimationError> {
    let failed = |error: EncodingError| AnimationError::encoding(&error);
    let delays = timing.delays(frames.len(), f64::from(UNITS));
    let count = frames.len();
    let mut frames = frames.zip(delays);
    let mut bytes = Vec::new();
    let Some((first, delay)) = frames.next() else {
        return Ok(bytes);
    };
    let mut before = first?;
    let header = header(&mut bytes, &before, (count, timing.loops), experiment);
    let mut writer = header.map_err(failed)?;
    write_frame(&mut writer, &before, None, delay).map_err(failed)?;
    for (frame, delay) in frames {
        let frame = frame?;
        write_frame(&mut writer, &frame, Some(&before), delay).map_err(failed)?;
        before = frame;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn header<'a>(
    bytes: &'a mut Vec<u8>,
    frame: &Pixels,
    (count, loops): (usize, u16),
    experiment: &str,
) -> Result<::png::Writer<&'a mut Vec<u8>>, EncodingError> {
    let [width, height] = frame.size;
    let mut encoder = Encoder::new(bytes, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    encoder.set_animated(count as u32, loops.into())?;
    encoder.set_dispose_op(DisposeOp::None)?;
    let software = format!("Bilevel Lab {}", env!("CARGO_PKG_VERSION"));
    encoder.add_text_chunk("Software".to_owned(), software)?;
    encoder.add_itxt_chunk(EXPERIMENT_KEYWORD.to_owned(), experiment.to_owned())?;
    encoder.write_header()
}

/// Writes a frame over the one before. Pixels that stay are transparent, which takes few bytes; a frame that is not opaque
/// replaces the rectangle in which it differs.
fn write_frame(
    writer: &mut ::png::Writer<&mut Vec<u8>>,
    frame: &Pixels,
    before: Option<&Pixels>,
    delay: u16,
) -> Result<(), EncodingError> {
    let part = before.map_or_else(|| frame.whole(), |before| frame.difference(before));
    let over = before.filter(|_| frame.is_opaque());
    writer.set_frame_delay(delay, UNITS)?;
    writer.set_blend_op(match over {
        Some(_) => BlendOp::Over,
        None => BlendOp::Source,
    })?;
    // the position is checked against the size that is set
    writer.reset_frame_position()?;
    writer.set_frame_dimension(part.size[0], part.size[1])?;
    writer.set_frame_position(part.at[0], part.at[1])?;
    let mut data = Vec::new();
    match over {
        Some(before) => {
            for (new, old) in frame.part(part).zip(before.part(part)) {
                for (new, old) in new.iter().zip(old) {
                    data.extend(if new == old { [0; 4] } else { *new });
                }
            }
        }
        None => data.extend(frame.part(part).flatten().flatten()),
    }
    writer.write_image_data(&data)
}

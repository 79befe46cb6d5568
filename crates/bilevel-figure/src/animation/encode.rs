//! The making of an animation: its frames in parallel, its format, and its limit of bytes.

use bilevel::numerics::WorkToken;
use rayon::prelude::*;

use super::apng::apng;
use super::error::AnimationError;
use super::frames::{AnimationSubject, Frames};
use super::gif::{MOST_FPS, gif};
use super::mp4::mp4;
use super::pixels::Pixels;
use super::schedule::{Timing, frame_iterations};
use crate::{Format, PageSize, messages};

/// The format of an animation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnimationFormat {
    /// Animated PNG, without loss of colours.
    Apng,
    /// GIF, of at most 255 colours.
    Gif,
    /// A film, made by the system's ffmpeg.
    Mp4,
    /// A file for each frame.
    Files(Format),
}

impl AnimationFormat {
    /// The format of a file name's extension; `None` for any other.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "png" | "apng" => Some(Self::Apng),
            "gif" => Some(Self::Gif),
            "mp4" => Some(Self::Mp4),
            _ => None,
        }
    }

    /// The page of the frames: films and GIF are opaque.
    fn page_size(self, page_size: PageSize) -> PageSize {
        let mut page_size = page_size;
        page_size.parts.has_background |= matches!(self, Self::Gif | Self::Mp4);
        page_size
    }
}

/// An animation to be made.
#[derive(Clone, Copy, Debug)]
pub struct AnimationPlan {
    /// The format.
    pub format: AnimationFormat,
    /// The times.
    pub timing: Timing,
    /// The page of the frames.
    pub page_size: PageSize,
    /// The most bytes of a single file; `None` without a limit.
    pub limit: Option<u64>,
    /// The number of threads; as many as cores if not given.
    pub threads: Option<usize>,
}

impl AnimationPlan {
    /// The usual resolution, about that of a screen.
    pub const DPI: f32 = 150.0;
    /// The usual limit in bytes.
    pub const LIMIT: u64 = 5_000_000;
}

/// The progress of the making of an animation.
#[derive(Clone, Copy)]
pub struct AnimationProgress<'a> {
    /// A part of the work begins, with the number of its units.
    pub begin: &'a (dyn Fn(&str, usize) + Sync),
    /// A unit is done.
    pub advance: &'a (dyn Fn() + Sync),
}

impl AnimationProgress<'_> {
    /// No reports.
    pub const SILENT: Self = AnimationProgress {
        begin: &|_, _| {},
        advance: &|| {},
    };
}

/// An animation that is made.
#[derive(Clone, Debug)]
pub struct Animation {
    /// The bytes of its file, or of each frame.
    pub files: Vec<Vec<u8>>,
    /// The iterations of the frames.
    pub iterations: Vec<u64>,
    /// The width and the height in pixels.
    pub pixels: [u32; 2],
    /// The seconds of a round.
    pub seconds: f64,
    /// The sentence on frames and pixels that were given up for the limit of bytes.
    pub remark: Option<String>,
}

/// The fewest frames that are kept before the pixels become fewer.
const FEW_FRAMES: usize = 24;
/// The least resolution that pixels are reduced to.
const LEAST_DPI: f32 = 60.0;
/// The share of the limit that is aimed at.
const AIM: f64 = 0.92;

/// Makes an animation of a subject.
///
/// # Errors
/// If the view does not apply or stays the same, the page does not fit, a file cannot be encoded or kept within the limit, or
/// the work is cancelled.
pub fn animate(
    subject: AnimationSubject<'_>,
    plan: &AnimationPlan,
    token: &WorkToken,
    progress: AnimationProgress<'_>,
) -> Result<Animation, AnimationError> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = plan.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool
        .thread_name(|number| format!("animation-{number}"))
        .build()?;
    pool.install(|| animate_here(subject, plan, token, progress))
}

fn animate_here(
    subject: AnimationSubject<'_>,
    plan: &AnimationPlan,
    token: &WorkToken,
    progress: AnimationProgress<'_>,
) -> Result<Animation, AnimationError> {
    if subject.end() == 0 {
        return Err(AnimationError::Short);
    }
    let iterations = frame_iterations(subject.end(), plan.timing.frames, plan.timing.speed);
    let timing = plan.timing.of_frames(iterations.len());
    if plan.format == AnimationFormat::Gif && timing.fps > MOST_FPS {
        return Err(AnimationError::TooFast(MOST_FPS));
    }
    (progress.begin)(messages::computing_frames(), iterations.len());
    let page_size = plan.format.page_size(plan.page_size);
    let mut frames = Frames::new(subject, page_size, iterations, (token, progress.advance))?;
    let format = match plan.format {
        AnimationFormat::Files(format) => format,
        _ => Format::Png,
    };
    let mut making = Making {
        timing,
        drawn: drawn(&frames, format, token, progress)?,
        planned: (frames.iterations().len(), page_size.dpi),
    };
    if making
        .drawn
        .windows(2)
        .all(|pair| is_same(&pair[0], &pair[1], format))
    {
        return Err(AnimationError::Still(subject.view.info().id));
    }
    let files = if let AnimationFormat::Files(_) = plan.format {
        std::mem::take(&mut making.drawn)
    } else {
        vec![within_limit(
            &mut frames,
            &mut making,
            plan,
            (token, progress),
        )?]
    };
    let count = frames.iterations().len();
    Ok(Animation {
        files,
        iterations: frames.iterations().to_vec(),
        pixels: frames.page_size().pixels(),
        seconds: making.timing.seconds(count),
        remark: making.remark(&frames, plan),
    })
}

/// An animation between its frames and its file.
struct Making {
    timing: Timing,
    /// The frames as files.
    drawn: Vec<Vec<u8>>,
    /// The number of frames and the resolution that were asked for.
    planned: (usize, f32),
}

impl Making {
    /// The sentence on the frames and the pixels that were given up.
    fn remark(&self, frames: &Frames<'_>, plan: &AnimationPlan) -> Option<String> {
        let (count, dpi) = self.planned;
        let (kept, resolution) = (frames.iterations().len(), frames.page_size().dpi);
        let limit = plan.limit?;
        (kept != count || resolution != dpi)
            .then(|| messages::kept_within_limit(limit, [kept, count], [resolution, dpi]))
    }
}

/// The file of the frames within the limit: with fewer frames down to a few, then with fewer pixels, then with still fewer
/// frames.
fn within_limit(
    frames: &mut Frames<'_>,
    making: &mut Making,
    plan: &AnimationPlan,
    (token, progress): (&WorkToken, AnimationProgress<'_>),
) -> Result<Vec<u8>, AnimationError> {
    loop {
        let file = encoded(frames, making, plan.format, (token, progress))?;
        let size = file.len() as u64;
        let Some(limit) = plan.limit.filter(|limit| *limit < size) else {
            return Ok(file);
        };
        let share = AIM * limit as f64 / size as f64;
        let (count, dpi) = (frames.iterations().len(), frames.page_size().dpi);
        let fewer = |least: usize| ((share * count as f64) as usize).clamp(least, count - 1);
        let few = FEW_FRAMES.min(making.planned.0);
        if count > few {
            making.thin_out(frames, fewer(few));
        } else if dpi > LEAST_DPI {
            let dpi = (dpi * share.sqrt() as f32)
                .floor()
                .clamp(LEAST_DPI, dpi - 1.0);
            frames.set_resolution(dpi);
            making.drawn = drawn(frames, Format::Png, token, progress)?;
        } else if count > 2 {
            making.thin_out(frames, fewer(2));
        } else {
            return Err(AnimationError::TooLarge { least: size, limit });
        }
    }
}

impl Making {
    /// Keeps some of the frames, both ends among them, over the same time.
    fn thin_out(&mut self, frames: &mut Frames<'_>, kept: usize) {
        let count = self.drawn.len();
        let places: Vec<usize> = (0..kept)
            .map(|place| (place * (count - 1) + (kept - 1) / 2) / (kept - 1))
            .collect();
        self.timing = self.timing.with_frames(kept, count);
        frames.retain(&places);
        let drawn = places
            .iter()
            .map(|place| std::mem::take(&mut self.drawn[*place]));
        self.drawn = drawn.collect();
    }
}

/// Draws all frames in parallel.
fn drawn(
    frames: &Frames<'_>,
    format: Format,
    token: &WorkToken,
    progress: AnimationProgress<'_>,
) -> Result<Vec<Vec<u8>>, AnimationError> {
    let count = frames.iterations().len();
    (progress.begin)(messages::drawing_frames(), count);
    let drawn = (0..count).into_par_iter().map(|place| {
        if token.is_cancelled() {
            return Err(AnimationError::Cancelled);
        }
        let file = frames.frame(place, format)?;
        (progress.advance)();
        Ok(file)
    });
    drawn.collect()
}

/// The frames in the file of a format.
fn encoded(
    frames: &Frames<'_>,
    making: &Making,
    format: AnimationFormat,
    (token, progress): (&WorkToken, AnimationProgress<'_>),
) -> Result<Vec<u8>, AnimationError> {
    (progress.begin)(messages::encoding_frames(), making.drawn.len());
    let pixels = || {
        making.drawn.iter().map(|png| {
            if token.is_cancelled() {
                return Err(AnimationError::Cancelled);
            }
            (progress.advance)();
            Pixels::of_png(png)
        })
    };
    match format {
        AnimationFormat::Apng => apng(pixels(), &making.timing, &frames.experiment_text()),
        AnimationFormat::Gif => gif(pixels, &making.timing),
        AnimationFormat::Mp4 => {
            let files: Vec<&[u8]> = making.drawn.iter().map(Vec::as_slice).collect();
            let film = mp4(&files, &making.timing);
            // a signal ends ffmpeg, too
            film.map_err(|error| match error {
                _ if token.is_cancelled() => AnimationError::Cancelled,
                error => error,
            })
        }
        AnimationFormat::Files(_) => Ok(Vec::new()),
    }
}

/// True if two files have the same picture; their metadata differ.
fn is_same(one: &[u8], other: &[u8], format: Format) -> bool {
    match format {
        Format::Png => match (Pixels::of_png(one), Pixels::of_png(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        },
        _ => false,
    }
}

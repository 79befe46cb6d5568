//! The arguments of animations.

use bilevel_figure::{AnimationPlan, Speed, Timing};
use clap::{Args, ValueEnum};

use super::FormatName;
use super::experiment::whole;
use crate::cli::messages;

/// An animation over the iterations.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct AnimationArgs {
    /// Animate the view over the iterations: APNG, GIF, MP4 where ffmpeg is installed, or a folder of frames.
    #[arg(long)]
    pub(crate) animate: bool,
    /// The speed over the iterations: each decade, or each iteration, takes the same time.
    #[arg(long, default_value = "log", requires = "animate")]
    speed: SpeedName,
    /// The number of frames; fewer where the runs have fewer iterations.
    #[arg(long, value_name = "N", default_value = "60", requires = "animate", allow_negative_numbers = true, value_parser = |text: &str| whole(text, Timing::FRAMES[0] as u64, Timing::FRAMES[1] as u64))]
    frames: u64,
    /// The frames in a second; 10 by default.
    #[arg(long, value_name = "N", requires = "animate", allow_negative_numbers = true, value_parser = |text: &str| number(text, Timing::FPS))]
    fps: Option<f64>,
    /// The duration of all frames, in place of --fps.
    #[arg(long, value_name = "S", requires = "animate", conflicts_with = "fps", allow_negative_numbers = true, value_parser = |text: &str| number(text, Timing::SECONDS))]
    seconds: Option<f64>,
    /// The seconds that the last frame stays before the next round.
    #[arg(long, value_name = "S", default_value = "1", requires = "animate", allow_negative_numbers = true, value_parser = |text: &str| number(text, [0.0, 60.0]))]
    repeat_delay: f64,
    /// The number of rounds; 0 without end.
    #[arg(long = "loop", value_name = "N", default_value = "0", requires = "animate", allow_negative_numbers = true, value_parser = |text: &str| whole(text, 0, u64::from(u16::MAX)))]
    loops: u64,
    /// The most megabytes of an animation's file, kept by fewer frames and then by fewer pixels; 0 without a limit.
    #[arg(long, value_name = "MB", default_value = "5", requires = "animate", allow_negative_numbers = true, value_parser = |text: &str| number(text, [0.0, 100_000.0]))]
    max_size: f64,
    /// The format of frames in a folder.
    #[arg(long, default_value = "png", requires = "animate")]
    pub(crate) format: FormatName,
}

impl AnimationArgs {
    /// The times.
    pub(crate) fn timing(&self) -> Timing {
        let usual = Timing::default();
        Timing {
            frames: usize::try_from(self.frames).unwrap_or(usual.frames),
            fps: self.fps.unwrap_or(usual.fps),
            seconds: self.seconds,
            speed: match self.speed {
                SpeedName::Log => Speed::Log,
                SpeedName::Even => Speed::Even,
            },
            repeat_delay: self.repeat_delay,
            loops: u16::try_from(self.loops).unwrap_or(0),
        }
    }

    /// The most bytes of a file.
    pub(crate) fn limit(&self) -> Option<u64> {
        let megabyte = AnimationPlan::LIMIT as f64 / 5.0;
        (self.max_size > 0.0).then_some((self.max_size * megabyte) as u64)
    }
}

/// The speed of an animation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SpeedName {
    /// Each decade of iterations takes about the same time.
    Log,
    /// Each iteration takes the same time.
    Even,
}

/// Reads a number between two limits.
fn number(text: &str, [least, most]: [f64; 2]) -> Result<f64, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| messages::wrong_number(least, most))
}

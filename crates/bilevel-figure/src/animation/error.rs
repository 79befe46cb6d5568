//! The error of an animation that cannot be made.

use thiserror::Error;

use crate::messages;
use crate::page::compose::PageError;
use crate::view::error::ViewError;

/// The reason why an animation cannot be made.
#[derive(Debug, Error)]
pub enum AnimationError {
    /// The work was cancelled.
    #[error("{}", messages::cancelled())]
    Cancelled,
    /// A frame cannot be drawn.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The page of a frame cannot be made.
    #[error(transparent)]
    Page(#[from] PageError),
    /// All frames are the same.
    #[error("{}", messages::still_view(.0))]
    Still(&'static str),
    /// The runs have no iteration but the start.
    #[error("{}", messages::no_iterations())]
    Short,
    /// The frames cannot be encoded.
    #[error("{}", messages::cannot_encode(.0))]
    Encoding(String),
    /// The smallest animation has more bytes than allowed.
    #[error("{}", messages::animation_too_large(*.least, *.limit))]
    TooLarge {
        /// The bytes of the smallest animation that was tried.
        least: u64,
        /// The most bytes allowed.
        limit: u64,
    },
    /// The format cannot show so many frames in a second.
    #[error("{}", messages::too_many_frames_per_second(*.0))]
    TooFast(f64),
    /// The program that makes MP4 files is missing.
    #[error("{}", messages::no_ffmpeg())]
    NoFfmpeg,
    /// The program that makes MP4 files has failed; its last words.
    #[error("{}", messages::ffmpeg_failed(.0))]
    Ffmpeg(String),
    /// The threads cannot be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl AnimationError {
    /// An error of an encoder, unless the work was cancelled.
    pub(crate) fn encoding(error: &dyn std::error::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

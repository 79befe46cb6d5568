//! Animations of an experiment's runs: the frames of a view at growing iterations, as APNG, GIF, MP4 or files of their own.
//!
//! A frame is the picture that `figure --at K` draws. All frames have the same page and the same axes, so that only
//! the runs move.

pub(crate) mod apng;
pub(crate) mod encode;
pub(crate) mod error;
pub(crate) mod frames;
pub(crate) mod gif;
pub(crate) mod mp4;
pub(crate) mod palette;
pub(crate) mod pixels;
pub(crate) mod schedule;

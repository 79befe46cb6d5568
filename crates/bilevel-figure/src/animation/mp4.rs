//! MP4 by the system's ffmpeg, which reads the frames as PNG files from a pipe.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::AnimationError;
use super::schedule::Timing;

/// The program.
const FFMPEG: &str = "ffmpeg";
/// The name of the file in the temporary folder.
const NAME: &str = "animation.mp4";

/// Checks that the program is there, before any work is done for it.
///
/// # Errors
/// If it cannot be started.
pub fn check_ffmpeg() -> Result<(), AnimationError> {
    let call = Command::new(FFMPEG)
        .arg("-version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match call {
        Ok(_) => Ok(()),
        Err(_) => Err(AnimationError::NoFfmpeg),
    }
}

/// Encodes frames in the H.264 format that browsers and slides play. The last frame is repeated while it stays.
pub(super) fn mp4(frames: &[&[u8]], timing: &Timing) -> Result<Vec<u8>, AnimationError> {
    let failed = |error: std::io::Error| AnimationError::encoding(&error);
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join(NAME);
    let mut process = command(&path, timing.fps)
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => AnimationError::NoFfmpeg,
            _ => failed(error),
        })?;
    let rest = (timing.repeat_delay * timing.fps).round() as usize;
    let last = frames.last().into_iter().cycle().take(rest);
    if let Some(mut pipe) = process.stdin.take() {
        // a program that has ended says why on its error output
        let _broken_pipe = frames
            .iter()
            .chain(last)
            .try_for_each(|png| pipe.write_all(png));
    }
    let mut words = String::new();
    if let Some(mut output) = process.stderr.take() {
        output.read_to_string(&mut words).map_err(failed)?;
    }
    let status = process.wait().map_err(failed)?;
    if !status.success() {
        let last = words.lines().rev().find(|line| !line.trim().is_empty());
        let last = last.map_or_else(|| status.to_string(), |line| line.trim().to_owned());
        return Err(AnimationError::Ffmpeg(last));
    }
    std::fs::read(&path).map_err(failed)
}

fn command(path: &Path, fps: f64) -> Command {
    let mut command = Command::new(FFMPEG);
    command
        .args(["-loglevel", "error", "-f", "image2pipe", "-c:v", "png"])
        .args(["-framerate", &format!("{fps}"), "-i", "-"])
        // the format takes even sizes only
        .args([
            "-vf",
            "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white,format=yuv420p",
        ])
        .args(["-c:v", "libx264", "-crf", "18", "-preset", "medium"])
        .args(["-movflags", "+faststart", "-y"])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

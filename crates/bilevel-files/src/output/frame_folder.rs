//! A folder of the frames of an animation: it appears whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use super::atomic_write::WriteError;
use super::destination::{PREFIX, folder_of, sync_folder};
use crate::messages;

/// The beginning of the names of frames.
const FRAME: &str = "frame-";

/// Writes frames as the files `frame-0000` and so on of a folder. A folder that is there is replaced if it holds frames alone.
///
/// # Errors
/// If the folder holds other files, or cannot be written.
pub fn write_frames(folder: &Path, ending: &str, frames: &[Vec<u8>]) -> Result<(), WriteError> {
    let failed = |reason| WriteError::new(folder, reason);
    let folder = real_path(folder);
    check_frame_folder(&folder)?;
    let parent = folder_of(&folder);
    fs::create_dir_all(parent).map_err(failed)?;
    let temporary = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent);
    let temporary = temporary.map_err(failed)?;
    let new = temporary.path().join("new");
    fs::create_dir(&new).map_err(failed)?;
    for (number, frame) in frames.iter().enumerate() {
        fs::write(new.join(format!("{FRAME}{number:04}.{ending}")), frame).map_err(failed)?;
    }
    sync_folder(&new);
    if folder.exists() {
        fs::rename(&folder, temporary.path().join("old")).map_err(failed)?;
    }
    fs::rename(&new, &folder).map_err(failed)?;
    sync_folder(parent);
    Ok(())
}

/// Checks that frames can be written to a folder, before any work is done for them.
///
/// # Errors
/// If it is a file, or holds files that are no frames.
pub fn check_frame_folder(folder: &Path) -> Result<(), WriteError> {
    let folder = real_path(folder);
    let failed = |reason| WriteError::new(&folder, reason);
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !is_frame(&name.to_string_lossy()) {
            let reason = messages::files::holds_other_files(&name.to_string_lossy());
            return Err(failed(std::io::Error::other(reason)));
        }
    }
    Ok(())
}

/// The path behind a link, so that the link stays.
fn real_path(folder: &Path) -> PathBuf {
    folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf())
}

fn is_frame(name: &str) -> bool {
    let rest = name
        .strip_prefix(FRAME)
        .and_then(|rest| rest.split_once('.'));
    rest.is_some_and(|(number, ending)| {
        let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
        is_number && ["svg", "png", "pdf"].contains(&ending)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_replace_frames_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("deep").join("film");
        let names = || {
            let mut names: Vec<String> = fs::read_dir(&target)
                .expect("the folder is there")
                .map(|entry| {
                    entry
                        .expect("a file")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .collect();
            names.sort();
            names
        };
        write_frames(&target, "png", &[vec![1], vec![2], vec![3]]).expect("it is written");
        assert_eq!(
            names(),
            ["frame-0000.png", "frame-0001.png", "frame-0002.png"]
        );
        write_frames(&target, "svg", &[vec![4]]).expect("it is replaced");
        assert_eq!(names(), ["frame-0000.svg"]);
        fs::write(target.join("thesis.tex"), "x").expect("a file of the user");
        let refused = write_frames(&target, "svg", &[vec![5]]).expect_err("it is not ours");
        assert!(refused.to_string().contains("thesis.tex"), "{refused}");
        assert_eq!(
            fs::read(target.join("frame-0000.svg")).expect("a frame"),
            [4]
        );
        // nothing temporary stays
        assert_eq!(
            fs::read_dir(folder.path().join("deep"))
                .expect("a folder")
                .count(),
            1
        );
    }
}

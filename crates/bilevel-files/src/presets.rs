//! The registered presets, and the look-up of experiments by file or preset name.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bilevel::problem::nearest;
use thiserror::Error;

use crate::experiment::file::document::ReadError;
use crate::experiment::file::read::LARGEST_FILE;
use crate::experiment::model::Experiment;
use crate::experiment::share::{ShareError, is_shared_line};
use crate::messages;

/// A built-in experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name on the command line.
    pub name: &'static str,
    /// The heading of its group in lists.
    pub group: &'static str,
    /// The text of its file.
    pub text: &'static str,
    /// A small picture as PNG files for a light and a dark ground, if there is one.
    pub pictures: Option<[&'static [u8]; 2]>,
}

/// The built-in presets; a program registers them once, with [`register`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Presets {
    /// The presets of small benchmarks, in the order of menus.
    pub small: &'static [Preset],
    /// The presets of learning problems.
    ///
    /// The window opens them by name but does not suggest them: its views of planes and valleys show little of problems
    /// with thousands of variables.
    pub learning: &'static [Preset],
}

static REGISTERED: OnceLock<Presets> = OnceLock::new();

/// Registers the presets for [`open`] and [`find`]. Only the first call has an effect.
pub fn register(presets: Presets) {
    REGISTERED.get_or_init(|| presets);
}

/// Registers every `.toml` file of a folder as a preset named after it, for tests and for programs that embed none.
///
/// The texts are kept for the rest of the process.
///
/// # Errors
/// If the folder or a file in it cannot be read.
pub fn register_folder(folder: &Path) -> std::io::Result<()> {
    let mut presets = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_preset = path.extension().is_some_and(|ending| ending == "toml");
        let Some(name) = path.file_stem().filter(|_| is_preset) else {
            continue;
        };
        presets.push(Preset {
            name: name.to_string_lossy().into_owned().leak(),
            group: "",
            text: std::fs::read_to_string(&path)?.leak(),
            pictures: None,
        });
    }
    presets.sort_unstable_by_key(|preset| preset.name);
    register(Presets {
        small: presets.leak(),
        learning: &[],
    });
    Ok(())
}

/// The registered presets; empty before [`register`].
pub fn registered() -> Presets {
    REGISTERED.get().copied().unwrap_or_default()
}

/// Every registered preset.
pub fn all() -> impl Iterator<Item = &'static Preset> + Clone {
    let Presets { small, learning } = registered();
    small.iter().chain(learning)
}

/// The reason why an experiment cannot be opened.
#[derive(Debug, Error)]
pub enum OpenExperimentError {
    /// No file or preset has the name.
    #[error("{}", messages::files::unknown_file(.name, .hint))]
    Missing {
        /// The given name.
        name: String,
        /// The most similar preset name, or all names.
        hint: String,
    },
    /// The file cannot be read.
    #[error("{}", messages::files::cannot_read(.file, .reason))]
    Unreadable {
        /// The given name.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The file has an error.
    #[error(transparent)]
    Wrong(#[from] ReadError),
    /// The line has an error.
    #[error(transparent)]
    Line(#[from] ShareError),
}

/// A preset in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetSummary {
    /// The preset.
    pub preset: Preset,
    /// Its title.
    pub title: String,
    /// The first sentence about it, as markup.
    pub meaning: String,
}

/// Every registered preset in words, in the order of lists.
pub fn summaries() -> &'static [PresetSummary] {
    static SUMMARIES: OnceLock<Vec<PresetSummary>> = OnceLock::new();
    SUMMARIES.get_or_init(|| all().map(Preset::summary).collect())
}

impl Preset {
    fn summary(&self) -> PresetSummary {
        let table: toml::Table = self.text.parse().unwrap_or_default();
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or("");
        PresetSummary {
            preset: *self,
            title: text("title").to_owned(),
            meaning: first_sentence(text("about")).to_owned(),
        }
    }

    /// Reads the preset as an experiment.
    pub fn read(&self) -> Result<Experiment, ReadError> {
        Experiment::read(&format!("presets/{}.toml", self.name), self.text)
    }
}

/// The beginning of a text up to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    let ends = [". ", "? ", "! "].map(|end| text.find(end));
    let end = ends.into_iter().flatten().min();
    end.map_or(text, |end| &text[..=end])
}

/// Finds a preset by name, with or without `.toml`.
pub fn find(name: &str) -> Option<&'static Preset> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    all().find(|preset| preset.name == name)
}

/// Opens a file or, if there is none, the preset with that name, though a folder has it. `~` is the home folder. A line
/// of [`Experiment::to_line`] is opened, too.
pub fn open(name: &str) -> Result<Experiment, OpenExperimentError> {
    if is_shared_line(name) {
        return Ok(Experiment::from_line(name)?);
    }
    let path = path_of(name);
    if path.is_file() {
        let text = read_text(&path).map_err(|reason| OpenExperimentError::Unreadable {
            file: name.to_owned(),
            reason,
        })?;
        return Ok(Experiment::read(&path.to_string_lossy(), &text)?);
    }
    let preset = find(name);
    if path.exists() && (preset.is_none() || !path.is_dir()) {
        return Err(OpenExperimentError::Unreadable {
            file: name.to_owned(),
            reason: messages::files::not_a_file().to_owned(),
        });
    }
    match preset {
        Some(preset) => Ok(preset.read()?),
        None => Err(OpenExperimentError::Missing {
            name: name.to_owned(),
            hint: hint(name),
        }),
    }
}

/// The nearest preset of a name that is none; the place of their list if there is no near one, and nothing for a path.
fn hint(name: &str) -> String {
    let names: Vec<&str> = all().map(|preset| preset.name).collect();
    let near = nearest::hint(name, &names);
    let is_path = name.contains(['/', '\\', '.']);
    if near.contains('?') {
        near
    } else if is_path {
        String::new()
    } else {
        messages::files::list_of_presets().to_owned()
    }
}

/// Reads the text of an experiment from a source that is no file, such as the standard input.
///
/// # Errors
/// If it cannot be read, is too large, or has an error.
pub fn read_from(
    source: impl std::io::Read,
    name: &str,
) -> Result<Experiment, OpenExperimentError> {
    let text = text_from(source).map_err(|reason| OpenExperimentError::Unreadable {
        file: name.to_owned(),
        reason,
    })?;
    if is_shared_line(&text) {
        return Ok(Experiment::from_line(&text)?);
    }
    Ok(Experiment::read(name, &text)?)
}

/// The path that a user typed; `~` at its beginning is the home folder.
pub fn path_of(typed: &str) -> PathBuf {
    let typed = Path::new(typed.trim());
    match (typed.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => typed.to_path_buf(),
    }
}

/// Reads the text of an experiment's file, which has a bounded size.
///
/// # Errors
/// A reason in words if the file cannot be read, is too large or is not text.
pub fn read_text(path: &Path) -> Result<String, String> {
    text_from(std::fs::File::open(path).map_err(|error| error.to_string())?)
}

fn text_from(source: impl std::io::Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    source
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(messages::files::too_large().to_owned());
    }
    let text =
        String::from_utf8(bytes).map_err(|error| messages::files::not_text(&error.to_string()))?;
    // remove the byte order mark that some editors write
    Ok(text
        .strip_prefix('\u{feff}')
        .map(ToOwned::to_owned)
        .unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meaning_of_a_preset_is_its_first_sentence() {
        for (text, expected) in [
            ("", ""),
            ("One sentence", "One sentence"),
            ("One. Two.", "One."),
            ("With 1.5 of it. Two.", "With 1.5 of it."),
            ("Which? That.", "Which?"),
        ] {
            assert_eq!(first_sentence(text), expected);
        }
    }

    #[test]
    fn only_a_tilde_of_its_own_is_the_home_folder() {
        let home = std::env::home_dir().expect("a home");
        assert_eq!(path_of("~"), home);
        assert_eq!(path_of(" ~/a/b.toml "), home.join("a/b.toml"));
        for plain in ["a/~/b", "~other/b", "/a/b", "b.toml"] {
            assert_eq!(path_of(plain), Path::new(plain));
        }
    }
}

//! The experiments that ship, embedded in the binary, and how a file is found.

use std::io::Read as _;
use std::path::Path;

use thiserror::Error;

use super::document::ReadError;
use super::model::Experiment;
use super::read::LARGEST_FILE;
use crate::problem::nearest;

/// An experiment that ships.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// The text of its file.
    pub text: &'static str,
}

/// The presets of small benchmarks, in the order of lists and menus.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "welcome",
        text: include_str!("../../presets/welcome.toml"),
    },
    Preset {
        name: "coreset",
        text: include_str!("../../presets/coreset.toml"),
    },
    Preset {
        name: "minimax",
        text: include_str!("../../presets/minimax.toml"),
    },
    Preset {
        name: "degenerate",
        text: include_str!("../../presets/degenerate.toml"),
    },
    Preset {
        name: "valleys",
        text: include_str!("../../presets/valleys.toml"),
    },
    Preset {
        name: "pbgd",
        text: include_str!("../../presets/pbgd.toml"),
    },
    Preset {
        name: "three-valleys",
        text: include_str!("../../presets/three-valleys.toml"),
    },
    Preset {
        name: "sinresp",
        text: include_str!("../../presets/sinresp.toml"),
    },
    Preset {
        name: "rastrigin-response",
        text: include_str!("../../presets/rastrigin-response.toml"),
    },
    Preset {
        name: "tanh-doublewell",
        text: include_str!("../../presets/tanh-doublewell.toml"),
    },
    Preset {
        name: "two-basin-ridge",
        text: include_str!("../../presets/two-basin-ridge.toml"),
    },
    Preset {
        name: "mirrlees",
        text: include_str!("../../presets/mirrlees.toml"),
    },
    Preset {
        name: "cusp-jump",
        text: include_str!("../../presets/cusp-jump.toml"),
    },
    Preset {
        name: "sine",
        text: include_str!("../../presets/sine.toml"),
    },
    Preset {
        name: "hypergradients",
        text: include_str!("../../presets/hypergradients.toml"),
    },
    Preset {
        name: "stackelberg",
        text: include_str!("../../presets/stackelberg.toml"),
    },
    Preset {
        name: "stackelberg-exponential",
        text: include_str!("../../presets/stackelberg-exponential.toml"),
    },
    Preset {
        name: "four-levels",
        text: include_str!("../../presets/four-levels.toml"),
    },
    Preset {
        name: "chain",
        text: include_str!("../../presets/chain.toml"),
    },
    Preset {
        name: "tri-sin",
        text: include_str!("../../presets/tri-sin.toml"),
    },
    Preset {
        name: "tri-cosresp",
        text: include_str!("../../presets/tri-cosresp.toml"),
    },
    Preset {
        name: "coreset-paper",
        text: include_str!("../../presets/coreset-paper.toml"),
    },
    Preset {
        name: "minimax-paper",
        text: include_str!("../../presets/minimax-paper.toml"),
    },
    Preset {
        name: "degenerate-paper",
        text: include_str!("../../presets/degenerate-paper.toml"),
    },
    Preset {
        name: "bvfsm-rescued",
        text: include_str!("../../presets/bvfsm-rescued.toml"),
    },
    Preset {
        name: "bome-inner-steps",
        text: include_str!("../../presets/bome-inner-steps.toml"),
    },
    Preset {
        name: "bome-eta",
        text: include_str!("../../presets/bome-eta.toml"),
    },
    Preset {
        name: "bome-step-size",
        text: include_str!("../../presets/bome-step-size.toml"),
    },
    Preset {
        name: "noise",
        text: include_str!("../../presets/noise.toml"),
    },
    Preset {
        name: "batches",
        text: include_str!("../../presets/batches.toml"),
    },
    Preset {
        name: "same-gap",
        text: include_str!("../../presets/same-gap.toml"),
    },
    Preset {
        name: "pbgd-atlas",
        text: include_str!("../../presets/pbgd-atlas.toml"),
    },
    Preset {
        name: "mirrlees-atlas",
        text: include_str!("../../presets/mirrlees-atlas.toml"),
    },
    Preset {
        name: "tri-cosresp-sweep",
        text: include_str!("../../presets/tri-cosresp-sweep.toml"),
    },
    Preset {
        name: "valleys-pad",
        text: include_str!("../../presets/valleys-pad.toml"),
    },
    Preset {
        name: "first-order",
        text: include_str!("../../presets/first-order.toml"),
    },
    Preset {
        name: "equal-effort",
        text: include_str!("../../presets/equal-effort.toml"),
    },
    Preset {
        name: "stackelberg-cost",
        text: include_str!("../../presets/stackelberg-cost.toml"),
    },
    Preset {
        name: "tri-sin-atlas",
        text: include_str!("../../presets/tri-sin-atlas.toml"),
    },
];

/// The presets of problems that learn from data.
///
/// The window opens them by their names, but does not suggest them: its views of planes and valleys say little about
/// thousands of variables.
pub const LEARNING_PRESETS: &[Preset] = &[
    Preset {
        name: "hyper-cleaning",
        text: include_str!("../../presets/hyper-cleaning.toml"),
    },
    Preset {
        name: "hyper-cleaning-race",
        text: include_str!("../../presets/hyper-cleaning-race.toml"),
    },
    Preset {
        name: "hyper-cleaning-methods",
        text: include_str!("../../presets/hyper-cleaning-methods.toml"),
    },
    Preset {
        name: "robust-regression",
        text: include_str!("../../presets/robust-regression.toml"),
    },
    Preset {
        name: "regularization",
        text: include_str!("../../presets/regularization.toml"),
    },
    Preset {
        name: "continual",
        text: include_str!("../../presets/continual.toml"),
    },
];

/// Every preset that ships.
pub fn all() -> impl Iterator<Item = &'static Preset> + Clone {
    PRESETS.iter().chain(LEARNING_PRESETS)
}

/// Why an experiment could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is no such file or preset.
    #[error("there is no file and no preset `{name}`{hint}")]
    Missing {
        /// As given.
        name: String,
        /// The nearest preset, or all.
        hint: String,
    },
    /// The file cannot be read.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// As given.
        file: String,
        /// Why.
        reason: String,
    },
    /// The file says something wrong.
    #[error(transparent)]
    Wrong(#[from] ReadError),
}

impl Preset {
    /// The preset as an experiment.
    pub fn read(&self) -> Result<Experiment, ReadError> {
        Experiment::read(&format!("presets/{}.toml", self.name), self.text)
    }
}

/// The preset with a name, with or without `.toml`.
pub fn find(name: &str) -> Option<&'static Preset> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    all().find(|preset| preset.name == name)
}

/// Opens a file, or else the preset of that name.
pub fn open(name: &str) -> Result<Experiment, OpenError> {
    if Path::new(name).is_file() {
        let text = read_text(name).map_err(|reason| OpenError::Unreadable {
            file: name.to_owned(),
            reason,
        })?;
        return Ok(Experiment::read(name, &text)?);
    }
    if Path::new(name).exists() {
        return Err(OpenError::Unreadable {
            file: name.to_owned(),
            reason: "it is not a file".to_owned(),
        });
    }
    if let Some(preset) = find(name) {
        Ok(preset.read()?)
    } else {
        let names: Vec<&str> = all().map(|preset| preset.name).collect();
        Err(OpenError::Missing {
            name: name.to_owned(),
            hint: nearest::hint(name, &names),
        })
    }
}

/// The text of a file of bounded size.
fn read_text(name: &str) -> Result<String, String> {
    let file = std::fs::File::open(name).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err("it is larger than 1 MiB, which no experiment needs".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|error| format!("it is not text: {error}"))?;
    // an editor on another system may have put a mark in front
    Ok(text
        .strip_prefix('\u{feff}')
        .map(ToOwned::to_owned)
        .unwrap_or(text))
}

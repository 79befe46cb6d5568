//! Files embedded in the binary: presets, and the documents that claims quote.

use bilevel_claims::Documents;
use bilevel_files::presets::{self, Presets};
use bilevel_files::{BuiltInLesson, Experiment, OpenExperimentError, Preset, register_lessons};

/// Embeds presets, each with the heading of its group.
macro_rules! presets {
    ($($group:literal { $($name:literal,)* })*) => {
        &[$($(
            Preset {
                name: $name,
                group: $group,
                text: include_str!(concat!("../presets/", $name, ".toml")),
                pictures: Some([
                    include_bytes!(concat!("../assets/thumbnails/", $name, ".png")),
                    include_bytes!(concat!("../assets/thumbnails/", $name, "-dark.png")),
                ]),
            },
        )*)*]
    };
}

/// The presets of small benchmarks, in the order of lists and menus.
pub const PRESETS: &[Preset] = presets! {
    "First steps" {
        "welcome",
        "coreset",
        "minimax",
        "degenerate",
    }
    "Valleys, jumps and traps" {
        "valleys",
        "pbgd",
        "three-valleys",
        "sinresp",
        "rastrigin-response",
        "fork",
        "tanh-doublewell",
        "two-basin-ridge",
        "mirrlees",
        "cusp-jump",
        "sine",
        "same-gap",
    }
    "Three levels and more" {
        "stackelberg",
        "stackelberg-exponential",
        "four-levels",
        "chain",
        "tri-sin",
        "tri-cosresp",
        "stackelberg-cost",
    }
    "Accuracy and cost" {
        "hypergradients",
        "first-order",
        "equal-effort",
    }
    "Noise" {
        "noise",
        "batches",
    }
    "Inside a step" {
        "bome-multiplier",
        "aid-cg-singular",
        "missing-tail",
        "missing-response",
        "chain-rule-sweep",
        "noise-that-cancels",
    }
    "Settings as published" {
        "coreset-paper",
        "minimax-paper",
        "degenerate-paper",
        "bvfsm-rescued",
        "bome-inner-steps",
        "bome-eta",
        "bome-step-size",
    }
    "Maps of many starts" {
        "pbgd-atlas",
        "mirrlees-atlas",
        "tri-sin-atlas",
        "tri-cosresp-sweep",
        "valleys-pad",
    }
};

/// The presets of learning problems.
pub const LEARNING_PRESETS: &[Preset] = presets! {
    "Learning from data" {
        "hyper-cleaning",
        "hyper-cleaning-race",
        "hyper-cleaning-methods",
        "robust-regression",
        "regularization",
        "continual",
    }
};

/// Embeds lessons of a folder in `assets`.
macro_rules! lessons {
    ($folder:literal { $($name:literal,)* }) => {
        &[$(
            BuiltInLesson {
                name: $name,
                text: include_str!(concat!("../assets/", $folder, "/", $name, ".toml")),
            },
        )*]
    };
}

/// The lessons, in the order of their list.
pub const LESSONS: &[BuiltInLesson] = lessons! { "lessons" {
    "what-is-bilevel",
    "the-gap",
    "unrolling",
    "implicit",
    "value-function",
    "jumps",
    "traps",
    "n-levels",
    "noise",
    "fair-race",
} };

/// The failures of the gallery, in its order: each a lesson whose first step shows the failure, and whose second one, if there
/// is one, mends it.
pub const FAILURES: &[BuiltInLesson] = lessons! { "gallery" {
    "oscillation",
    "singular-hessian",
    "jump",
    "many-answers",
    "wrong-sweep",
    "long-step",
    "dead-multiplier",
    "noise-floor",
} };

/// The documents of measurements that take too long to be repeated by `claims`.
pub const DOCUMENTS: Documents = Documents {
    hyper_cleaning: include_str!("../docs/hyper-cleaning.md"),
    regularization: include_str!("../docs/regularization.md"),
    continual: include_str!("../docs/continual.md"),
};

/// Registers the presets, the lessons and the views.
pub fn register_presets() {
    bilevel_figure::register_views();
    presets::register(Presets {
        small: PRESETS,
        learning: LEARNING_PRESETS,
    });
    register_lessons(LESSONS);
}

/// Opens a file or, if there is none, the preset of that name.
///
/// # Errors
/// If there is neither, or the file cannot be read or is invalid.
pub fn open(name: &str) -> Result<Experiment, OpenExperimentError> {
    register_presets();
    presets::open(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the files in a folder, sorted.
    fn files(folder: &str) -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|file| {
                file.expect("a file")
                    .file_name()
                    .into_string()
                    .expect("a plain name")
            })
            .collect();
        files.sort();
        files
    }

    fn sorted_files<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut listed: Vec<String> = names.map(|name| format!("{name}.toml")).collect();
        listed.sort();
        listed
    }

    #[test]
    fn every_file_in_the_folder_of_presets_is_in_their_list() {
        let listed = PRESETS.iter().chain(LEARNING_PRESETS);
        let listed = sorted_files(listed.map(|preset| preset.name));
        assert_eq!(files("presets"), listed);
    }

    #[test]
    fn every_file_in_the_folder_of_lessons_is_in_their_list() {
        let listed = sorted_files(LESSONS.iter().map(|lesson| lesson.name));
        assert_eq!(files("assets/lessons"), listed);
        let listed = sorted_files(FAILURES.iter().map(|failure| failure.name));
        assert_eq!(files("assets/gallery"), listed);
    }

    #[test]
    fn the_documents_that_claims_quote_have_their_tables() {
        let sentences = bilevel_claims::sentences(DOCUMENTS).expect("the documents have tables");
        assert_eq!(sentences.len(), 3);
        for sentence in sentences {
            assert!(!sentence.contains("NaN"), "{sentence}");
        }
    }
}

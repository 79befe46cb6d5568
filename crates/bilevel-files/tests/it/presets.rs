//! The presets of the repository, registered for the tests.

use std::path::Path;

use bilevel::problem::{DefaultValue, Parameter, ParameterChoice, ParameterKind};
use bilevel_files::{AxisWords, Experiment, Preset, ViewInfo, presets, views};

const fn plain(id: &'static str) -> ViewInfo {
    ViewInfo {
        id,
        ..ViewInfo::EMPTY
    }
}

const fn word(name: &'static str) -> ParameterChoice {
    ParameterChoice {
        name,
        label: "",
        meaning: "",
    }
}

/// The views as the crate of figures registers them, with the options that presets set.
static VIEWS: [ViewInfo; 13] = [
    ViewInfo {
        most_figures: 2,
        axis_words: AxisWords::Variables("phi"),
        ..plain("landscape")
    },
    plain("levels"),
    ViewInfo {
        old_ids: &["honesty"],
        ..plain("feasibility")
    },
    plain("penalty"),
    plain("assumptions"),
    plain("slice"),
    plain("surrogate"),
    plain("anatomy"),
    ViewInfo {
        options: &[Parameter {
            name: "compass_y",
            label: "lower levels",
            symbol: "",
            kind: ParameterKind::Choice(&[word("run"), word("start"), word("reference")]),
            default: DefaultValue::Choice("run"),
            meaning: "",
        }],
        ..plain("compass")
    },
    plain("atlas"),
    plain("sweep"),
    plain("learned"),
    ViewInfo {
        is_beside: true,
        most_figures: 2,
        axis_words: AxisWords::Costs("gap"),
        ..plain("race")
    },
];

/// Every preset.
pub(crate) fn all() -> impl Iterator<Item = &'static Preset> {
    register();
    presets::all()
}

/// The preset with a name.
pub(crate) fn preset(name: &str) -> &'static Preset {
    register();
    presets::find(name).expect("a preset of this name")
}

/// The preset with a name, as an experiment.
pub(crate) fn open(name: &str) -> Experiment {
    preset(name).read().expect("the preset is right")
}

fn register() {
    views::register(VIEWS.iter().collect());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../presets");
    presets::register_folder(&folder).expect("the folder of presets");
}

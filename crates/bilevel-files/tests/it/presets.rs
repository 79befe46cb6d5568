//! The presets of the repository, registered for the tests.

use std::path::Path;

use bilevel_files::{Experiment, Preset, presets};

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../presets");
    presets::register_folder(&folder).expect("the folder of presets");
}

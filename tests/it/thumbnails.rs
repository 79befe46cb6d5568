//! The small pictures of the presets in lists: `assets/thumbnails`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bilevel::numerics::WorkToken;
use bilevel_figure::{Theme, draw_thumbnail, suited_view, view};
use bilevel_files::{Experiment, ProgressReports};
use bilevel_lab::embedded::{self, LEARNING_PRESETS, PRESETS};
use rstest::rstest;

/// The size of a thumbnail in pixels, twice that in points.
const PIXELS: [u32; 2] = [112, 68];
/// The largest survey that is shown, in starts along an axis.
const MOST_STARTS: usize = 32;

fn file_of(name: &str, theme: Theme) -> PathBuf {
    let ending = if theme == Theme::Dark { "-dark" } else { "" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/thumbnails");
    folder.join(format!("{name}{ending}.png"))
}

/// `UPDATE_THUMBNAILS=all cargo test --test it thumbnails` draws all of them anew, which takes minutes, and
/// `UPDATE_THUMBNAILS="pbgd noise"` some.
#[rstest]
#[timeout(Duration::from_hours(1))]
fn every_preset_has_a_thumbnail_of_each_theme_and_no_other_does() {
    if let Ok(names) = std::env::var("UPDATE_THUMBNAILS") {
        update(&names);
    }
    let mut expected: Vec<PathBuf> = PRESETS
        .iter()
        .chain(LEARNING_PRESETS)
        .flat_map(|preset| [Theme::Light, Theme::Dark].map(|theme| file_of(preset.name, theme)))
        .collect();
    expected.sort();
    let folder = expected[0].parent().expect("a folder");
    let files = std::fs::read_dir(folder).expect("the folder of thumbnails");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files, expected);
}

/// Draws the thumbnails of some presets anew, or those of all.
fn update(only: &str) {
    embedded::register_presets();
    let is_meant = |name: &str| only == "all" || only.split(' ').any(|it| it == name);
    let all = PRESETS.iter().chain(LEARNING_PRESETS);
    for preset in all.filter(|it| is_meant(it.name)) {
        let mut experiment = embedded::open(preset.name).expect("the preset is right");
        experiment.view.grid = experiment.view.grid.map(|side| side.min(MOST_STARTS));
        draw(preset.name, &experiment);
    }
}

fn draw(name: &str, experiment: &Experiment) {
    let problem = experiment.problem.build_informed(&WorkToken::default());
    let recorded = experiment.recorded_for_pictures(&*problem);
    let results = bilevel_files::run_all(&recorded, &problem, None, ProgressReports::SILENT)
        .expect("it runs");
    let kind = experiment
        .view
        .kind
        .unwrap_or_else(|| suited_view(&*problem));
    for theme in [Theme::Light, Theme::Dark] {
        let picture = draw_thumbnail((view(kind), PIXELS, theme), experiment, &problem, &results);
        let picture = picture
            .expect("it is drawn")
            .expect("the view has a figure");
        std::fs::write(file_of(name, theme), picture).expect("the folder is there");
    }
}

//! The list of all views, in the order of menus.

use bilevel::problem::Problem;
use bilevel_files::{ViewInfo, ViewKind, views};

use super::{AnyView, Listed, View as _};

/// All views.
pub static VIEWS: [&dyn AnyView; 13] = [
    &Listed::<super::landscape::LandscapePicture>::NEW,
    &Listed::<super::levels::LevelsPicture>::NEW,
    &Listed::<super::feasibility::FeasibilityPicture>::NEW,
    &Listed::<super::penalty::PenaltyPicture>::NEW,
    &Listed::<super::assumptions::AssumptionsPicture>::NEW,
    &Listed::<super::slice::SlicePicture>::NEW,
    &Listed::<super::surrogate::SurrogatePicture>::NEW,
    &Listed::<super::anatomy::AnatomyPicture>::NEW,
    &Listed::<super::compass::CompassPicture>::NEW,
    &Listed::<super::atlas::AtlasPicture>::NEW,
    &Listed::<super::sweep::SweepPicture>::NEW,
    &Listed::<super::learned::LearnedPicture>::NEW,
    &Listed::<super::race::RacePicture>::NEW,
];

/// Registers the views with the reader of experiment files.
pub fn register_views() {
    let infos: Vec<&'static ViewInfo> = VIEWS.iter().map(|view| view.info()).collect();
    views::register(infos);
}

/// The view of a kind; the landscape for an unknown word.
pub fn view(kind: ViewKind) -> &'static dyn AnyView {
    view_of_word(kind.word()).unwrap_or(VIEWS[0])
}

/// The view with a word as its id, old ids included.
pub fn view_of_word(word: &str) -> Option<&'static dyn AnyView> {
    VIEWS.into_iter().find(|view| view.info().is_named(word))
}

/// The view that suits a problem: its own pictures if it has any, the levels if there are more than two, else the
/// landscape.
pub fn suited_view(problem: &dyn Problem) -> ViewKind {
    if problem.pictured().is_some() {
        super::learned::LearnedPicture::KIND
    } else if problem.metadata().shape().levels() > 2 {
        super::levels::LevelsPicture::KIND
    } else {
        super::landscape::LandscapePicture::KIND
    }
}

/// The views that `kind` can choose, in the order of menus.
pub fn chosen_views() -> impl Iterator<Item = ViewKind> + Clone {
    let infos = VIEWS.iter().map(|view| view.info());
    infos.filter(|info| !info.is_beside).map(ViewKind::new)
}

//! The views of the runs, one a file, and their shared parts.

pub(crate) mod anatomy;
pub(crate) mod assumptions;
pub(crate) mod atlas;
pub(crate) mod compass;
pub(crate) mod context;
pub(crate) mod drag_start;
pub(crate) mod feasibility;
pub(crate) mod guesses;
pub(crate) mod hidden;
pub(crate) mod hover;
pub(crate) mod landscape;
pub(crate) mod learned;
pub(crate) mod levels;
pub(crate) mod note_tool;
pub(crate) mod observations;
pub(crate) mod option;
mod pair;
pub(crate) mod penalty;
pub(crate) mod plain;
pub(crate) mod race;
mod race_summary;
pub(crate) mod results;
pub(crate) mod results_table;
pub(crate) mod run_views;
pub(crate) mod slice;
pub(crate) mod survey_choices;
pub(crate) mod sweep;
pub(crate) mod switch;

use bilevel::problem::Metadata;
use bilevel_figure::{chosen_views, suited_view};
use bilevel_files::ViewKind;

use self::hover::Pointed;
use self::landscape::LandscapeView;
use self::levels::LevelsView;
use self::race::RaceView;
use self::run_views::RunViews;
use crate::app::background::Background;
use crate::app::session::Session;

/// The views of the runs and the race.
pub(crate) struct Views {
    /// The view of the runs that is shown.
    pub(crate) kind: ViewKind,
    /// The view that the anatomy of a step has replaced.
    pub(crate) before_anatomy: Option<ViewKind>,
    pub(crate) landscape: LandscapeView,
    pub(crate) levels: LevelsView,
    pub(crate) others: RunViews,
    pub(crate) race: RaceView,
    /// The iterate under the pointer, in all views.
    pub(crate) pointed: Pointed,
}

impl Views {
    /// The views of a session's problem.
    pub(crate) fn new(session: &Session, background: &Background) -> Self {
        let problem = session.problem();
        Self {
            kind: suited_view(&**problem),
            before_anatomy: None,
            landscape: LandscapeView::new(problem.metadata(), background),
            levels: LevelsView::new(background),
            others: RunViews::new(background),
            race: RaceView::default(),
            pointed: Pointed::default(),
        }
    }

    /// The view that is a number of places after the present one in the menu, in a circle.
    pub(crate) fn neighbour(&self, places: isize) -> ViewKind {
        let kinds: Vec<ViewKind> = chosen_views().collect();
        let here = kinds.iter().position(|kind| *kind == self.kind);
        let count = kinds.len().cast_signed();
        let there = here.map(|here| (here.cast_signed() + places).rem_euclid(count));
        let found = there.and_then(|there| kinds.get(there.cast_unsigned()));
        found.copied().unwrap_or(self.kind)
    }

    /// Forgets everything that belongs to another problem.
    pub(crate) fn reset(&mut self, metadata: &Metadata) {
        self.landscape.reset(metadata);
        self.levels.reset();
        self.others.reset();
        self.race.reset(metadata);
    }
}

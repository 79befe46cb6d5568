//! The experiment with the present state of the views, for saving.

use bilevel::study::{Measure, PlaneOf, RunCost};
use bilevel_figure::race::RaceOptions;
use bilevel_figure::{SweepPicture, View as _, ViewContext, suited_view, sweep_axes};
use bilevel_files::{Experiment, FigureRanges, FigureSpec, ViewSpec, WindowLayout};

use crate::app::App;
use crate::app::dialogs::export::ExportSource;
use crate::app::views::context::view_context;
use crate::app::views::run_views::Own;

impl App {
    /// The experiment with the views as they are. A key that the file left out stays out unless its value has changed.
    pub fn as_seen(&self) -> Experiment {
        Experiment {
            view: self.view_spec(),
            ..self.experiment().clone()
        }
    }

    /// The present state of the views.
    pub(crate) fn view_spec(&self) -> ViewSpec {
        let before = &self.experiment().view;
        let metadata = self.document.session.problem().metadata();
        let race = &self.views.race.view;
        let plane = &self.views.landscape.plane;
        let usual = metadata.plane(before.axes(metadata));
        let is_usual = (usual.horizontal, usual.vertical) == (plane.horizontal, plane.vertical);
        ViewSpec {
            layout: changed(before.layout, WindowLayout::default(), self.panels.layout),
            race_x: changed(before.race_x, RunCost::default(), race.cost),
            race_y: changed(before.race_y, Measure::default(), race.measure),
            landscape_level: changed(
                before.landscape_level,
                1,
                self.views.landscape.drawn_level(metadata),
            ),
            plane: if is_usual {
                before.plane.clone()
            } else {
                Some([plane.horizontal, plane.vertical].map(|axis| axis.to_string()))
            },
            range: self.views.landscape.viewport.range,
            kind: changed(
                before.kind,
                suited_view(&**self.document.session.problem()),
                self.views.kind,
            ),
            options: before.options.clone(),
            slice: changed(before.slice, PlaneOf::default(), self.views.others.slice.of),
            grid: self.views.others.grid(self.views.kind).or(before.grid),
            vary: if self.views.kind == SweepPicture::KIND {
                sweep_axes(self.experiment(), &self.views.others.sweep.vary)
            } else {
                self.views.others.sweep.vary.clone()
            },
            figure: self.figure_spec(),
            notes: before.notes.clone(),
        }
    }

    /// The present state of the axes of figures, of hidden methods and, if the file has one, of the playhead.
    fn figure_spec(&self) -> FigureSpec {
        let session = &self.document.session;
        let before = &self.experiment().view;
        let race = &self.views.race;
        let runs = session.slots().first().map_or(1, |slot| slot.runs.len());
        let measure = ViewSpec {
            race_x: Some(race.view.cost),
            race_y: Some(race.view.measure),
            ..ViewSpec::default()
        };
        let usual = RaceOptions::of(&measure, runs, &session.problem().milestones());
        let methods = self.experiment().methods.iter().zip(session.slots());
        let hidden = methods.filter(|(_, slot)| !slot.is_visible);
        // a file without a playhead gets none by being saved
        let now = session.playhead.iteration();
        let playhead = before.figure.playhead.filter(|_| now < session.end());
        let mut figure = FigureSpec {
            race_ranges: set_ranges(race.ranges()),
            figure_ranges: set_ranges(self.figure_ranges()),
            hidden: hidden.map(|(method, _)| method.label.clone()).collect(),
            playhead: playhead.map(|_| now),
            question: before.figure.question.clone(),
            answer: before.figure.answer.clone(),
            page: before.figure.page,
            ..FigureSpec::default()
        };
        race.view.describe(&usual, &mut figure);
        figure
    }

    /// The ranges of the figures of the view that is shown.
    fn figure_ranges(&self) -> Vec<Option<FigureRanges>> {
        match Own::of(self.views.kind) {
            Some(Own::Landscape) => self.views.landscape.ranges(),
            Some(Own::Levels) => self.views.levels.ranges(),
            _ => self.views.others.ranges(self.views.kind),
        }
    }

    /// The context of the views: the session and the present state of the views.
    pub(crate) fn view_context(&self) -> ViewContext<'_> {
        view_context(
            &self.document.session,
            self.view_spec(),
            self.views.race.view,
        )
    }

    /// The state of the window that the export dialog can save.
    pub(crate) fn export_source(&self) -> ExportSource<'_> {
        let mut context = self.view_context();
        for path in &mut context.paths {
            path.most = None;
        }
        context.screen.chosen = match Own::of(self.views.kind) {
            Some(Own::Anatomy) => self.views.others.anatomy.chosen,
            _ => self.views.others.learned.chosen,
        };
        // a file does not say which run is chosen
        context.screen.start = None;
        context.screen.run = 0;
        ExportSource {
            context,
            session: &self.document.session,
            run_views: &self.views.others,
            kind: self.views.kind,
            opened: &self.document.name,
        }
    }
}

/// The ranges of figures, none if none is set.
fn set_ranges(ranges: Vec<Option<FigureRanges>>) -> Vec<Option<FigureRanges>> {
    let last = ranges.iter().rposition(Option::is_some);
    let count = last.map_or(0, |last| last + 1);
    ranges.into_iter().take(count).collect()
}

/// The value to write for a key of the view: as in the file, unless it differs now.
fn changed<T: Copy + PartialEq>(before: Option<T>, usual: T, now: T) -> Option<T> {
    if before.unwrap_or(usual) == now {
        before
    } else {
        Some(now)
    }
}

//! The experiment with the present state of the views, for saving.

use bilevel::study::{Measure, PlaneOf, RunCost};
use bilevel_figure::{SweepPicture, View as _, ViewContext, suited_view, sweep_axes};
use bilevel_files::{Experiment, ViewSpec, WindowLayout};

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
        let metadata = self.session.problem().metadata();
        let race = &self.race.view;
        let plane = &self.landscape.plane;
        let usual = metadata.plane(before.axes(metadata));
        let is_usual = (usual.horizontal, usual.vertical) == (plane.horizontal, plane.vertical);
        ViewSpec {
            layout: changed(before.layout, WindowLayout::default(), self.layout),
            race_x: changed(before.race_x, RunCost::default(), race.cost),
            race_y: changed(before.race_y, Measure::default(), race.measure),
            landscape_level: changed(
                before.landscape_level,
                1,
                self.landscape.drawn_level(metadata),
            ),
            plane: if is_usual {
                before.plane.clone()
            } else {
                Some([plane.horizontal, plane.vertical].map(|axis| axis.to_string()))
            },
            range: self.landscape.viewport.range,
            kind: changed(
                before.kind,
                suited_view(&**self.session.problem()),
                self.view,
            ),
            options: before.options.clone(),
            slice: changed(before.slice, PlaneOf::default(), self.run_views.slice.of),
            grid: self.run_views.grid(self.view).or(before.grid),
            vary: if self.view == SweepPicture::KIND {
                sweep_axes(self.experiment(), &self.run_views.sweep.vary)
            } else {
                self.run_views.sweep.vary.clone()
            },
        }
    }

    /// The context of the views: the session and the present state of the views.
    pub(crate) fn view_context(&self) -> ViewContext<'_> {
        view_context(&self.session, self.view_spec(), self.race.view)
    }

    /// The state of the window that the export dialog can save.
    pub(crate) fn export_source(&self) -> ExportSource<'_> {
        let mut context = self.view_context();
        for path in &mut context.paths {
            path.most = None;
        }
        context.screen.chosen = self.run_views.learned.chosen;
        context.screen.ranges = match Own::of(self.view) {
            Some(Own::Landscape) => self.landscape.ranges(),
            Some(Own::Levels) => self.levels.ranges(),
            _ => self.run_views.ranges(self.view),
        };
        ExportSource {
            context,
            race_ranges: self.race.ranges(),
            session: &self.session,
            run_views: &self.run_views,
            kind: self.view,
            opened: &self.name,
        }
    }
}

/// The value to write for a key of the view: as in the file, unless it differs now.
fn changed<T: Copy + PartialEq>(before: Option<T>, usual: T, now: T) -> Option<T> {
    if before.unwrap_or(usual) == now {
        before
    } else {
        Some(now)
    }
}

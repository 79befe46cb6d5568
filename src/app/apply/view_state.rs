//! The experiment as it is seen: what is saved shows again what was on the screen.

use bilevel::study::{Measure, PlaneOf, RunCost};
use bilevel_files::{Experiment, ViewKind, ViewSpec, WindowLayout};

use crate::app::App;

impl App {
    /// The experiment with the views as they stand. What the file left to its default and nobody changed is left to it again.
    pub fn as_seen(&self) -> Experiment {
        let mut experiment = self.experiment().clone();
        let metadata = self.session.problem().metadata();
        let before = &experiment.view;
        let race = &self.race.view;
        let plane = &self.landscape.plane;
        let usual = metadata.plane(before.axes(metadata));
        let is_usual = (usual.horizontal, usual.vertical) == (plane.horizontal, plane.vertical);
        experiment.view = ViewSpec {
            layout: changed(before.layout, WindowLayout::default(), self.layout),
            race_x: changed(before.race_x, RunCost::default(), race.cost),
            race_y: changed(before.race_y, Measure::default(), race.measure),
            landscape_level: changed(before.landscape_level, 1, self.landscape.level),
            plane: if is_usual {
                before.plane.clone()
            } else {
                Some([plane.horizontal, plane.vertical].map(|axis| axis.to_string()))
            },
            range: if is_usual { before.range } else { None },
            kind: changed(
                before.kind,
                ViewKind::suited_to(&**self.session.problem()),
                self.view,
            ),
            penalty: changed(
                before.penalty,
                ViewSpec::PENALTY,
                self.run_views.penalty.gamma,
            ),
            slice: changed(before.slice, PlaneOf::default(), self.run_views.slice.of),
            grid: self.run_views.grid(self.view).or(before.grid),
            vary: self.run_views.sweep.vary.clone(),
        };
        experiment
    }
}

/// What to write for a view: as before, unless it is something else now.
fn changed<T: Copy + PartialEq>(before: Option<T>, usual: T, now: T) -> Option<T> {
    if before.unwrap_or(usual) == now {
        before
    } else {
        Some(now)
    }
}

//! The experiment as it is seen: what is saved shows again what was on the screen.

use bilevel::study::{Cost, Measure, PlaneOf};
use bilevel_files::{Experiment, Ground, Layout, ViewSpec};

use crate::app::App;

impl App {
    /// The experiment with the views as they stand. What the file left to its default and nobody changed is left to it again.
    pub fn as_seen(&self) -> Experiment {
        let mut experiment = self.experiment().clone();
        let facts = self.session.problem().facts();
        let before = &experiment.view;
        let race = &self.race.view;
        let plane = &self.landscape.plane;
        let usual = facts.plane(before.axes(facts));
        let is_usual = (usual.horizontal, usual.vertical) == (plane.horizontal, plane.vertical);
        experiment.view = ViewSpec {
            layout: changed(before.layout, Layout::default(), self.layout),
            race_x: changed(before.race_x, Cost::default(), race.cost),
            race_y: changed(before.race_y, Measure::default(), race.measure),
            landscape_level: changed(before.landscape_level, 1, self.landscape.level),
            plane: if is_usual {
                before.plane.clone()
            } else {
                Some([plane.horizontal, plane.vertical].map(|axis| axis.to_string()))
            },
            range: if is_usual { before.range } else { None },
            ground: changed(
                before.ground,
                Ground::suited_to(&**self.session.problem()),
                self.ground,
            ),
            penalty: changed(before.penalty, ViewSpec::PENALTY, self.rooms.penalty.gamma),
            slice: changed(before.slice, PlaneOf::default(), self.rooms.slice.of),
            grid: self.rooms.grid(self.ground).or(before.grid),
            vary: self.rooms.sweep.vary.clone(),
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

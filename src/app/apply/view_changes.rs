//! Changes of the picture, an arm each.

use std::sync::Arc;

use bilevel_files::WindowLayout;

use crate::app::App;
use crate::app::command::ViewChange;
use crate::app::command::controls::use_control;
use crate::app::messages;
use crate::app::views::hidden::hides_measure;

/// The width from which on pictures stand beside each other in the layout for comparisons.
const SIDE_BY_SIDE: f32 = 1084.0;

impl App {
    /// Carries out a change of the picture.
    pub(crate) fn change_view(&mut self, change: ViewChange, ctx: &egui::Context) {
        let views = &mut self.views;
        match change {
            ViewChange::Seek { iteration } => self.seek(iteration),
            ViewChange::SetLoop { range } => self.document.session.playhead.range = range,
            ViewChange::SetSpeed { speed } => self.document.session.playhead.speed = speed,
            ViewChange::ToggleVisible { .. } | ViewChange::Isolate { .. }
                if self.document.session.letters().is_some() =>
            {
                let words = messages::prediction::methods_are_kept();
                self.message = Some((words.to_owned(), false));
            }
            ViewChange::ToggleVisible { slot } => self.document.session.toggle_visible(slot),
            ViewChange::Isolate { slot } => self.document.session.isolate(slot),
            ViewChange::SetMeasure { measure } => {
                let horizon = self.document.session.horizon();
                if horizon.is_some_and(|it| hides_measure(it, measure)) {
                    let words = messages::prediction::view_hidden();
                    self.message = Some((words.to_owned(), false));
                } else {
                    views.race.set_measure(measure);
                }
            }
            ViewChange::SetCost { cost } => {
                views.race.view.cost = cost;
                views.race.fit();
            }
            ViewChange::SetWeights { weights } => {
                views.race.view.weights = weights;
                views.race.fit();
            }
            ViewChange::SetScale { axis, scale } => {
                views.race.view.scales[axis] = scale;
                views.race.fit();
            }
            ViewChange::SetSpread { spread } => views.race.view.spread = spread,
            ViewChange::SetTolerance { tolerance } => views.race.view.tolerance = tolerance,
            ViewChange::Show { view } => views.kind = view,
            ViewChange::RetractMove { number } => self.retract_move(number),
            ViewChange::ChooseStart { number } => self.document.session.choose_start(number),
            ViewChange::SetPlane { axes } => {
                let problem = Arc::clone(self.document.session.problem());
                views.landscape.set_axes(problem.metadata(), axes);
            }
            ViewChange::SetLandscapeLevel { level } => views.landscape.show_level(level),
            ViewChange::SetSlice { plane } => views.others.slice.set_plane(plane),
            ViewChange::SetAtlasGrid { side } => views.others.atlas.side = side,
            ViewChange::SetSweepGrid { side } => views.others.sweep.side = side,
            ViewChange::SetVary { vary } => views.others.sweep.vary = vary,
            ViewChange::SetLayout { layout } => {
                self.panels.layout = layout;
                let is_narrow = ctx.content_rect().width() < SIDE_BY_SIDE;
                self.message = (layout == WindowLayout::Compare && is_narrow)
                    .then(|| (messages::status::no_room_to_compare(SIDE_BY_SIDE), false));
            }
            ViewChange::ChooseSlider { choice } => self.panels.slider = Some(choice),
            ViewChange::SetTab { tab } => self.panels.tab = tab,
            ViewChange::Predict { change } => self.change_prediction(change),
            ViewChange::Copy { text, format } => {
                ctx.copy_text(text);
                self.message = Some((messages::status::copied_as(format), false));
            }
            ViewChange::UseControl { control } => use_control(ctx, &control),
        }
    }
}

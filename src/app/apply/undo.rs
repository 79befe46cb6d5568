//! Steps of undo.

use crate::app::App;
use crate::app::command::EditTarget;
use crate::app::session::history::Moment;

impl App {
    /// Carries out a change of the experiment and records it as a step, unless it continues the last one.
    pub(crate) fn as_a_step(&mut self, target: Option<EditTarget>, change: impl FnOnce(&mut Self)) {
        let before = self.document.moment();
        change(self);
        self.document.record(before, target);
    }

    /// Takes the last step back.
    pub(crate) fn undo(&mut self) {
        let now = self.document.moment();
        let before = self.document.history.undo(now);
        self.restore(before);
    }

    /// Repeats the step that was taken back last.
    pub(crate) fn redo(&mut self) {
        let now = self.document.moment();
        let after = self.document.history.redo(now);
        self.restore(after);
    }

    /// Takes the last step back as if it had never been, if it moved a start.
    pub(crate) fn retract_move(&mut self, number: usize) {
        let before = self.document.history.retract(EditTarget::Start(number));
        let was_modified = before.as_ref().is_some_and(|it| it.is_modified);
        let is_there = before.is_some();
        self.restore(before);
        if is_there {
            self.document.is_modified = was_modified;
        }
    }

    /// Restores a moment; the views stay unless another problem or file comes with it.
    fn restore(&mut self, moment: Option<Moment>) {
        let Some(moment) = moment else { return };
        let present = self.document.session.experiment();
        let is_same_file = moment.name == self.document.name;
        if moment.experiment == *present {
            // only the formulas differ: they were half typed
        } else if is_same_file && moment.experiment.problem == present.problem {
            self.document
                .edit(|experiment| *experiment = moment.experiment);
        } else {
            let view = moment.experiment.view.clone();
            self.replace(moment.experiment);
            if !is_same_file {
                self.show_as(&view);
            }
        }
        self.document.rename(moment.name);
        self.document.formulas = moment.formulas;
        self.document.lesson = moment.lesson;
    }
}

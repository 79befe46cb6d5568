//! Undo and redo: the experiment as it was before each edit. The changes of one gesture to one target are one step.

use bilevel_files::Experiment;
use egui::{Context, Id};

use super::open_lesson::OpenLesson;
use crate::app::command::EditTarget;
use crate::app::formulas::FormulaDraft;

/// The most steps that are kept.
const MOST: usize = 200;

/// The state that an undo restores.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    pub(crate) experiment: Experiment,
    /// The name of the file or preset.
    pub(crate) name: String,
    pub(crate) is_modified: bool,
    /// The typed formulas, which may be half typed.
    pub(crate) formulas: Option<FormulaDraft>,
    /// The lesson with its step.
    pub(crate) lesson: Option<OpenLesson>,
}

/// The user's present gesture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Gesture {
    #[default]
    None,
    /// The pointer is held down; the number counts presses.
    Press(u64),
    /// A widget has the keyboard.
    Typing(Id),
}

/// Past and future experiments.
#[derive(Debug, Default)]
pub(crate) struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    /// The last edit, as long as its gesture goes on.
    open: Option<(EditTarget, Gesture)>,
    gesture: Gesture,
    presses: u64,
}

impl History {
    /// Updates the gesture, at the end of a frame that may have queued edits.
    pub(crate) fn watch(&mut self, ctx: &Context) {
        let (is_pressed, is_held) = ctx.input(|input| {
            let pointer = &input.pointer;
            // a drag's last change comes in the frame that releases the button
            let is_held = pointer.any_down() || pointer.any_released();
            (pointer.any_pressed(), is_held)
        });
        self.presses += u64::from(is_pressed);
        self.gesture = match ctx.memory(egui::Memory::focused) {
            _ if is_held => Gesture::Press(self.presses),
            Some(widget) => Gesture::Typing(widget),
            None => Gesture::None,
        };
    }

    /// Records the moment before an edit, unless the edit continues the last one.
    pub(crate) fn record(&mut self, before: Moment, target: Option<EditTarget>) {
        let now = target.map(|target| (target, self.gesture));
        let goes_on = now.is_some_and(|(_, gesture)| gesture != Gesture::None) && now == self.open;
        if !goes_on {
            self.past.push(before);
            let surplus = self.past.len().saturating_sub(MOST);
            self.past.drain(..surplus);
        }
        self.open = now;
        self.future.clear();
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Returns the moment before the last edit. [`History::redo`] restores `now`.
    pub(crate) fn undo(&mut self, now: Moment) -> Option<Moment> {
        self.open = None;
        let before = self.past.pop()?;
        self.future.push(now);
        Some(before)
    }

    /// Returns the moment that the last undo left.
    pub(crate) fn redo(&mut self, now: Moment) -> Option<Moment> {
        self.open = None;
        let after = self.future.pop()?;
        self.past.push(now);
        Some(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(iterations: u64) -> Moment {
        let mut experiment = crate::embedded::open("welcome").expect("the preset is right");
        experiment.iterations = iterations;
        Moment {
            experiment,
            name: "welcome".to_owned(),
            is_modified: iterations > 1,
            formulas: None,
            lesson: None,
        }
    }

    #[test]
    fn steps_come_back_in_reverse_and_again_in_order() {
        let mut history = History::default();
        assert_eq!(history.undo(moment(1)), None);
        history.record(moment(1), None);
        history.record(moment(2), None);
        assert_eq!(history.undo(moment(3)), Some(moment(2)));
        assert_eq!(history.undo(moment(2)), Some(moment(1)));
        assert!(!history.can_undo());
        assert_eq!(history.redo(moment(1)), Some(moment(2)));
        assert_eq!(history.redo(moment(2)), Some(moment(3)));
        assert!(!history.can_redo());
    }

    #[test]
    fn a_new_edit_ends_the_future() {
        let mut history = History::default();
        history.record(moment(1), None);
        assert!(history.undo(moment(2)).is_some());
        history.record(moment(1), None);
        assert!(!history.can_redo());
    }

    #[test]
    fn one_gesture_on_one_target_is_one_step() {
        let mut history = History {
            gesture: Gesture::Press(1),
            ..History::default()
        };
        history.record(moment(1), Some(EditTarget::Iterations));
        history.record(moment(2), Some(EditTarget::Iterations));
        history.gesture = Gesture::Press(2);
        history.record(moment(3), Some(EditTarget::Iterations));
        assert_eq!(history.undo(moment(4)), Some(moment(3)));
        assert_eq!(history.undo(moment(3)), Some(moment(1)));
        assert!(!history.can_undo());
    }

    #[test]
    fn without_a_gesture_every_edit_is_a_step() {
        let mut history = History::default();
        for iterations in 1..=3 {
            history.record(moment(iterations), Some(EditTarget::Iterations));
        }
        assert_eq!(history.undo(moment(4)), Some(moment(3)));
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut history = History::default();
        for _ in 0..MOST + 10 {
            history.record(moment(1), None);
        }
        assert_eq!(history.past.len(), MOST);
    }
}

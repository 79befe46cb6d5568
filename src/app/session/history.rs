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

/// The longest time between two changes by keys, other than a text's, that are one step, in seconds.
const BURST: f64 = 1.0;

/// Past and future experiments.
#[derive(Debug, Default)]
pub(crate) struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    /// The last edit, as long as its gesture goes on.
    open: Option<(EditTarget, Gesture)>,
    /// The target and the gesture of the last step, and the future that it ended.
    last: Option<(EditTarget, Gesture, Vec<Moment>)>,
    gesture: Gesture,
    /// True if the widget that had the keyboard has lost it in this frame, whose edits are still its own.
    is_leaving: bool,
    presses: u64,
    /// True if the last press was within the text that is being typed.
    is_in_text: bool,
    /// The time now and at the last edit, in seconds.
    now: f64,
    edited: f64,
}

impl History {
    /// Updates the gesture, at the end of a frame that may have queued edits.
    pub(crate) fn watch(&mut self, ctx: &Context) {
        let (is_pressed, is_held, now) = ctx.input(|input| {
            let pointer = &input.pointer;
            // a drag's last change comes in the frame that releases the button
            let is_held = pointer.any_down() || pointer.any_released();
            (pointer.any_pressed(), is_held, input.time)
        });
        // a frame that is drawn twice has one press
        self.presses += u64::from(is_pressed && ctx.current_pass_index() == 0);
        let focused = ctx.memory(egui::Memory::focused);
        if is_pressed {
            // a click into the text that is being typed ends nothing
            let field = focused.filter(|_| ctx.text_edit_focused());
            let field = field.and_then(|field| ctx.read_response(field));
            let at = ctx.input(|input| input.pointer.interact_pos());
            self.is_in_text = at.zip(field).is_some_and(|(at, it)| it.rect.contains(at));
        }
        let gesture = match focused {
            Some(field) if is_held && self.is_in_text => Gesture::Typing(field),
            _ if is_held => Gesture::Press(self.presses),
            Some(widget) => Gesture::Typing(widget),
            None => Gesture::None,
        };
        self.follow(gesture, now, ctx.text_edit_focused());
    }

    /// Takes the gesture of a frame at a time; `is_text` is true while a text is typed.
    fn follow(&mut self, gesture: Gesture, now: f64, is_text: bool) {
        self.now = now;
        let is_typed = matches!(self.gesture, Gesture::Typing(_));
        self.is_leaving = is_typed && gesture == Gesture::None && !self.is_leaving;
        if self.is_leaving {
            return;
        }
        let is_rest =
            matches!(gesture, Gesture::Typing(_)) && !is_text && now - self.edited > BURST;
        if gesture != self.gesture || is_rest {
            self.open = None;
        }
        self.gesture = gesture;
    }

    /// Records the moment before an edit, unless the edit continues the last one.
    pub(crate) fn record(&mut self, before: Moment, target: Option<EditTarget>) {
        let now = target.map(|target| (target, self.gesture));
        let goes_on = now.is_some_and(|(_, gesture)| gesture != Gesture::None) && now == self.open;
        let future = std::mem::take(&mut self.future);
        if !goes_on {
            self.past.push(before);
            let surplus = self.past.len().saturating_sub(MOST);
            self.past.drain(..surplus);
            self.last = target.map(|target| (target, self.gesture, future));
        }
        self.open = now;
        self.edited = self.now;
    }

    /// Removes the last step if it changed `target` in the press before this one, as if it had never been; returns the
    /// moment before it.
    pub(crate) fn retract(&mut self, target: EditTarget) -> Option<Moment> {
        let press = Gesture::Press(self.presses.checked_sub(1)?);
        let is_meant = |(last, gesture, _): &mut (EditTarget, Gesture, Vec<Moment>)| {
            (*last, *gesture) == (target, press)
        };
        let (.., future) = self.last.take_if(is_meant)?;
        self.open = None;
        self.future = future;
        self.past.pop()
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes the last step as finished: no edit continues it, and nothing retracts it.
    fn close(&mut self) {
        self.open = None;
        self.last = None;
    }

    /// Returns the moment before the last edit. [`History::redo`] restores `now`.
    pub(crate) fn undo(&mut self, now: Moment) -> Option<Moment> {
        self.close();
        let before = self.past.pop()?;
        self.future.push(now);
        Some(before)
    }

    /// Returns the moment that the last undo left.
    pub(crate) fn redo(&mut self, now: Moment) -> Option<Moment> {
        self.close();
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

    #[test]
    fn a_gesture_that_ends_closes_its_step() {
        let mut history = History::default();
        let typing = Gesture::Typing(Id::unique("field"));
        let target = Some(EditTarget::Iterations);
        history.follow(typing, 0.0, true);
        history.record(moment(1), target);
        // a slow typist, and the change of the frame in which Return is pressed
        history.follow(typing, 9.0, true);
        history.follow(Gesture::None, 9.1, false);
        history.record(moment(2), target);
        assert_eq!(history.past.len(), 1);
        history.follow(Gesture::None, 9.2, false);
        history.follow(typing, 9.3, true);
        history.record(moment(3), target);
        assert_eq!(history.past.len(), 2);
        // keys that are no text are steps after a rest
        history.follow(typing, 9.4, false);
        history.record(moment(4), target);
        assert_eq!(history.past.len(), 2);
        history.follow(typing, 12.0, false);
        history.record(moment(5), target);
        assert_eq!(history.past.len(), 3);
    }

    #[test]
    fn a_click_that_was_the_first_of_two_leaves_nothing() {
        let (start, other) = (EditTarget::Start(0), EditTarget::Start(1));
        let mut history = History::default();
        history.record(moment(1), None);
        assert!(history.undo(moment(2)).is_some());
        history.presses = 1;
        history.follow(Gesture::Press(1), 0.0, false);
        history.record(moment(1), Some(start));
        assert!(!history.can_redo());
        history.presses = 2;
        history.follow(Gesture::Press(2), 0.1, false);
        assert_eq!(history.retract(other), None);
        assert_eq!(history.retract(start), Some(moment(1)));
        assert!(!history.can_undo() && history.can_redo());
        // a step of an earlier press is the user's own
        history.record(moment(1), Some(start));
        history.presses = 4;
        assert_eq!(history.retract(start), None);
    }
}

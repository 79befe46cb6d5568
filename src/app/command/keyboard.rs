//! The commands of the keys that were pressed.

use egui::{Event, Key, Modifiers};

use super::action::ACTIONS;
use super::chord::Chord;
use super::{Action, Command, Edit, ViewChange};

/// The keys 1 to 8 with modifiers, each for the method in one slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MethodKeys {
    modifiers: Modifiers,
    /// The keys in words.
    pub(crate) name: &'static str,
    /// The name of a key without its digit.
    pub(crate) prefix: &'static str,
    /// The effect, in words.
    pub(crate) words: &'static str,
    command: fn(usize) -> ViewChange,
}

/// The keys of methods, in the order of the sheet of keys.
pub(crate) static METHOD_KEYS: [MethodKeys; 2] = [
    MethodKeys {
        modifiers: Modifiers::NONE,
        name: "1 … 8",
        prefix: "",
        words: "Show or hide a method",
        command: |slot| ViewChange::ToggleVisible { slot },
    },
    MethodKeys {
        modifiers: Modifiers::ALT,
        name: "Alt 1 … 8",
        prefix: "Alt ",
        words: "Isolate a method, or show all",
        command: |slot| ViewChange::Isolate { slot },
    },
];

/// The keys of methods, by slot.
const DIGITS: [Key; 8] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
];

impl MethodKeys {
    /// The command of the method in a slot, with its key in words; empty if the slot has none.
    pub(crate) fn command(&self, slot: usize) -> (ViewChange, String) {
        let key = if slot < DIGITS.len() {
            format!("{}{}", self.prefix, slot + 1)
        } else {
            String::new()
        };
        ((self.command)(slot), key)
    }
}

/// The command of a key, and true if it repeats while the key is held down.
fn command_of(modifiers: Modifiers, key: Key) -> Option<(Command, bool)> {
    let is_pressed = |chord: &Chord| chord.is_pressed_by(modifiers, key);
    if let Some(info) = ACTIONS
        .iter()
        .find(|info| info.chords.iter().any(is_pressed))
    {
        return Some((info.action.into(), info.action.repeats()));
    }
    let slot = DIGITS.iter().position(|digit| *digit == key)?;
    let mut keys = METHOD_KEYS.iter();
    let keys = keys.find(|keys| modifiers.matches_exact(keys.modifiers))?;
    Some(((keys.command)(slot).into(), false))
}

/// The actions whose keys act: all but `Dismiss` in the window, and only those that close it in a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyScope {
    Window,
    /// A dialog, with the action that toggles it, if there is one.
    Dialog(Option<Action>),
}

impl KeyScope {
    fn admits(self, command: &Command) -> bool {
        let closes = *command == Command::Act(Action::Dismiss);
        match self {
            Self::Window => !closes,
            Self::Dialog(toggle) => {
                closes || toggle.is_some_and(|toggle| *command == Command::Act(toggle))
            }
        }
    }
}

/// True if a command's key acts while a field is being typed in: those that no field has a use for.
fn acts_in_fields(command: &Command) -> bool {
    use Action::{AskOpen, AskSave, Quit, Save, TogglePalette};
    let acting = [TogglePalette, AskOpen, Save, AskSave, Quit];
    matches!(command, Command::Act(action) if acting.contains(action))
}

/// Takes the commands whose keys were pressed, unless a widget has a use for them or a dialog keeps the keys. `has_field` is true
/// while a field is open that is about to get the keyboard.
pub(crate) fn pressed(ctx: &egui::Context, scope: KeyScope, has_field: bool) -> Vec<Command> {
    let is_window = scope == KeyScope::Window;
    let is_typing = is_window && (has_field || ctx.text_edit_focused());
    // these keys press or move a button or a slider that has the focus
    let has_focus = is_window && ctx.memory(|memory| memory.focused().is_some());
    let belongs_to_widget = |key: Key| {
        use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp, End, Home, Space};
        has_focus && [ArrowDown, ArrowLeft, ArrowRight, ArrowUp, End, Home, Space].contains(&key)
    };
    let mut commands = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key {
                key,
                modifiers,
                pressed: true,
                repeat,
                ..
            } = event
            else {
                return true;
            };
            let taken = command_of(*modifiers, *key)
                .filter(|(command, _)| scope.admits(command) && !belongs_to_widget(*key))
                .filter(|(command, _)| !is_typing || acts_in_fields(command));
            let is_taken = taken.is_some();
            let acts = taken.filter(|(_, repeats)| !*repeat || *repeats);
            commands.extend(acts.map(|(command, _)| command));
            !is_taken
        });
    });
    commands
}

/// Takes pasted text, unless a field has the keyboard or is about to get it, or a dialog lies over the window.
pub(crate) fn pasted(ctx: &egui::Context, scope: KeyScope, has_field: bool) -> Vec<Command> {
    if scope != KeyScope::Window || has_field || ctx.text_edit_focused() {
        return Vec::new();
    }
    ctx.input(|input| {
        let events = input.raw.events.iter();
        let texts = events.filter_map(|event| match event {
            Event::Paste(text) => Some(Edit::Paste { text: text.clone() }.into()),
            _ => None,
        });
        texts.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_the_command_of_its_line() {
        for info in ACTIONS {
            for chord in info.chords {
                let (command, _) = command_of(chord.modifiers, chord.key).expect("it is declared");
                assert_eq!(command, info.action.into(), "{}", chord.name());
            }
        }
        for keys in &METHOD_KEYS {
            let (command, _) = command_of(keys.modifiers, Key::Num8).expect("it is declared");
            assert_eq!(command, keys.command(7).0.into(), "{}", keys.name);
        }
    }

    #[test]
    fn in_a_dialog_only_keys_that_close_it_act() {
        let [window, dialog] = [KeyScope::Window, KeyScope::Dialog(None)];
        for info in ACTIONS {
            let command = info.action.into();
            assert_ne!(
                window.admits(&command),
                dialog.admits(&command),
                "{}",
                info.words
            );
        }
        let keys = KeyScope::Dialog(Some(Action::ToggleKeys));
        assert!(keys.admits(&Action::ToggleKeys.into()));
        assert!(!keys.admits(&Action::TogglePalette.into()));
    }
}

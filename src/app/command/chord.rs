//! A key with its modifiers, and its name.

use egui::{Key, Modifiers};

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chord {
    pub(crate) modifiers: Modifiers,
    pub(crate) key: Key,
}

/// A key without modifiers.
pub(crate) const fn plain(key: Key) -> Chord {
    with(Modifiers::NONE, key)
}

/// A key with modifiers.
pub(crate) const fn with(modifiers: Modifiers, key: Key) -> Chord {
    Chord { modifiers, key }
}

impl Chord {
    /// True if a key with modifiers is this chord.
    pub(crate) fn is_pressed_by(self, modifiers: Modifiers, key: Key) -> bool {
        // the place of the question mark and its modifiers differ between keyboard layouts
        let is_symbol = self.key == Key::Questionmark;
        self.key == key && (is_symbol || modifiers.matches_exact(self.modifiers))
    }

    /// The chord in words, such as "Ctrl Shift Z".
    pub(crate) fn name(self) -> String {
        let held = [
            (self.modifiers.command, "Ctrl "),
            (self.modifiers.alt, "Alt "),
            (self.modifiers.shift, "Shift "),
        ];
        let mut name: String = held
            .into_iter()
            .filter_map(|(is_held, word)| is_held.then_some(word))
            .collect();
        name.push_str(match self.key {
            Key::ArrowLeft => "←",
            Key::ArrowRight => "→",
            Key::Questionmark => "?",
            Key::Escape => "Esc",
            key => key.name(),
        });
        name
    }
}

//! The table of shortcuts, which key presses, the sheet of keys and the palette read.

use egui::{Event, Key, Modifiers};

use super::Command;

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chord {
    modifiers: Modifiers,
    key: Key,
}

/// The command of a shortcut.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The same command for each of its keys.
    One(Command),
    /// A command on a method, by the key's index among the shortcut's keys.
    OfMethod(fn(usize) -> Command),
}

/// The group of a shortcut in the sheet of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShortcutGroup {
    Time,
    Methods,
    Experiment,
    Window,
}

impl ShortcutGroup {
    /// The heading of the group.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Methods => "Methods and charts",
            Self::Experiment => "Experiment",
            Self::Window => "Window",
        }
    }
}

/// A shortcut: its keys, words and command.
#[derive(Clone, Debug)]
pub(crate) struct Shortcut {
    pub(crate) group: ShortcutGroup,
    chords: &'static [Chord],
    /// The keys in words.
    pub(crate) name: &'static str,
    /// The effect, in words.
    pub(crate) meaning: &'static str,
    pub(crate) action: Action,
}

/// The topmost dialog over the window, which takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    Nothing,
    Dialog,
    Keys,
    Palette,
    Papers,
}

impl Cover {
    /// True if a command's keys act: under a dialog only those that close it.
    fn admits(self, command: &Command) -> bool {
        let closes = *command == Command::Dismiss;
        match self {
            Self::Nothing => !closes,
            Self::Dialog => closes,
            Self::Keys => closes || *command == Command::ToggleKeys,
            Self::Palette => closes || *command == Command::TogglePalette,
            Self::Papers => closes || *command == Command::TogglePapers,
        }
    }
}

/// The number of methods that have a key.
pub(crate) const METHOD_KEYS: usize = 8;

const COMMAND_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// All shortcuts, in the order of the sheet of keys.
pub(crate) static SHORTCUTS: &[Shortcut] = &[
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::Space)],
        name: "Space",
        meaning: "Play or pause",
        action: Action::One(Command::TogglePlay),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::ArrowLeft)],
        name: "←",
        meaning: "Previous iteration",
        action: Action::One(Command::StepBy(-1)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::ArrowRight)],
        name: "→",
        meaning: "Next iteration",
        action: Action::One(Command::StepBy(1)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[with(Modifiers::SHIFT, Key::ArrowLeft)],
        name: "Shift ←",
        meaning: "10 iterations back",
        action: Action::One(Command::StepBy(-10)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[with(Modifiers::SHIFT, Key::ArrowRight)],
        name: "Shift →",
        meaning: "10 iterations forward",
        action: Action::One(Command::StepBy(10)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[with(Modifiers::COMMAND, Key::ArrowLeft)],
        name: "Ctrl ←",
        meaning: "100 iterations back",
        action: Action::One(Command::StepBy(-100)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[with(Modifiers::COMMAND, Key::ArrowRight)],
        name: "Ctrl →",
        meaning: "100 iterations forward",
        action: Action::One(Command::StepBy(100)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::Home)],
        name: "Home",
        meaning: "To the start",
        action: Action::One(Command::Seek(0)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::End)],
        name: "End",
        meaning: "To the end",
        action: Action::One(Command::Seek(u64::MAX)),
    },
    Shortcut {
        group: ShortcutGroup::Time,
        chords: &[plain(Key::R)],
        name: "R",
        meaning: "Run again",
        action: Action::One(Command::Restart),
    },
    Shortcut {
        group: ShortcutGroup::Methods,
        chords: &digits(Modifiers::NONE),
        name: "1 … 8",
        meaning: "Show or hide a method",
        action: Action::OfMethod(Command::ToggleVisible),
    },
    Shortcut {
        group: ShortcutGroup::Methods,
        chords: &digits(Modifiers::ALT),
        name: "Alt 1 … 8",
        meaning: "Isolate a method, or show all",
        action: Action::OfMethod(Command::Isolate),
    },
    Shortcut {
        group: ShortcutGroup::Methods,
        chords: &[plain(Key::L)],
        name: "L",
        meaning: "Next scales of the race's axes",
        action: Action::One(Command::CycleScales),
    },
    Shortcut {
        group: ShortcutGroup::Methods,
        chords: &[plain(Key::V)],
        name: "V",
        meaning: "Landscape, or levels side by side",
        action: Action::One(Command::ToggleView),
    },
    Shortcut {
        group: ShortcutGroup::Methods,
        chords: &[with(Modifiers::SHIFT, Key::V)],
        name: "Shift V",
        meaning: "Next view of the runs",
        action: Action::One(Command::NextView),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[with(Modifiers::COMMAND, Key::Z)],
        name: "Ctrl Z",
        meaning: "Undo",
        action: Action::One(Command::Undo),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[
            with(COMMAND_SHIFT, Key::Z),
            with(Modifiers::COMMAND, Key::Y),
        ],
        name: "Ctrl Shift Z, Ctrl Y",
        meaning: "Redo",
        action: Action::One(Command::Redo),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[with(Modifiers::COMMAND, Key::O)],
        name: "Ctrl O",
        meaning: "Open a file",
        action: Action::One(Command::AskOpen),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[with(Modifiers::COMMAND, Key::S)],
        name: "Ctrl S",
        meaning: "Save the experiment",
        action: Action::One(Command::AskSave),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[plain(Key::E)],
        name: "E",
        meaning: "Export a figure or data",
        action: Action::One(Command::AskExport),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[plain(Key::U)],
        name: "U",
        meaning: "Tune step sizes of all methods",
        action: Action::One(Command::AskTuning),
    },
    Shortcut {
        group: ShortcutGroup::Experiment,
        chords: &[plain(Key::P)],
        name: "P",
        meaning: "Two papers, claim by claim",
        action: Action::One(Command::TogglePapers),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[with(Modifiers::COMMAND, Key::K)],
        name: "Ctrl K",
        meaning: "Find a command",
        action: Action::One(Command::TogglePalette),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[plain(Key::T)],
        name: "T",
        meaning: "Light or dark theme",
        action: Action::One(Command::ToggleTheme),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[plain(Key::F)],
        name: "F",
        meaning: "Full screen",
        action: Action::One(Command::ToggleFullScreen),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[plain(Key::H)],
        name: "H",
        meaning: "Show or hide the explanation",
        action: Action::One(Command::ToggleGuide),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[plain(Key::F1), plain(Key::Questionmark)],
        name: "F1, ?",
        meaning: "Keyboard shortcuts",
        action: Action::One(Command::ToggleKeys),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[plain(Key::Escape)],
        name: "Esc",
        meaning: "Close dialog",
        action: Action::One(Command::Dismiss),
    },
    Shortcut {
        group: ShortcutGroup::Window,
        chords: &[with(Modifiers::COMMAND, Key::Q)],
        name: "Ctrl Q",
        meaning: "Quit",
        action: Action::One(Command::Quit),
    },
];

const fn plain(key: Key) -> Chord {
    with(Modifiers::NONE, key)
}

const fn with(modifiers: Modifiers, key: Key) -> Chord {
    Chord { modifiers, key }
}

const fn digits(modifiers: Modifiers) -> [Chord; METHOD_KEYS] {
    [
        with(modifiers, Key::Num1),
        with(modifiers, Key::Num2),
        with(modifiers, Key::Num3),
        with(modifiers, Key::Num4),
        with(modifiers, Key::Num5),
        with(modifiers, Key::Num6),
        with(modifiers, Key::Num7),
        with(modifiers, Key::Num8),
    ]
}

impl Chord {
    fn is_pressed_by(self, modifiers: Modifiers, key: Key) -> bool {
        // the place of the question mark and its modifiers differ between keyboard layouts
        let is_symbol = self.key == Key::Questionmark;
        self.key == key && (is_symbol || modifiers.matches_exact(self.modifiers))
    }
}

impl Shortcut {
    fn command_of(&self, modifiers: Modifiers, key: Key) -> Option<Command> {
        let is_pressed = |chord: &Chord| chord.is_pressed_by(modifiers, key);
        let place = self.chords.iter().position(is_pressed)?;
        Some(match &self.action {
            Action::One(command) => command.clone(),
            Action::OfMethod(command) => command(place),
        })
    }
}

/// True if the command repeats while its key is held down.
fn repeats(command: &Command) -> bool {
    matches!(command, Command::StepBy(_) | Command::Undo | Command::Redo)
}

/// Takes the commands whose keys were pressed, unless a widget has the keyboard or `cover` keeps the keys.
pub(crate) fn pressed(ctx: &egui::Context, cover: Cover) -> Vec<Command> {
    if cover == Cover::Nothing && ctx.text_edit_focused() {
        return Vec::new();
    }
    // these keys press or move a button or a slider that has the focus
    let has_focus = cover == Cover::Nothing && ctx.memory(|memory| memory.focused().is_some());
    let belongs_to_widget = |key: Key| {
        use Key::{ArrowLeft, ArrowRight, End, Home, Space};
        has_focus && [ArrowLeft, ArrowRight, End, Home, Space].contains(&key)
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
            let command = SHORTCUTS
                .iter()
                .find_map(|shortcut| shortcut.command_of(*modifiers, *key))
                .filter(|command| cover.admits(command) && !belongs_to_widget(*key));
            let is_taken = command.is_some();
            commands.extend(command.filter(|command| !*repeat || repeats(command)));
            !is_taken
        });
    });
    commands
}

/// Takes pasted text, unless a field has the keyboard or a dialog lies over the window.
pub(crate) fn pasted(ctx: &egui::Context, cover: Cover) -> Vec<Command> {
    if cover != Cover::Nothing || ctx.text_edit_focused() {
        return Vec::new();
    }
    ctx.input(|input| {
        let events = input.raw.events.iter();
        let texts = events.filter_map(|event| match event {
            Event::Paste(text) => Some(Command::Paste(text.clone())),
            _ => None,
        });
        texts.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shortcut_is_given_twice() {
        let chords: Vec<Chord> = SHORTCUTS
            .iter()
            .flat_map(|shortcut| shortcut.chords)
            .copied()
            .collect();
        for (place, chord) in chords.iter().enumerate() {
            let takers = SHORTCUTS
                .iter()
                .filter(|shortcut| shortcut.command_of(chord.modifiers, chord.key).is_some());
            assert_eq!(takers.count(), 1, "{chord:?}");
            assert!(!chords[..place].contains(chord), "{chord:?}");
        }
        let mut names: Vec<&str> = SHORTCUTS.iter().map(|shortcut| shortcut.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SHORTCUTS.len());
    }

    #[test]
    fn groups_are_not_torn_apart() {
        let mut groups: Vec<ShortcutGroup> =
            SHORTCUTS.iter().map(|shortcut| shortcut.group).collect();
        groups.dedup();
        assert_eq!(groups.len(), 4);
    }

    #[test]
    fn below_a_cover_only_keys_that_take_it_away_act() {
        for shortcut in SHORTCUTS {
            if let Action::One(command) = &shortcut.action {
                assert_ne!(
                    Cover::Nothing.admits(command),
                    Cover::Dialog.admits(command),
                    "{}",
                    shortcut.name
                );
            }
        }
        assert!(Cover::Keys.admits(&Command::ToggleKeys));
        assert!(Cover::Palette.admits(&Command::TogglePalette));
    }
}

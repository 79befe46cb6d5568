//! The table of actions: commands without a value, each with its words, keys and button. Key presses, buttons, the sheet
//! of keys and the palette read it, so that they cannot disagree. A new action is a line here and its arm in
//! `App::act`.

use egui::{Key, Modifiers};

use super::chord::{Chord, plain, with};

/// The group of an action in the sheet of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionGroup {
    Time,
    Methods,
    Experiment,
    Teaching,
    Window,
}

impl ActionGroup {
    /// The heading of the group.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Methods => "Methods and charts",
            Self::Experiment => "Experiment",
            Self::Teaching => "Lessons and class",
            Self::Window => "Window",
        }
    }
}

/// An icon of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Restart,
    Eye,
    EyeClosed,
    Sun,
    Moon,
    Close,
    Dots,
    Down,
    Up,
    Next,
    Previous,
    Undo,
    Redo,
    Branch,
    Whole,
}

/// The face of an action's button.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ButtonFace {
    /// The action has no button.
    None,
    Word(&'static str),
    Icon(Icon),
    /// Icon and name while the state is off, and while it is on.
    Switch([(Icon, &'static str); 2]),
}

/// An action with its words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionInfo {
    pub(crate) action: Action,
    pub(crate) group: ActionGroup,
    /// The effect, in words.
    pub(crate) words: &'static str,
    /// More words that the palette finds it by.
    pub(crate) synonyms: &'static str,
    pub(crate) chords: &'static [Chord],
    pub(crate) face: ButtonFace,
}

/// Declares the enumeration of actions and their table from one line each.
macro_rules! actions {
    ($($action:ident: $group:ident, $words:literal, $synonyms:literal, $chords:expr, $face:expr;)*) => {
        /// A command without a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Action {
            $(#[doc = $words] $action,)*
        }

        /// All actions, in the order of the sheet of keys.
        pub(crate) static ACTIONS: &[ActionInfo] = &[$(
            ActionInfo {
                action: Action::$action,
                group: ActionGroup::$group,
                words: $words,
                synonyms: $synonyms,
                chords: $chords,
                face: $face,
            },
        )*];
    };
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const SHIFT: Modifiers = Modifiers::SHIFT;

// the columns: group in the sheet of keys, words, synonyms, keys, face of the button
#[rustfmt::skip]
actions! {
    TogglePlay: Time, "Play or pause", "start stop run animate",
        &[plain(Key::Space)], ButtonFace::Switch([(Icon::Play, "Play"), (Icon::Pause, "Pause")]);
    PreviousIteration: Time, "Previous iteration", "step back scrub",
        &[plain(Key::ArrowLeft)], ButtonFace::Icon(Icon::Back);
    NextIteration: Time, "Next iteration", "step forward scrub",
        &[plain(Key::ArrowRight)], ButtonFace::Icon(Icon::Forward);
    TenBack: Time, "10 iterations back", "step scrub", &[with(SHIFT, Key::ArrowLeft)], ButtonFace::None;
    TenForward: Time, "10 iterations forward", "step scrub", &[with(SHIFT, Key::ArrowRight)], ButtonFace::None;
    HundredBack: Time, "100 iterations back", "step scrub", &[with(CTRL, Key::ArrowLeft)], ButtonFace::None;
    HundredForward: Time, "100 iterations forward", "step scrub", &[with(CTRL, Key::ArrowRight)], ButtonFace::None;
    NextEvent: Time, "Next event of the runs", "jump target diverged converged mark", &[plain(Key::N)], ButtonFace::None;
    PreviousEvent: Time, "Previous event of the runs", "jump target diverged converged mark", &[with(SHIFT, Key::N)], ButtonFace::None;
    ToggleLoop: Time, "Loop from here to the end, or not", "repeat range again part", &[plain(Key::A)], ButtonFace::None;
    SeekStart: Time, "To the start", "rewind first begin", &[plain(Key::Home)], ButtonFace::None;
    SeekEnd: Time, "To the end", "last finish skip", &[plain(Key::End)], ButtonFace::None;
    Restart: Time, "Run again", "restart rerun repeat", &[plain(Key::R)], ButtonFace::Icon(Icon::Restart);

    Fork: Methods, "Continue from here", "fork branch what if change parameters resume restart playhead",
        &[plain(Key::B)], ButtonFace::None;
    CycleScales: Methods, "Next scales of the race's axes", "log scale logarithmic linear axis", &[plain(Key::L)], ButtonFace::None;
    ToggleView: Methods, "Landscape, or levels side by side", "switch view contours", &[plain(Key::V)], ButtonFace::None;
    NextView: Methods, "Next view of the runs", "switch picture", &[with(SHIFT, Key::V)], ButtonFace::None;
    ToggleAnatomy: Methods, "The step at the playhead, taken apart", "anatomy inside terms arrows how one step is made update rule",
        &[plain(Key::I)], ButtonFace::None;
    NextPart: Methods, "Next operation of the step", "anatomy light term part arrow", &[plain(Key::ArrowDown)], ButtonFace::None;
    PreviousPart: Methods, "Previous operation of the step", "anatomy light term part arrow", &[plain(Key::ArrowUp)], ButtonFace::None;
    NextPicture: Methods, "One picture alone, or all", "single only zoom maximize full picture", &[plain(Key::O)], ButtonFace::None;
    WholeView: Methods, "The whole view again", "fit reset view zoom out pan back show all range axes home", &[],
        ButtonFace::None;
    PreviousView: Methods, "Previous view of the runs", "switch picture back", &[], ButtonFace::None;

    Undo: Experiment, "Undo", "revert take back", &[with(CTRL, Key::Z)], ButtonFace::Icon(Icon::Undo);
    Redo: Experiment, "Redo", "repeat again",
        &[with(CTRL_SHIFT, Key::Z), with(CTRL, Key::Y)], ButtonFace::Icon(Icon::Redo);
    AskOpen: Experiment, "Open a file", "load experiment toml", &[with(CTRL, Key::O)], ButtonFace::None;
    Save: Experiment, "Save the experiment", "write file toml store", &[with(CTRL, Key::S)], ButtonFace::None;
    AskSave: Experiment, "Save the experiment as", "write new file toml store copy", &[with(CTRL_SHIFT, Key::S)], ButtonFace::None;
    AskExport: Experiment, "Export a figure or data", "save experiment image picture svg png csv download",
        &[plain(Key::E)], ButtonFace::Word("Export");
    AskTuning: Experiment, "Tune step sizes of all methods",
        "learning rate hyperparameters search optimize grid", &[plain(Key::U)], ButtonFace::Word("Tune…");
    TogglePapers: Experiment, "Two papers, claim by claim", "claims verdicts BOME literature reproduce theorem",
        &[plain(Key::P)], ButtonFace::Word("Papers");
    CopyExperiment: Experiment, "Copy the experiment as text", "copy link clipboard share toml url", &[], ButtonFace::None;
    ToggleShare: Experiment, "Share the experiment as a line or a QR code", "link url send scan phone class copy", &[], ButtonFace::None;
    CopyLine: Experiment, "Copy the experiment as one line", "share link url send clipboard text", &[], ButtonFace::None;
    AskPaste: Experiment, "Paste an experiment", "clipboard open text toml line link share", &[], ButtonFace::None;
    ResetStart: Experiment, "Start from the problem's own start", "reset initial point x0 default",
        &[], ButtonFace::Word("Reset");
    RandomStart: Experiment, "Start somewhere in the picture", "random seed initial point x0",
        &[], ButtonFace::Word("Random");
    AddStart: Experiment, "Add a start somewhere in the picture", "several multiple more initial points x0",
        &[], ButtonFace::Word("Add a start");
    RemoveStart: Experiment, "Remove the chosen start", "delete several initial point",
        &[], ButtonFace::Word("Remove start");
    KeepStart: Experiment, "Keep only the chosen start", "one single remove other several initial points",
        &[], ButtonFace::Word("Only this start");
    NextStart: Experiment, "Next start", "choose several initial point card run",
        &[plain(Key::S)], ButtonFace::Icon(Icon::Next);
    PreviousStart: Experiment, "Previous start", "choose several initial point card run back",
        &[with(SHIFT, Key::S)], ButtonFace::Icon(Icon::Previous);
    NextSeed: Experiment, "Next seed", "choose random run card", &[plain(Key::D)], ButtonFace::Icon(Icon::Next);
    PreviousSeed: Experiment, "Previous seed", "choose random run card back",
        &[with(SHIFT, Key::D)], ButtonFace::Icon(Icon::Previous);
    HideClaim: Experiment, "Hide what to watch for", "close claim strip", &[], ButtonFace::Icon(Icon::Close);

    ToggleLessons: Teaching, "Choose a lesson", "lessons list tutorial learn teach course class introduction start guide", &[plain(Key::G)], ButtonFace::Word("Lessons");
    NextStep: Teaching, "Next step of the lesson", "tutorial forward continue page", &[plain(Key::PageDown)], ButtonFace::None;
    PreviousStep: Teaching, "Previous step of the lesson", "tutorial back page", &[plain(Key::PageUp)], ButtonFace::None;
    ToggleAnswer: Teaching, "The answer in the lesson, shown or not", "question solution tutorial", &[plain(Key::Q)], ButtonFace::None;
    LeaveLesson: Teaching, "Leave the lesson", "close skip quit tutorial", &[], ButtonFace::Icon(Icon::Close);
    TogglePrediction: Teaching, "Predict what comes, then reveal it", "guess question quiz class hide future answer teach bet",
        &[plain(Key::M)], ButtonFace::Icon(Icon::Close);
    Reveal: Teaching, "Reveal what was predicted", "show answer solution future guess", &[], ButtonFace::Word("Reveal");
    ToggleGallery: Teaching, "What goes wrong: a gallery of failures", "failure trap mistake example teach mend fix broken",
        &[plain(Key::W)], ButtonFace::None;
    TogglePen: Teaching, "Pen over a presentation, or wipe it off", "ink draw write pointer laser annotate freehand talk", &[plain(Key::X)], ButtonFace::None;
    ToggleNotes: Teaching, "Note on a picture", "annotate annotation arrow label text callout comment write mark", &[plain(Key::C)], ButtonFace::None;

    TogglePalette: Window, "Find a command", "search palette",
        &[with(CTRL, Key::K)], ButtonFace::Word("Command");
    ToggleTheme: Window, "Light or dark theme", "night day colours appearance",
        &[plain(Key::T)], ButtonFace::Switch([(Icon::Moon, "Dark"), (Icon::Sun, "Light")]);
    ToggleFullScreen: Window, "Full screen", "fullscreen maximize present projector", &[plain(Key::F)], ButtonFace::None;
    ToggleGuide: Window, "Show or hide the explanation", "guide help about panel introduction",
        &[plain(Key::H)], ButtonFace::Word("What you see");
    ToggleKeys: Window, "Keyboard shortcuts", "help hotkeys all keys", &[plain(Key::F1), plain(Key::Questionmark)],
        ButtonFace::Word("Keys");
    Dismiss: Window, "Close dialog", "cancel", &[plain(Key::Escape)], ButtonFace::None;
    SaveExport: Window, "Save as the export dialog is set", "write", &[], ButtonFace::Word("Save");
    ReplaceExport: Window, "Replace the file of the export dialog", "overwrite", &[], ButtonFace::Word("Replace");
    SaveOver: Window, "Save over the changes of another program", "overwrite", &[], ButtonFace::Word("Replace");
    SaveAndClose: Window, "Save and close the window", "quit", &[], ButtonFace::Word("Save");
    CloseUnsaved: Window, "Close without saving", "quit", &[], ButtonFace::Word("Close without saving");
    Quit: Window, "Quit", "exit close window", &[with(CTRL, Key::Q)], ButtonFace::None;
}

impl Action {
    /// The action's line in the table.
    pub(crate) fn info(self) -> &'static ActionInfo {
        // the table is declared in the order of the variants
        &ACTIONS[self as usize]
    }

    /// The button's tooltip: the words with the first key. `is_on` is the state of a switch.
    pub(crate) fn tooltip(self, is_on: bool) -> String {
        let info = self.info();
        let words = match info.face {
            ButtonFace::Switch(faces) => faces[usize::from(is_on)].1,
            _ => info.words,
        };
        match info.chords.first() {
            Some(chord) => format!("{words} ({})", chord.name()),
            None => words.to_owned(),
        }
    }

    /// True if the action repeats while its key is held down.
    pub(crate) fn repeats(self) -> bool {
        use Action::{
            HundredBack, HundredForward, NextIteration, PreviousIteration, Redo, TenBack,
            TenForward, Undo,
        };
        let repeating = [
            PreviousIteration,
            NextIteration,
            TenBack,
            TenForward,
            HundredBack,
            HundredForward,
            Undo,
            Redo,
        ];
        repeating.contains(&self)
    }

    /// True if the action does something when it is chosen in the palette.
    pub(crate) fn is_in_palette(self) -> bool {
        let of_dialogs = [
            Self::TogglePalette,
            Self::Dismiss,
            Self::SaveExport,
            Self::ReplaceExport,
            Self::SaveOver,
            Self::SaveAndClose,
            Self::CloseUnsaved,
        ];
        !of_dialogs.contains(&self)
    }
}

impl ActionInfo {
    /// The keys in words; empty if there is none.
    pub(crate) fn keys(&self) -> String {
        let names: Vec<String> = self.chords.iter().map(|chord| chord.name()).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_own_line_words_and_keys() {
        for (place, info) in ACTIONS.iter().enumerate() {
            assert_eq!(info.action.info().words, info.words);
            for other in &ACTIONS[..place] {
                assert_ne!(info.words, other.words);
                for chord in info.chords {
                    assert!(!other.chords.contains(chord), "{chord:?}");
                }
            }
        }
    }

    #[test]
    fn groups_are_not_torn_apart() {
        let mut groups: Vec<ActionGroup> = ACTIONS.iter().map(|info| info.group).collect();
        groups.dedup();
        assert_eq!(groups.len(), 5);
    }

    #[test]
    fn a_tooltip_has_the_state_and_the_first_key() {
        assert_eq!(Action::TogglePlay.tooltip(true), "Pause (Space)");
        assert_eq!(Action::Redo.tooltip(false), "Redo (Ctrl Shift Z)");
        assert_eq!(Action::ToggleKeys.tooltip(false), "Keyboard shortcuts (F1)");
        assert_eq!(Action::HideClaim.tooltip(false), "Hide what to watch for");
    }
}

//! What a user can ask for. Panels queue commands; the app carries them out between frames.

use crate::figure::Scale;
use crate::figure::race::{Cost, Measure};
use crate::problem::{Point, Value};

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// Open a file, or a preset by its name.
    Open(String),
    /// Another problem, with the methods that are there.
    SetProblem(&'static str),
    /// A parameter of the problem.
    SetProblemParameter(&'static str, Value),
    /// Add a method by its id.
    AddMethod(&'static str),
    /// Remove the method in a slot.
    RemoveMethod(usize),
    /// A method's parameter.
    SetParameter(usize, &'static str, Value),
    /// A method's parameters back to their defaults.
    ResetParameters(usize),
    /// A method's eye.
    SetVisible(usize, bool),
    /// The outer iterations of every run.
    SetIterations(u64),
    /// Move a start, counted from 0.
    MoveStart(usize, Point),
    /// The problem's own start, or the file's.
    ResetStart,
    /// A start somewhere in the picture.
    RandomStart,
    /// Let time move the playhead, or not.
    TogglePlay,
    /// Move the playhead by so many iterations.
    StepBy(i64),
    /// Move the playhead to an iteration.
    Seek(u64),
    /// How fast the playhead moves.
    SetSpeed(f64),
    /// Run everything again from the beginning.
    Restart,
    /// What the race is over.
    SetCost(Cost),
    /// What the race compares.
    SetMeasure(Measure),
    /// The scale of the race's horizontal (0) or vertical (1) axis.
    SetScale(usize, Scale),
    /// The plane of the landscape, by its place in the list of pairs.
    SetPlane([crate::problem::Coordinate; 2]),
    /// Whose objective the landscape shows.
    SetLandscapeLevel(usize),
    /// Light or dark.
    ToggleTheme,
    /// Show or hide what explains the picture.
    ToggleGuide,
    /// Show or hide the sheet of keys.
    ToggleKeys,
    /// Ask where to save.
    AskExport,
    /// Save what the export dialog says.
    Export,
    /// Leave the export dialog.
    CancelExport,
    /// Put a text where others can paste it.
    Copy(String),
    /// Leave the program.
    Quit,
}

/// A key and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shortcut {
    pub(super) key: egui::Key,
    pub(super) modifiers: egui::Modifiers,
    /// The key in words.
    pub(super) name: &'static str,
    /// What it does, in words.
    pub(super) meaning: &'static str,
    pub(super) command: fn() -> Command,
}

const NONE: egui::Modifiers = egui::Modifiers::NONE;
const SHIFT: egui::Modifiers = egui::Modifiers::SHIFT;
const COMMAND: egui::Modifiers = egui::Modifiers::COMMAND;

/// All keys, in the order of the sheet. Those with modifiers come first, since a key is also held with fewer.
pub(super) const SHORTCUTS: &[Shortcut] = &[
    shortcut(egui::Key::Q, COMMAND, "Ctrl Q", "quit", || Command::Quit),
    shortcut(
        egui::Key::ArrowLeft,
        SHIFT,
        "Shift ←",
        "100 iterations back",
        || Command::StepBy(-100),
    ),
    shortcut(
        egui::Key::ArrowRight,
        SHIFT,
        "Shift →",
        "100 iterations on",
        || Command::StepBy(100),
    ),
    shortcut(egui::Key::Space, NONE, "Space", "play or pause", || {
        Command::TogglePlay
    }),
    shortcut(
        egui::Key::ArrowLeft,
        NONE,
        "←",
        "one iteration back",
        || Command::StepBy(-1),
    ),
    shortcut(
        egui::Key::ArrowRight,
        NONE,
        "→",
        "one iteration on",
        || Command::StepBy(1),
    ),
    shortcut(egui::Key::Home, NONE, "Home", "to the start", || {
        Command::Seek(0)
    }),
    shortcut(egui::Key::End, NONE, "End", "to the end", || {
        Command::Seek(u64::MAX)
    }),
    shortcut(egui::Key::R, NONE, "R", "run again", || Command::Restart),
    shortcut(egui::Key::E, NONE, "E", "export", || Command::AskExport),
    shortcut(egui::Key::T, NONE, "T", "light or dark", || {
        Command::ToggleTheme
    }),
    shortcut(
        egui::Key::H,
        NONE,
        "H",
        "hide or show what explains the picture",
        || Command::ToggleGuide,
    ),
    shortcut(egui::Key::F1, NONE, "F1", "this sheet", || {
        Command::ToggleKeys
    }),
];

const fn shortcut(
    key: egui::Key,
    modifiers: egui::Modifiers,
    name: &'static str,
    meaning: &'static str,
    command: fn() -> Command,
) -> Shortcut {
    Shortcut {
        key,
        modifiers,
        name,
        meaning,
        command,
    }
}

/// The commands whose keys were pressed, unless a text field wants the keys.
pub(super) fn pressed(ctx: &egui::Context) -> Vec<Command> {
    let is_typing = ctx.egui_wants_keyboard_input();
    let mut commands = Vec::new();
    for shortcut in SHORTCUTS {
        if is_typing && shortcut.modifiers != COMMAND {
            continue;
        }
        if ctx.input_mut(|input| input.consume_key(shortcut.modifiers, shortcut.key)) {
            commands.push((shortcut.command)());
        }
    }
    commands
}

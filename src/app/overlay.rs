//! The dialog over the window: one at a time, which has the keys.

use super::command::Action;
use super::command::keyboard::KeyScope;
use super::dialogs::command_palette::Palette;
use super::dialogs::open::OpenDialog;
use super::dialogs::question::Question;
use super::dialogs::share::ShareDialog;

/// An open dialog. Dialogs that keep their settings when they are closed are fields of the window.
#[derive(Debug)]
pub(crate) enum Overlay {
    Export,
    Tuning,
    Keys,
    Papers,
    Lessons,
    Gallery,
    Palette(Palette),
    Open(OpenDialog),
    Question(Question),
    Share(ShareDialog),
}

impl Overlay {
    /// The action that opens and closes the dialog, if its key does both.
    fn toggle(&self) -> Option<Action> {
        match self {
            Self::Export | Self::Tuning | Self::Question(_) => None,
            Self::Keys => Some(Action::ToggleKeys),
            Self::Papers => Some(Action::TogglePapers),
            Self::Lessons => Some(Action::ToggleLessons),
            Self::Gallery => Some(Action::ToggleGallery),
            Self::Share(_) => Some(Action::ToggleShare),
            Self::Open(_) => Some(Action::AskOpen),
            Self::Palette(_) => Some(Action::TogglePalette),
        }
    }

    /// The keys that act while this dialog is open.
    pub(crate) fn key_scope(overlay: Option<&Self>) -> KeyScope {
        overlay.map_or(KeyScope::Window, |open| KeyScope::Dialog(open.toggle()))
    }
}

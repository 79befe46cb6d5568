//! The panels around the pictures.

mod card_menu;
pub(crate) mod formula;
pub(crate) mod guide;
pub(crate) mod methods;
pub(crate) mod noise_row;
pub(crate) mod problem;
pub(crate) mod problem_picker;
pub(crate) mod start;
pub(crate) mod timeline;
mod timeline_bar;
pub(crate) mod top_bar;

use bilevel_files::WindowLayout;

use self::formula::editor::FormulaEditor;
use self::top_bar::PathField;
use crate::app::background::Background;
use crate::app::command::Tab;
use crate::app::views::results_table::Order;

/// The arrangement of the window and the state of its panels.
pub(crate) struct Panels {
    pub(crate) layout: WindowLayout,
    /// The tab of the race and the results.
    pub(crate) tab: Tab,
    /// The order of the results.
    pub(crate) order: Order,
    /// True if the panel that explains the picture is hidden.
    pub(crate) hides_guide: bool,
    /// The path typed into the menu.
    pub(crate) path: PathField,
    pub(crate) editor: FormulaEditor,
}

impl Panels {
    /// The panels of a new window.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            layout: WindowLayout::default(),
            tab: Tab::default(),
            order: Order::default(),
            hides_guide: false,
            path: PathField::default(),
            editor: FormulaEditor::new(background),
        }
    }
}
mod verdict_line;

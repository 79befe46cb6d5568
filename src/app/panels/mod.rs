//! The panels around the pictures.

mod card_menu;
pub(crate) mod formula;
pub(crate) mod guide;
pub(crate) mod lesson;
mod lettered_methods;
pub(crate) mod live_slider;
pub(crate) mod methods;
pub(crate) mod noise_row;
pub(crate) mod note_strip;
mod parameter_bar;
mod prediction_answer;
pub(crate) mod prediction_strip;
pub(crate) mod problem;
pub(crate) mod problem_picker;
mod run_row;
pub(crate) mod start;
mod start_menu;
mod statistics_line;
pub(crate) mod timeline;
mod timeline_bar;
mod timeline_tree;
pub(crate) mod top_bar;
mod verdict_line;

use bilevel_files::WindowLayout;

use self::formula::editor::FormulaEditor;
use crate::app::background::Background;
use crate::app::command::{SliderChoice, SpreadChoice, Tab};
use crate::app::views::results_table::Order;

/// A picture that is shown alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnlyPicture {
    /// The view of the runs.
    View,
    /// The race, or the results in its place.
    Race,
}

impl OnlyPicture {
    /// The next choice after one: the view alone, the race alone, all pictures.
    pub(crate) fn after(alone: Option<Self>) -> Option<Self> {
        match alone {
            None => Some(Self::View),
            Some(Self::View) => Some(Self::Race),
            Some(Self::Race) => None,
        }
    }
}

/// The arrangement of the window and the state of its panels.
pub(crate) struct Panels {
    pub(crate) layout: WindowLayout,
    /// True if the layout for presentations is shown: it is chosen and the window is large enough.
    pub(crate) presents: bool,
    /// The parameter of the slider in that layout; `None` for the first one.
    pub(crate) slider: Option<SliderChoice>,
    /// The only picture that is shown; `None` for all of them.
    pub(crate) alone: Option<OnlyPicture>,
    /// The tab of the race and the results.
    pub(crate) tab: Tab,
    /// The order of the results.
    pub(crate) order: Order,
    /// True if the panel that explains the picture is shown, for each layout.
    guide: [bool; WindowLayout::ALL.len()],
    pub(crate) editor: FormulaEditor,
    /// The choice in the menu of several starts.
    pub(crate) spread: SpreadChoice,
    /// The height of the caption of a presentation with the formulas and the legend, in the last frame with them.
    pub(crate) caption: f32,
    /// The lower edges of the words and of the formulas of that caption, of which the top bar covers whole lines.
    pub(crate) caption_ends: [f32; 2],
}

impl Panels {
    /// The panels of a new window.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            layout: WindowLayout::default(),
            presents: false,
            slider: None,
            alone: None,
            tab: Tab::default(),
            order: Order::default(),
            guide: WindowLayout::ALL.map(|layout| layout == WindowLayout::Teach),
            editor: FormulaEditor::new(background),
            spread: SpreadChoice::default(),
            caption: 0.0,
            caption_ends: [0.0; 2],
        }
    }

    /// True if the panel that explains the picture is shown in the present layout.
    pub(crate) fn has_guide(&self) -> bool {
        self.guide[self.layout as usize]
    }

    /// Shows or hides the panel that explains the picture in the present layout.
    pub(crate) fn toggle_guide(&mut self) {
        let shown = &mut self.guide[self.layout as usize];
        *shown = !*shown;
    }
}

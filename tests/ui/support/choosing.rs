//! Choosing from a menu of the window.

use bilevel_lab::app::App;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::support::driving::settle;

/// Opens a menu, chooses a word and settles.
pub(crate) fn choose(harness: &mut Harness<'_, App>, menu: &str, word: &str) {
    harness.get_by_label(menu).click();
    harness.run_steps(3);
    harness.get_by_label(word).click();
    harness.run_steps(3);
    settle(harness);
}

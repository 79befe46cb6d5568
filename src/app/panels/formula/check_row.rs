//! The checks of a typed problem in a row of words: computed in the background on samples, with the whole sentence on
//! hover.

use std::sync::Arc;

use bilevel::formula::Model;
use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::study::{CheckResult, ProblemCheck, ProblemChecks, problem_checks};
use egui::{Ui, vec2};

use crate::app::background::Background;
use crate::app::background::latest_wins::LatestWins;
use crate::app::messages;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::rich_label;
use crate::app::session::Session;

/// The single step: all checks come at once.
static STEPS: [usize; 1] = [0];

/// The worker of the checks, and its newest result.
pub(crate) struct CheckRow {
    worker: LatestWins<Arc<dyn Problem>, Option<ProblemChecks>>,
    found: Option<ProblemChecks>,
    /// The model whose checks were requested last.
    asked: Option<Arc<Model>>,
}

impl CheckRow {
    /// A row without checks.
    pub(crate) fn new(background: &Background) -> Self {
        let look = |problem: &Arc<dyn Problem>, _: usize, token: &WorkToken| {
            problem_checks(&**problem, token)
        };
        Self {
            worker: LatestWins::new(background, "problem checks", &STEPS, look),
            found: None,
            asked: None,
        }
    }

    /// Requests the checks of a session's problem, built from `model`, unless they were requested before.
    pub(crate) fn follow(&mut self, session: &Session, model: &Arc<Model>) {
        if let Some(found) = self.worker.take() {
            self.found = found;
        }
        let is_asked = self
            .asked
            .as_ref()
            .is_some_and(|asked| Arc::ptr_eq(asked, model));
        if session.has_begun() && !is_asked && self.worker.hand_in(Arc::clone(session.problem())) {
            self.asked = Some(Arc::clone(model));
        }
    }

    /// Forgets the checks: another kind of problem is shown.
    pub(crate) fn forget(&mut self) {
        self.found = None;
    }

    /// True if the checks shown are those of the present problem.
    pub(crate) fn is_settled(&self) -> bool {
        self.asked.is_some() && self.worker.is_settled()
    }

    /// Draws the row.
    pub(crate) fn ui(&self, ui: &mut Ui) {
        let roles = roles_of(ui);
        let is_new = self.is_settled();
        let Some(found) = &self.found else {
            rich_label(ui, messages::formulas::checking(), SMALL, roles.text_faint);
            return;
        };
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(7.0, 2.0);
            for (badge, word) in [
                (&found.derivatives, messages::formulas::gradients()),
                (&found.finite, messages::formulas::finite()),
                (&found.convex, messages::formulas::convex()),
                (&found.unique, messages::formulas::unique_solution()),
            ] {
                let mark = match badge.answer {
                    CheckResult::Yes => "✓",
                    CheckResult::No => "✗",
                    CheckResult::Unknown => "?",
                };
                let ink = match badge.answer {
                    // the checks of the problem before the last change
                    _ if !is_new => roles.text_faint,
                    CheckResult::No => roles.warning,
                    _ => roles.text_weak,
                };
                let label = rich_label(ui, &format!("{mark} {word}"), SMALL, ink);
                label.on_hover_text(sentence(badge, found.samples));
            }
        });
    }
}

/// The sentence of a check, with the number of sampled points.
fn sentence(badge: &ProblemCheck, samples: usize) -> String {
    let mut letters = badge.words.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    messages::formulas::checked_at(&format!("{first}{}", letters.as_str()), samples)
}

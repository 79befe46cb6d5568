//! The outcome of one start of the atlas: at the pointer, or in a panel beside the maps.

use bilevel_figure::atlas::{outcome_rows, start_name};
use egui::{Response, Ui};

use super::AtlasView;
use crate::app::command::{CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{remark, rich_label, rich_whole};
use crate::app::session::Session;

/// The height of a row of an outcome.
const ROW: f32 = 18.0;
/// Names and values of an outcome.
type OutcomeRows = Vec<(String, String)>;

impl AtlasView {
    /// The names and values that describe the outcome of a start in a map; `None` where there is no such start any more.
    fn outcome(&self, session: &Session, [place, start]: [usize; 2]) -> Option<OutcomeRows> {
        let plan = self.work.plan()?;
        let grid = &plan.survey.grid;
        if start >= grid.len() {
            return None;
        }
        let metadata = session.problem().metadata();
        let axes = grid.axes().iter().zip(grid.values(start));
        let mut rows: OutcomeRows = axes
            .map(|(axis, value)| {
                let value = format!("${}$", bilevel_figure::significant(value, 4));
                (start_name(metadata, *axis), value)
            })
            .collect();
        let known = self.work.cells().get(place * grid.len() + start);
        match known.copied().flatten() {
            Some(cell) => {
                let told = outcome_rows(&self.work.data.colours, &cell, &session.weights());
                let told = told.into_iter();
                rows.extend(told.map(|(name, words)| (name.to_owned(), words)));
            }
            None => rows.push((
                "verdict".to_owned(),
                messages::status::no_verdict_yet().to_owned(),
            )),
        }
        Some(rows)
    }

    /// Shows the outcome of a start beside the pointer.
    pub(super) fn tell(&self, response: Response, session: &Session, at: [usize; 2]) {
        let Some(mut rows) = self.outcome(session, at) else {
            return;
        };
        rows.push((String::new(), messages::status::click_to_run().to_owned()));
        response.on_hover_ui_at_pointer(|ui| rows_ui(ui, &rows));
    }

    /// True if the pointer was on a start.
    pub(crate) const fn has_told(&self) -> bool {
        self.told.is_some()
    }

    /// Draws the outcome of the start that was under the pointer last, in a panel, with a button that runs from there.
    pub(crate) fn outcome_ui(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        rich_label(ui, messages::status::under_the_pointer(), TEXT, roles.text);
        let told = self
            .told
            .and_then(|at| Some((at, self.outcome(session, at)?)));
        let Some(([place, start], mut rows)) = told else {
            remark(ui, messages::status::nothing_pointed_at());
            return;
        };
        let plan = self.work.plan();
        let method = plan.and_then(|plan| plan.methods.get(place));
        let method = method.and_then(|one| session.experiment().methods.get(one.method));
        if let Some(method) = method {
            rows.insert(0, ("method".to_owned(), method.label.clone()));
        }
        rows_ui(ui, &rows);
        if let Some(plan) = plan
            && ui.button(messages::status::run_from_here()).clicked()
        {
            commands.push(Edit::MoveStart {
                number: 0,
                point: plan.survey.grid.start(start),
            });
        }
    }
}

/// Draws names and values in two columns.
fn rows_ui(ui: &mut Ui, rows: &OutcomeRows) {
    let roles = roles_of(ui);
    egui::Grid::new("outcome")
        .spacing([14.0, 2.0])
        .min_row_height(ROW)
        .show(ui, |ui| {
            for (name, words) in rows {
                rich_whole(ui, name, SMALL, roles.text_weak);
                rich_whole(ui, words, SMALL, roles.text);
                ui.end_row();
            }
        });
}

//! The methods while letters stand for them in the pictures: names and parameters, without colours and results.

use bilevel::problem::ParameterValue;
use bilevel_files::{Highlight, MethodSpec};
use egui::{Frame, Ui};

use crate::app::messages::prediction::names_are_hidden;
use crate::app::paint::outline::outline;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{remark, rich_label, rich_paragraph, section_heading, short};
use crate::app::session::Session;

/// Draws the heading and a card for each method that has a letter.
pub(super) fn lettered_methods_ui(ui: &mut Ui, session: &Session) {
    section_heading(ui, "2", "Methods", |_| {});
    remark(ui, names_are_hidden());
    let asked = session.labels_by_letter(None);
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            let methods = session.experiment().methods.iter();
            for method in methods.filter(|it| asked.contains(&it.label)) {
                let drawn = card_ui(ui, method);
                let part = Highlight::Card(method.label.clone());
                outline(ui, &part, drawn);
            }
        });
}

fn card_ui(ui: &mut Ui, method: &MethodSpec) -> egui::Rect {
    let roles = roles_of(ui);
    let frame = Frame::new()
        .fill(colour(roles.card))
        .stroke(egui::Stroke::new(1.0, colour(roles.separator)))
        .corner_radius(4)
        .inner_margin(egui::Margin::symmetric(8, 4));
    let drawn = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        rich_label(ui, &format!("**{}**", method.label), TEXT, roles.text);
        let parameters = method.entry.parameters.iter();
        let parts = parameters.map(|it| {
            let value = match method.settings.value(it.name) {
                ParameterValue::Number(number) => short(number),
                value => value.to_string().trim_matches('"').to_owned(),
            };
            format!("{} {value}", it.label)
        });
        let words = parts.collect::<Vec<_>>().join(" · ");
        rich_paragraph(ui, &words, SMALL, roles.text_weak);
    });
    drawn.response.rect
}

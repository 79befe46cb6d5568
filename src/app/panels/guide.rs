//! The guide: the question of the experiment, hints for looking and dragging, and the next presets.

use bilevel_figure::RichText;
use bilevel_files::{Preset, presets};
use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{
    copy_bibtex, icon_button, remark, rich_label, rich_paragraph, separator, title,
};
use crate::app::session::Session;

/// Suggestions to try.
const TRY: [(&str, &str); 3] = [
    ("Drag the hollow circle", "All methods start from there."),
    ("Change a step size", "That method starts again."),
    ("Scrub the timeline", "All views go back together."),
];

/// Suggestions for problems with pictures of their own in place of a plane.
const TRY_DATA: [(&str, &str); 3] = [
    ("Press play", "The pictures follow the run."),
    ("Change a step size", "That method starts again."),
    ("Scrub the timeline", "All views go back together."),
];

/// The number of suggested presets.
const MOST_COMING: usize = 6;

/// Draws the panel and queues what the user asks for.
pub(crate) fn guide_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let experiment = session.experiment();
    ui.horizontal(|ui| {
        title(ui, "What you see");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Close, &Action::ToggleGuide.tooltip(true)).clicked() {
                commands.push(Action::ToggleGuide);
            }
        });
    });
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let about = if experiment.about.is_empty() {
                experiment.problem.entry.summary
            } else {
                &experiment.about
            };
            rich_paragraph(ui, about, TEXT, roles.text_weak);
            separator(ui);
            rich_label(ui, "**What to look for**", TEXT, roles.text);
            rich_paragraph(
                ui,
                experiment.problem.entry.look_for,
                SMALL + 0.5,
                roles.text_weak,
            );
            ui.add_space(4.0);
            rich_paragraph(
                ui,
                session.problem().metadata().lower_level.note,
                SMALL + 0.5,
                roles.text_weak,
            );
            separator(ui);
            let tries = if session.problem().pictured().is_some() {
                TRY_DATA
            } else {
                TRY
            };
            for (number, (name, words)) in tries.into_iter().enumerate() {
                ui.horizontal_top(|ui| {
                    numbered_dot(ui, number + 1);
                    ui.vertical(|ui| {
                        rich_label(ui, &format!("**{name}**"), TEXT, roles.text);
                        rich_paragraph(ui, words, SMALL + 0.5, roles.text_weak);
                    });
                });
            }
            separator(ui);
            if !session.problem().metadata().minima.is_empty() {
                rich_label(ui, "**Optimum**", TEXT, roles.text);
            }
            for minimum in session
                .problem()
                .metadata()
                .minima
                .iter()
                .filter(|minimum| minimum.is_global)
            {
                remark(
                    ui,
                    &format!(
                        "$f^* = {}$: {}.",
                        bilevel_figure::brief(minimum.value, 3),
                        minimum.reason
                    ),
                );
            }
            if !experiment.source.is_empty() {
                remark(ui, &format!("**Source** {}", experiment.source));
            }
            let entry = experiment.problem.entry;
            copy_bibtex(ui, entry.name, entry.references, commands);
            separator(ui);
            next_ui(ui, &experiment.title, commands);
        });
}

/// Draws links to the claims and to the presets that follow the one with a title.
fn next_ui(ui: &mut Ui, title: &str, commands: &mut CommandQueue) {
    rich_label(ui, "**Next**", TEXT, roles_of(ui).text);
    if ui.link("two papers, claim by claim").clicked() {
        commands.push(Action::TogglePapers);
    }
    for preset in coming(title) {
        if ui.link(preset.name).clicked() {
            commands.push(Edit::Open {
                name: preset.name.to_owned(),
            });
        }
    }
}

/// The presets after the one with a title, continued at the start of the list.
fn coming(title: &str) -> impl Iterator<Item = &'static Preset> {
    let title = format!("title = {title:?}");
    let here = presets::all().position(|preset| preset.text.contains(&title));
    let first = here.map_or(0, |here| here + 1);
    let others = presets::all().count() - usize::from(here.is_some());
    presets::all()
        .cycle()
        .skip(first)
        .take(others.min(MOST_COMING))
}

fn numbered_dot(ui: &mut Ui, number: usize) {
    let roles = roles_of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
    ui.painter()
        .circle_filled(rect.center(), 9.0, colour(roles.ink));
    let text = RichText::bold(&number.to_string());
    let left = rect.center().x - 0.5 * text.width * SMALL;
    paint_text(
        ui.painter(),
        [left, rect.center().y + 0.36 * SMALL],
        &text,
        SMALL,
        roles.on_ink,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, number.to_string()));
}

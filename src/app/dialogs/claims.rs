//! The page of papers: the claims of two papers, each with the verdict of measurements and a button that opens its
//! experiment. A strip above an experiment that was opened from here says what to watch for.

use bilevel_claims::{CLAIMS, Claim, Publication, Word};
use bilevel_figure::RichText;
use egui::{Align, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::explained::explained_paragraph;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{
    action_button, icon_button, remark, rich_label, rich_paragraph, separator, title,
};

const COLUMN: f32 = 560.0;
const GAP: f32 = 36.0;
/// Room for a button and the space beside it.
const BUTTON: f32 = 64.0;

/// The introduction of the page.
const ABOUT: &str = "Open one: its experiment starts at once, with a note above it. Begin with the first and continue \
                     with **Next claim**. Words with dots under them are explained under the pointer.";

/// Shows the page over the window; a click beside it closes it.
pub(crate) fn claims_ui(ctx: &egui::Context, name: &str, commands: &mut CommandQueue) {
    let screen = ctx.content_rect();
    let has_two = screen.width() >= 2.0 * COLUMN + GAP + 60.0;
    let height = (screen.height() - 130.0).max(60.0);
    let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
    let modal = egui::Modal::new(egui::Id::unique("papers")).frame(frame);
    let shown = modal.show(ctx, |ui| {
        let wanted = if has_two { 2.0 * COLUMN + GAP } else { COLUMN };
        ui.set_width(wanted.min(screen.width() - 64.0));
        ui.horizontal(|ui| {
            title(ui, "Two papers, claim by claim");
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Close the page of papers (Esc)").clicked() {
                    commands.push(Action::Dismiss);
                }
            });
        });
        rich_paragraph(ui, ABOUT, TEXT, roles_of(ui).text_weak);
        ui.add_space(4.0);
        egui::ScrollArea::vertical()
            .max_height(height)
            // an area in the middle takes only the half below it for its room
            .min_scrolled_height(height)
            .show(ui, |ui| {
                if has_two {
                    ui.spacing_mut().item_spacing.x = GAP;
                    ui.columns_const(|columns: &mut [Ui; Publication::ALL.len()]| {
                        for (ui, publication) in columns.iter_mut().zip(Publication::ALL) {
                            ui.spacing_mut().item_spacing.x = 8.0;
                            publication_ui(ui, publication, name, commands);
                        }
                    });
                } else {
                    for publication in Publication::ALL {
                        publication_ui(ui, publication, name, commands);
                        ui.add_space(12.0);
                    }
                }
            });
    });
    if shown.backdrop_response.clicked() {
        commands.push(Action::Dismiss);
    }
}

fn publication_ui(ui: &mut Ui, publication: Publication, name: &str, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    rich_label(
        ui,
        &format!("**{}**", publication.subject()),
        TEXT + 1.0,
        roles.text,
    );
    remark(ui, publication.source());
    remark(ui, publication.settings());
    let claims = CLAIMS.iter().enumerate();
    for (place, claim) in claims.filter(|(_, claim)| claim.publication == publication) {
        separator(ui);
        claim_ui(ui, (place, claim), claim.preset == name, commands);
    }
}

/// Draws a claim: its words with a button, its verdict with the grounds, and what to watch for.
fn claim_ui(
    ui: &mut Ui,
    (place, claim): (usize, &Claim),
    is_open: bool,
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    ui.horizontal_top(|ui| {
        let room = ui.available_width() - BUTTON;
        ui.vertical(|ui| {
            ui.set_width(room);
            rich_paragraph(ui, &format!("**“{}”**", claim.phrase), TEXT, roles.text);
        });
        ui.with_layout(egui::Layout::right_to_left(Align::Min), |ui| {
            let button = ui.button("Open");
            let spoken = format!("Open {}: {}", claim.preset, claim.phrase);
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
            let hint = format!("Open the preset {}", claim.preset);
            if button.on_hover_text(hint).clicked() {
                commands.push(Edit::OpenClaim { place });
            }
        });
    });
    ui.horizontal_top(|ui| {
        verdict_badge(ui, claim.word);
        ui.vertical(|ui| explained_paragraph(ui, &claim.grounds(), TEXT, roles.text_weak));
    });
    ui.add_space(2.0);
    let words = if is_open {
        messages::status::watch_for_now(claim.watch_for)
    } else {
        messages::status::watch_for(claim.watch_for)
    };
    explained_paragraph(ui, &words, SMALL, roles.text_weak);
}

/// Draws a verdict in a frame: filled where the claim holds, outlined where it holds in part, and outlined in the
/// colour of warnings where it does not. The words say the same.
fn verdict_badge(ui: &mut Ui, word: Word) {
    let roles = roles_of(ui);
    let text = RichText::bold(word.text());
    let size = vec2(text.width * SMALL + 14.0, 19.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (ink, is_filled) = match word {
        Word::Holds => (roles.ink, true),
        Word::HoldsWhen => (roles.text, false),
        Word::DoesNotHold => (roles.warning, false),
    };
    let painter = ui.painter();
    if is_filled {
        painter.rect_filled(rect, 4, colour(ink));
    } else {
        painter.rect_stroke(rect, 4, Stroke::new(1.0, colour(ink)), StrokeKind::Inside);
    }
    let baseline = [rect.left() + 7.0, rect.center().y + 0.36 * SMALL];
    let words = if is_filled { roles.on_ink } else { ink };
    paint_text(painter, baseline, &text, SMALL, words);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, word.text()));
}

/// Draws the strip above an experiment that shows a claim: what to watch for, and the button of the next claim.
pub(crate) fn strip_ui(ui: &mut Ui, place: usize, commands: &mut CommandQueue) {
    let Some(claim) = CLAIMS.get(place) else {
        return;
    };
    let roles = roles_of(ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        verdict_badge(ui, claim.word);
        ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
            action_button(ui, Action::HideClaim, false, commands);
            if ui
                .button("All claims")
                .on_hover_text(Action::TogglePapers.tooltip(false))
                .clicked()
            {
                commands.push(Action::TogglePapers);
            }
            if let Some(next) = CLAIMS.get(place + 1) {
                let button = ui.button("Next claim");
                let hint = format!("“{}”", next.phrase);
                if button.on_hover_text(hint).clicked() {
                    commands.push(Edit::OpenClaim { place: place + 1 });
                }
            }
            if let Some(previous) = place.checked_sub(1) {
                let button = ui.button("Previous claim");
                let hint = format!("“{}”", CLAIMS[previous].phrase);
                if button.on_hover_text(hint).clicked() {
                    commands.push(Edit::OpenClaim { place: previous });
                }
            }
            ui.with_layout(egui::Layout::left_to_right(Align::Center), |ui| {
                let words = messages::status::claim_of(
                    (place + 1, CLAIMS.len()),
                    claim.phrase,
                    claim.publication.source(),
                );
                rich_label(ui, &words, TEXT, roles.text);
            });
        });
    });
    let words = messages::status::watch_for(claim.watch_for);
    rich_paragraph(ui, &words, TEXT, roles.text_weak);
    ui.add_space(6.0);
}

//! The dialog to share the experiment: as a line of text, and as a QR code if the line is short.

use bilevel_files::Experiment;
use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use qrcode::{EcLevel, QrCode};

use crate::app::command::{Action, CommandQueue};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{icon_button, rich_paragraph, title};

/// The most bytes of a line in a code: more make modules too small for the camera of a phone.
const MOST_BYTES: usize = 1200;
/// The free margin around a code, in modules, as its standard asks.
const QUIET: usize = 4;
const WIDTH: f32 = 420.0;
/// The letters of the line that are shown.
const SHOWN: usize = 160;

/// The line of an experiment and its code, each with the reason if there is none.
#[derive(Clone, Debug)]
pub(crate) struct ShareDialog {
    line: Result<String, String>,
    code: Result<Modules, String>,
}

/// The modules of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Modules {
    /// The number of modules in a row.
    side: usize,
    /// True for dark modules, row after row.
    are_dark: Vec<bool>,
}

impl Modules {
    /// The code of a line.
    ///
    /// # Errors
    /// If the line is too long, in words.
    fn new(line: &str) -> Result<Self, String> {
        let too_long = || messages::files::line_too_long_for_code(line.len(), MOST_BYTES);
        if line.len() > MOST_BYTES {
            return Err(too_long());
        }
        let code = QrCode::with_error_correction_level(line, EcLevel::L);
        let code = code.map_err(|_error| too_long())?;
        Ok(Self {
            side: code.width(),
            are_dark: code
                .to_colors()
                .into_iter()
                .map(|it| it == qrcode::Color::Dark)
                .collect(),
        })
    }
}

impl ShareDialog {
    /// The dialog of an experiment.
    pub(crate) fn new(experiment: &Experiment) -> Self {
        let line = experiment.to_line().map_err(|error| error.to_string());
        let code = match &line {
            Ok(line) => Modules::new(line),
            Err(reason) => Err(reason.clone()),
        };
        Self { line, code }
    }

    /// Shows the dialog; a click beside it closes it.
    pub(crate) fn ui(&self, ctx: &egui::Context, commands: &mut CommandQueue) {
        let room = ctx.content_rect().size() - vec2(64.0, 64.0);
        let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
        let modal = egui::Modal::new(egui::Id::unique("share")).frame(frame);
        let shown = modal.show(ctx, |ui| {
            ui.set_width(WIDTH.min(room.x));
            ui.horizontal(|ui| {
                title(ui, "Share the experiment");
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if icon_button(ui, crate::app::command::action::Icon::Close, "Close (Esc)")
                        .clicked()
                    {
                        commands.push(Action::Dismiss);
                    }
                });
            });
            let weak = roles_of(ui).text_weak;
            match &self.line {
                Err(reason) => rich_paragraph(ui, reason, TEXT, weak),
                Ok(line) => {
                    rich_paragraph(ui, messages::files::share_meaning(), SMALL, weak);
                    ui.add_space(8.0);
                    line_ui(ui, line, commands);
                    ui.add_space(12.0);
                    match &self.code {
                        Ok(modules) => code_ui(ui, modules, room.y - 190.0),
                        Err(reason) => rich_paragraph(ui, reason, SMALL, weak),
                    }
                }
            }
        });
        if shown.backdrop_response.clicked() {
            commands.push(Action::Dismiss);
        }
    }
}

/// Draws the beginning of the line and the button that copies it.
fn line_ui(ui: &mut Ui, line: &str, commands: &mut CommandQueue) {
    let beginning: String = line.chars().take(SHOWN).collect();
    let rest = line.len().saturating_sub(SHOWN);
    let words = if rest > 0 {
        messages::files::beginning_of_line(&beginning, rest)
    } else {
        beginning
    };
    let text = egui::RichText::new(words)
        .monospace()
        .size(SMALL)
        .color(crate::app::paint::theme::colour(roles_of(ui).text));
    ui.add(egui::Label::new(text).wrap_mode(egui::TextWrapMode::Wrap));
    ui.add_space(6.0);
    if ui.button("Copy the line").clicked() {
        commands.push(Action::CopyLine);
    }
}

/// Draws a code, dark on light in any theme: many readers expect that.
fn code_ui(ui: &mut Ui, modules: &Modules, height: f32) {
    let whole = modules.side + 2 * QUIET;
    // whole pixels a module keep the edges sharp
    let scale = ui.ctx().pixels_per_point();
    let room = ui.available_width().min(height).max(120.0) * scale;
    let module = (room / whole as f32).floor().max(1.0) / scale;
    let side = module * whole as f32;
    ui.vertical_centered(|ui| {
        let (area, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Image, true, "QR code of the experiment's line")
        });
        let painter = ui.painter();
        painter.rect_filled(area, 0.0, Color32::WHITE);
        for (place, _) in modules
            .are_dark
            .iter()
            .enumerate()
            .filter(|(_, dark)| **dark)
        {
            let [column, row] = [place % modules.side + QUIET, place / modules.side + QUIET];
            let corner = area.min + vec2(column as f32, row as f32) * module;
            let cell = Rect::from_min_max(corner, pos2(corner.x + module, corner.y + module));
            painter.rect_filled(cell, 0.0, Color32::BLACK);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that a reader finds in a picture of a code.
    fn scanned(modules: &Modules) -> String {
        const SCALE: usize = 4;
        let side = SCALE * (modules.side + 2 * QUIET);
        let is_dark = |x: usize, y: usize| {
            let [column, row] = [x, y].map(|at| (at / SCALE).checked_sub(QUIET));
            let inside = |at: &usize| *at < modules.side;
            match (column.filter(inside), row.filter(inside)) {
                (Some(column), Some(row)) => modules.are_dark[row * modules.side + column],
                _ => false,
            }
        };
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            if is_dark(x, y) { 0 } else { 255 }
        });
        let grids = picture.detect_grids();
        let (_, text) = grids.first().expect("a code").decode().expect("a text");
        text
    }

    #[test]
    fn a_reader_finds_the_line_in_its_code() {
        let mut codes = 0;
        for preset in crate::embedded::PRESETS {
            let experiment = crate::embedded::open(preset.name).expect("the preset is right");
            let dialog = ShareDialog::new(&experiment);
            let line = dialog.line.expect("it has a line");
            match dialog.code {
                Ok(modules) => {
                    assert!(line.len() <= MOST_BYTES);
                    assert_eq!(scanned(&modules), line);
                    codes += 1;
                }
                Err(reason) => {
                    assert!(line.len() > MOST_BYTES);
                    assert!(reason.contains(&line.len().to_string()), "{reason}");
                }
            }
        }
        assert!(codes > 10, "{codes}");
    }

    #[test]
    fn the_longest_line_has_a_code() {
        let line = "x".repeat(MOST_BYTES);
        assert_eq!(scanned(&Modules::new(&line).expect("it fits")), line);
        assert!(Modules::new(&format!("{line}x")).is_err());
    }
}

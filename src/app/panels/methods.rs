//! 2 Methods: a card each, with its line, its parameters and the state of its run.

use bilevel::method::{METHODS, MethodInfo};
use bilevel::problem::{Parameter, ParameterKind, ParameterValue};
use bilevel::study::Rank;
use bilevel_figure::{MethodLook, RichText, brief, method_looks, significant};
use bilevel_files::{Highlight, MethodSpec, counterpart};
use egui::{Frame, Role, Ui, WidgetInfo};

use super::card_menu::CardMenu;
use super::lettered_methods::lettered_methods_ui;
use super::noise_row::noise_ui;
use super::parameter_bar::NumberRange;
use super::run_row::run_row;
use super::statistics_line::statistics_line;
use super::verdict_line::VerdictLine;
use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit, ViewChange};
use crate::app::messages::{self, runs};
use crate::app::paint::explained::explained_paragraph;
use crate::app::paint::number_field::{count_field, ranged_field};
use crate::app::paint::outline::outline;
use crate::app::paint::search_list::{ListRow, menu_rows, room_below};
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::{
    HoverMarkup as _, action_button, copy_bibtex, low_icon_button, remark, rich_label,
    rich_paragraph, section_heading, short, swatch,
};
use crate::app::session::{Session, Slot};

/// The number of parameters that are always shown; the others appear on a click.
const MAIN_PARAMETERS: usize = 2;

/// The height of a card's first row.
const HEADER: f32 = 21.0;
/// The height of a parameter's row.
const PARAMETER_ROW: f32 = 18.0;

/// Draws the heading and the cards and queues what the user asks for.
pub(crate) fn methods_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    if session.letters().is_some() {
        lettered_methods_ui(ui, session);
        return;
    }
    let ranks = session.ranks();
    section_heading(ui, "2", "Methods", |ui| {
        let room = room_below(ui);
        let menu = ui.menu_button("+ Add", |ui| {
            let rows: Vec<ListRow> = METHODS
                .iter()
                .map(|entry| add_row(entry, session))
                .collect();
            let scroll = egui::ScrollArea::vertical()
                .max_height(room)
                .min_scrolled_height(room);
            let picked = scroll.show(ui, |ui| menu_rows(ui, &rows, None)).inner;
            if let Some(picked) = picked.filter(|it| rows[*it].is_possible) {
                commands.push(Edit::AddMethod {
                    id: METHODS[picked].id,
                });
                ui.close();
            }
        });
        menu.response
            .widget_info(|| WidgetInfo::labeled(Role::Button, true, "Add a method"));
        action_button(ui, Action::AskTuning, false, commands);
        // the last widget of the row: one before the sliders would come and go while they are dragged
        if session.nobody_is_ahead() {
            let ink = roles_of(ui).text_weak;
            let long = messages::cards::no_rank();
            let has_room = RichText::parse(long).width * SMALL <= ui.available_width();
            let words = if has_room {
                long
            } else {
                messages::cards::no_rank_short()
            };
            rich_label(ui, words, SMALL, ink).on_hover_text(messages::cards::no_rank_meaning());
        }
    });
    noise_ui(ui, session, commands);
    run_row(ui, session, commands);
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let methods = &session.experiment().methods;
            if methods.is_empty() {
                remark(ui, messages::cards::no_method());
                for id in ["bome", "itd", "aid-cg"] {
                    if ui.button(format!("Add {id}")).clicked() {
                        commands.push(Edit::AddMethod { id });
                    }
                }
            }
            // five cards fit into a window of 720 points
            ui.spacing_mut().item_spacing.y = 3.0;
            let looks = method_looks(methods);
            let cards = methods.iter().zip(session.slots()).zip(looks);
            for (number, ((method, slot), look)) in cards.enumerate() {
                let card = Card {
                    number,
                    methods,
                    look,
                    method,
                    slot,
                    rank: ranks.get(number).copied().flatten(),
                };
                let drawn = ui.push_id(number, |ui| card.ui(ui, session, commands));
                let part = Highlight::Card(method.label.clone());
                outline(ui, &part, drawn.response.rect);
            }
        });
}

/// The parameters in which a pinned method differs from the method that it is compared with.
fn pinned_words(methods: &[MethodSpec], slot: usize) -> String {
    let (own, other) = (&methods[slot], counterpart(methods, slot));
    let Some(other) = other.and_then(|other| methods.get(other)) else {
        return messages::cards::pinned_line(None, &[]);
    };
    let parameters = own.entry.parameters.iter();
    let parts = parameters.filter_map(|parameter| {
        let value = |method: &MethodSpec| match method.settings.value(parameter.name) {
            ParameterValue::Number(number) => short(number),
            value => value.to_string(),
        };
        let (own, other) = (value(own), value(other));
        let symbol = parameter.symbol;
        (own != other).then(|| messages::cards::pinned_parameter(symbol, &own, &other))
    });
    messages::cards::pinned_line(Some(&other.label), &parts.collect::<Vec<_>>())
}

/// The row of a method in the menu: its meaning, or the warning about it on the problem.
fn add_row(entry: &MethodInfo, session: &Session) -> ListRow {
    let warning = entry.warning(&**session.problem());
    let line = match &warning {
        Some(warning) => messages::cards::warning_of(entry.name, warning),
        None => entry.summary.to_owned(),
    };
    ListRow {
        heading: "",
        title: entry.name.to_owned(),
        line,
        word: String::new(),
        picture: None,
        is_possible: !entry.is_hopeless(&**session.problem()),
    }
}

struct Card<'a> {
    number: usize,
    methods: &'a [MethodSpec],
    look: MethodLook,
    method: &'a MethodSpec,
    slot: &'a Slot,
    rank: Option<Rank>,
}

impl Card<'_> {
    fn ui(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        let frame = Frame::new()
            .fill(colour(roles.card))
            .stroke(egui::Stroke::new(1.0, colour(roles.separator)))
            .corner_radius(4)
            .inner_margin(egui::Margin::symmetric(8, 2));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().interact_size.y = PARAMETER_ROW;
            ui.spacing_mut().button_padding.y = 1.0;
            let id = ui.scope_id().with("more");
            let was_open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
            let now = session.playhead.iteration();
            let is_open = self.header(ui, was_open, now, commands);
            ui.data_mut(|data| data.insert_temp(id, is_open));
            if is_open && !self.method.note.is_empty() {
                let note = messages::cards::noted(&self.method.note);
                rich_paragraph(ui, &note, SMALL, roles.text);
            }
            if let Some(from) = &self.method.from {
                let words = messages::cards::branch(&from.run, from.k);
                rich_label(ui, &words, SMALL, roles.text_weak)
                    .on_hover_text(messages::cards::branch_meaning(&from.run, from.k));
            }
            self.parameters(ui, is_open, commands);
            for line in self.lines(session) {
                line.ui(ui, !is_open);
                for sentence in line.sentences.iter().filter(|_| is_open) {
                    explained_paragraph(ui, sentence, SMALL, roles.text_weak);
                }
            }
            if is_open {
                self.about(ui, session, commands);
            }
        });
    }

    /// Draws the sliders of all parameters or of the main ones; those of a pinned method are a line of text.
    fn parameters(&self, ui: &mut Ui, is_open: bool, commands: &mut CommandQueue) {
        if self.method.is_pinned {
            let words = pinned_words(self.methods, self.number);
            rich_label(ui, &words, SMALL, roles_of(ui).text_weak);
            return;
        }
        let parameters = self.method.entry.parameters;
        let shown = if is_open {
            parameters.len()
        } else {
            MAIN_PARAMETERS.min(parameters.len())
        };
        for parameter in &parameters[..shown] {
            self.parameter(ui, parameter, commands);
        }
    }

    /// The lines on the runs: on the only one, or on all of them and on the one that is shown.
    fn lines(&self, session: &Session) -> Vec<VerdictLine> {
        if self.slot.runs.len() < 2 {
            return vec![VerdictLine::of(self.method, self.slot, self.rank, session)];
        }
        let all = statistics_line(self.slot, self.rank, session);
        // ranks are of all runs together
        let mut shown = VerdictLine::of(self.method, self.slot, None, session);
        shown.words = runs::this_run(&shown.words);
        vec![all, shown]
    }

    /// Draws swatch, label, the switch for details, eye and menu; true if the details are to be shown.
    fn header(&self, ui: &mut Ui, is_open: bool, now: u64, commands: &mut CommandQueue) -> bool {
        let (roles, theme) = (roles_of(ui), theme_of(ui));
        let mut is_wanted = is_open;
        let size = egui::vec2(ui.available_width(), HEADER);
        ui.allocate_ui_with_layout(
            size,
            egui::Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_min_height(size.y);
                swatch(ui, self.look.style(theme));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 2.0;
                    let label = &self.method.label;
                    let menu = low_icon_button(ui, Icon::Dots, &format!("Menu of {label}"));
                    let card_menu = CardMenu {
                        slot: self.number,
                        methods: self.methods,
                        look: self.look,
                        now,
                    };
                    card_menu.show(&menu, commands);
                    let (icon, verb) = if self.slot.is_visible {
                        (Icon::Eye, "Hide")
                    } else {
                        (Icon::EyeClosed, "Show")
                    };
                    if low_icon_button(ui, icon, &format!("{verb} {label}")).clicked() {
                        commands.push(ViewChange::ToggleVisible { slot: self.number });
                    }
                    let (icon, verb) = if is_open {
                        (Icon::Up, "Less")
                    } else {
                        (Icon::Down, "More")
                    };
                    let more = low_icon_button(ui, icon, &format!("{verb} about {label}"));
                    if more.clicked() {
                        is_wanted = !is_open;
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let name = rich_label(ui, &format!("**{label}**"), TEXT, roles.text);
                        if !self.method.note.is_empty() {
                            name.on_hover_markup(&self.method.note);
                        }
                    });
                });
            },
        );
        is_wanted
    }

    /// Draws a parameter's name, slider and typed value, or its choices.
    fn parameter(&self, ui: &mut Ui, parameter: &'static Parameter, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        let mut set = |value: ParameterValue| {
            commands.push(Edit::SetParameter {
                slot: self.number,
                name: parameter.name,
                value,
            });
        };
        let spoken = format!("{} of {}", parameter.label, self.method.label);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let left = ui.cursor().left();
            let name = format!("{} ${}$", parameter.label, parameter.symbol);
            rich_label(ui, &name, SMALL, roles.text_weak).on_hover_markup(parameter.meaning);
            ui.add_space((left + 102.0 - ui.cursor().left()).max(0.0));
            if let ParameterKind::Choice(choices) = parameter.kind {
                let chosen = self.method.settings.value(parameter.name).to_string();
                let chosen = chosen.trim_matches('"');
                let combo = egui::ComboBox::from_id_salt(parameter.name)
                    .selected_text(chosen)
                    .show_ui(ui, |ui| {
                        for choice in choices {
                            let label = ui.selectable_label(choice.name == chosen, choice.name);
                            if label.on_hover_markup(choice.meaning).clicked() {
                                set(ParameterValue::Choice(choice.name.to_owned()));
                            }
                        }
                    });
                combo
                    .response
                    .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &spoken));
                return;
            }
            // no method reads data
            let Some(range) = NumberRange::of(parameter) else {
                return;
            };
            let mut value = self.method.settings.number(parameter.name);
            let before = value;
            ui.spacing_mut().slider_width = (ui.available_width() - 68.0).max(30.0);
            range.bar(ui, &mut value, &spoken);
            let ([low, high], slider) = (range.limits, range.slider);
            let (is_whole, is_linear) = (range.is_whole, slider[0] == 0.0);
            // proportional to the value, but a drag must lead away from 0, too
            let least_speed = 1e-3 * if is_linear { slider[1] } else { slider[0] };
            let field = if is_whole {
                count_field(&mut value, low..=high).speed(0.1)
            } else {
                ranged_field(&mut value, low..=high)
                    .speed((0.01 * before.abs()).max(least_speed))
                    .shown_as(short)
            };
            let field = ui.add_sized([62.0, 19.0], field);
            field.widget_info(|| {
                WidgetInfo::labeled(Role::SpinButton, true, format!("{spoken}, typed"))
            });
            if value != before && value.is_finite() {
                set(ParameterValue::Number(value.clamp(low, high)));
            }
        });
    }

    /// Draws the method's summary, rule, costs, references and calls so far.
    fn about(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let entry = self.method.entry;
        let roles = roles_of(ui);
        ui.add_space(4.0);
        remark(ui, entry.summary);
        for line in entry.rule {
            rich_paragraph(ui, line, TEXT, roles.text);
        }
        let costs: Vec<String> = entry
            .cost
            .iter()
            .map(|cost| format!("${}$ {}", cost.count, call_name(cost.call)))
            .collect();
        remark(ui, &messages::cards::cost(&costs));
        remark(ui, &messages::cards::assumes(entry.assumes));
        remark(ui, &messages::cards::source(entry.source));
        copy_bibtex(ui, entry.name, entry.references, commands);
        if let Some(run) = session.run_of(self.slot) {
            let calls: Vec<String> = bilevel::problem::OracleCall::ALL
                .into_iter()
                .map(|call| (call, run.counts.total(call)))
                .filter(|(_, count)| *count > 0)
                .map(|(call, count)| format!("{} {}", brief(count as f64, 12), call.name()))
                .collect();
            let seconds = significant(run.time, 2);
            remark(ui, &messages::cards::calls_so_far(&calls, &seconds));
        }
        if let Some(warning) = entry.warning(&**session.problem()) {
            rich_paragraph(
                ui,
                &messages::cards::warning_of(entry.name, &warning),
                SMALL,
                roles.warning,
            );
        }
    }
}

/// The call of a cost line as maths.
fn call_name(call: &str) -> String {
    if call.starts_with('∇') {
        format!("${call}$")
    } else {
        call.to_owned()
    }
}

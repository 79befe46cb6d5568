//! The menu of a method's card: its name, colour and place in the experiment.

use bilevel::method::METHODS;
use bilevel_figure::{HOME_COUNT, MethodLook, home_name};
use bilevel_files::{LONGEST_NOTE, MethodSpec, children, label_error};
use egui::{Id, Key, PopupCloseBehavior, Response, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::command::{CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, colour, roles_of, theme_of};
use crate::app::paint::widgets::{HoverMarkup as _, rich_label, rich_paragraph};

/// The methods of an experiment, and the slot whose card the menu belongs to.
#[derive(Clone, Copy)]
pub(super) struct CardMenu<'a> {
    pub(super) slot: usize,
    pub(super) methods: &'a [MethodSpec],
    pub(super) look: MethodLook,
    /// The iteration of the playhead.
    pub(super) now: u64,
}

impl CardMenu<'_> {
    /// Shows the menu while the button's popup is open.
    pub(super) fn show(self, button: &Response, commands: &mut CommandQueue) {
        let memory = [button.id.with("name"), button.id.with("picker")];
        let shown = egui::Popup::menu(button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| {
                ui.set_width(WIDTH);
                self.name_ui(ui, memory[0], commands);
                self.note_ui(ui, commands);
                self.colours_ui(ui, memory[1], commands);
                ui.separator();
                self.entries_ui(ui, commands);
            });
        if shown.is_none() {
            // a closed menu forgets a half-typed name
            button.ctx.data_mut(|data| {
                data.remove::<String>(memory[0]);
                data.remove::<bool>(memory[1]);
            });
        }
    }

    fn entries_ui(self, ui: &mut Ui, commands: &mut CommandQueue) {
        self.forks_ui(ui, commands);
        let (slot, last) = (self.slot, self.methods.len() - 1);
        let up = slot.saturating_sub(1);
        let (pin, words) = if self.methods[slot].is_pinned {
            (
                ("Unpin", Edit::UnpinMethod { slot }),
                messages::cards::unpin_meaning(),
            )
        } else {
            (
                ("Pin these parameters", Edit::PinMethod { slot }),
                messages::cards::pin_meaning(),
            )
        };
        let button = ui.button(pin.0).on_hover_text(words);
        if button.clicked() {
            commands.push(pin.1);
            ui.close();
        }
        let entries = [
            (true, "Duplicate", Edit::DuplicateMethod { slot }),
            (slot > 0, "Move up", Edit::MoveMethod { slot, to: up }),
            (
                slot < last,
                "Move down",
                Edit::MoveMethod { slot, to: slot + 1 },
            ),
            (true, "Default parameters", Edit::ResetParameters { slot }),
        ];
        for (is_possible, words, edit) in entries {
            let entry = ui.add_enabled(is_possible, egui::Button::new(words));
            if entry.clicked() {
                commands.push(edit);
                ui.close();
            }
        }
        let children = children(self.methods, slot);
        let mut remove = ui.add_enabled(children.is_empty(), egui::Button::new("Remove"));
        if !children.is_empty() {
            remove = remove.on_disabled_hover_text(messages::cards::has_branches(&children));
        }
        if remove.clicked() {
            commands.push(Edit::RemoveMethod { slot });
            ui.close();
        }
    }

    /// Draws the entries that add a branch at the playhead.
    fn forks_ui(self, ui: &mut Ui, commands: &mut CommandQueue) {
        let (slot, iteration) = (self.slot, self.now);
        let mut fork = |id| {
            commands.push(Edit::ForkMethod {
                slot,
                iteration,
                id,
            });
        };
        let button = ui.button("Continue from here");
        let meaning = messages::cards::continue_meaning(iteration);
        if button.on_hover_text(meaning).clicked() {
            fork(None);
            ui.close();
        }
        let own = self.methods[slot].entry.id;
        let others = METHODS.iter().filter(|entry| entry.id != own);
        let menu = ui.menu_button("Continue with", |ui| {
            egui::ScrollArea::vertical()
                .max_height(MENU)
                .show(ui, |ui| {
                    for entry in others {
                        if ui
                            .button(entry.name)
                            .on_hover_markup(entry.summary)
                            .clicked()
                        {
                            fork(Some(entry.id));
                            ui.close();
                        }
                    }
                });
        });
        menu.response
            .on_hover_text(messages::cards::continue_with_meaning(iteration));
    }

    /// Draws the field for the name; a name that cannot be used is refused in a sentence beneath it.
    fn name_ui(self, ui: &mut Ui, id: Id, commands: &mut CommandQueue) {
        let label = &self.methods[self.slot].label;
        let typed = ui.data(|data| data.get_temp::<String>(id));
        let mut text = typed.unwrap_or_else(|| label.clone());
        let field = egui::TextEdit::singleline(&mut text)
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(f32::INFINITY);
        let roles = roles_of(ui);
        rich_label(ui, messages::cards::name(), SMALL, roles.text_weak);
        // fields in menus have no frame of their own
        let frame = egui::Frame::new()
            .stroke(egui::Stroke::new(1.0, colour(roles.frame)))
            .corner_radius(4);
        let response = frame.show(ui, |ui| ui.add(field)).inner;
        response
            .widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("Name of {label}")));
        if response.changed() {
            ui.data_mut(|data| data.insert_temp(id, text.clone()));
        }
        let methods = self.methods.iter().enumerate();
        let others = methods.filter(|(slot, _)| *slot != self.slot);
        let others = others.map(|(_, method)| method.label.as_str());
        let error = label_error(text.trim(), others);
        if let Some(error) = &error {
            rich_paragraph(ui, error, SMALL, roles.warning);
        }
        // a refused name stays with its sentence until it is mended or the menu closes
        if response.lost_focus() && error.is_none() {
            let is_given_up = ui.input(|input| input.key_pressed(Key::Escape));
            ui.data_mut(|data| data.remove::<String>(id));
            if !is_given_up && text.trim() != label {
                commands.push(Edit::RenameMethod {
                    slot: self.slot,
                    label: text,
                });
            }
        }
    }

    /// Draws the field for the note.
    fn note_ui(self, ui: &mut Ui, commands: &mut CommandQueue) {
        let method = &self.methods[self.slot];
        let roles = roles_of(ui);
        rich_label(ui, messages::cards::note(), SMALL, roles.text_weak);
        let mut text = method.note.clone();
        let field = egui::TextEdit::singleline(&mut text)
            .align(egui::Align2::LEFT_CENTER)
            .char_limit(LONGEST_NOTE)
            .desired_width(f32::INFINITY);
        let frame = egui::Frame::new()
            .stroke(egui::Stroke::new(1.0, colour(roles.frame)))
            .corner_radius(4);
        let response = frame.show(ui, |ui| ui.add(field)).inner;
        let spoken = format!("Note on {}", method.label);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &spoken));
        if text != method.note {
            // a pasted text may have several lines
            let note = text.replace(char::is_control, " ");
            let slot = self.slot;
            commands.push(Edit::NoteMethod { slot, note });
        }
    }

    /// Draws the colours to choose from, a field for any other, and the way back.
    fn colours_ui(self, ui: &mut Ui, id: Id, commands: &mut CommandQueue) {
        let (slot, theme) = (self.slot, theme_of(ui));
        let own = self.methods[slot].colour;
        rich_label(ui, messages::cards::colour(), SMALL, roles_of(ui).text_weak);
        let mut set = |colour: Option<[u8; 3]>| commands.push(Edit::ColourMethod { slot, colour });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(3.0, 3.0);
            for home in 0..HOME_COUNT {
                let ink = MethodLook::of_home(home).style(theme).colour;
                let (rect, response) = ui.allocate_exact_size(vec2(19.0, 19.0), Sense::click());
                let name = home_name(home);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
                ui.painter().rect_filled(rect.shrink(2.0), 3.0, colour(ink));
                if own == Some(ink.rgb) || response.hovered() || response.has_focus() {
                    let stroke = egui::Stroke::new(1.5, colour(roles_of(ui).text));
                    ui.painter()
                        .rect_stroke(rect, 4.0, stroke, egui::StrokeKind::Inside);
                }
                if response.on_hover_text(name).clicked() {
                    set(Some(ink.rgb));
                }
            }
        });
        let mut is_picking = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
        ui.horizontal(|ui| {
            let back = ui.add_enabled(own.is_some(), egui::Button::new("Home colour"));
            if back.on_hover_text(messages::cards::home_colour()).clicked() {
                set(None);
            }
            ui.toggle_value(&mut is_picking, "Any other");
        });
        ui.data_mut(|data| data.insert_temp(id, is_picking));
        if is_picking {
            // a picker of its own would close the menu
            let mut picked = colour(self.look.style(theme).colour);
            ui.spacing_mut().slider_width = WIDTH;
            let opaque = egui::color_picker::Alpha::Opaque;
            if egui::color_picker::color_picker_color32(ui, &mut picked, opaque) {
                set(Some([picked.r(), picked.g(), picked.b()]));
            }
        }
    }
}

/// The greatest height of the list of methods.
const MENU: f32 = 320.0;

/// The width of the menu.
const WIDTH: f32 = 190.0;

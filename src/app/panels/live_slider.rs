//! The slider of the layout for presentations: one parameter of one method, chosen by the speaker.

use bilevel::problem::{Parameter, ParameterValue};
use bilevel_figure::{RichText, method_looks};
use bilevel_files::MethodSpec;
use egui::{Role, Ui, WidgetInfo};

use super::parameter_bar::NumberRange;
use crate::app::command::{CommandQueue, Edit, SliderChoice, ViewChange};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{HoverMarkup as _, rich_whole, short, swatch};
use crate::app::session::Session;

/// The width of the value beside the slider.
const VALUE: f32 = 56.0;

/// The width of a method's swatch, and the space after its name.
const SWATCH: f32 = 30.0;
const SPACE: f32 = 14.0;

/// The width of the legend in one line.
pub(crate) fn legend_width(session: &Session) -> f32 {
    let methods = session.experiment().methods.iter().zip(session.slots());
    let shown = methods.filter(|(_, slot)| slot.is_visible);
    let widths = shown.map(|(method, _)| entry_width(method));
    widths.sum()
}

fn entry_width(method: &MethodSpec) -> f32 {
    // the layout's own spaces are between swatch, name and space
    SWATCH + TEXT * RichText::parse(&method.label).width + SPACE + 16.0
}

/// Draws the shown methods with their swatches.
pub(crate) fn legend_ui(ui: &mut Ui, session: &Session) {
    let (roles, theme) = (roles_of(ui), theme_of(ui));
    let methods = &session.experiment().methods;
    let looks = method_looks(methods);
    ui.horizontal_wrapped(|ui| {
        for ((method, slot), look) in methods.iter().zip(session.slots()).zip(looks) {
            if !slot.is_visible {
                continue;
            }
            // a swatch and its name are not torn apart
            if ui.available_size_before_wrap().x < entry_width(method) - SPACE {
                ui.end_row();
            }
            swatch(ui, look.style(theme));
            rich_whole(ui, &method.label, TEXT, roles.text);
            ui.add_space(SPACE - 8.0);
        }
    });
}

/// Draws the chooser of the parameter and its slider; nothing if no method has a number to set.
pub(crate) fn slider_ui(
    ui: &mut Ui,
    session: &Session,
    choice: Option<&SliderChoice>,
    commands: &mut CommandQueue,
) {
    let methods = &session.experiment().methods;
    let is_chosen = |(slot, parameter): &(usize, &'static Parameter)| {
        choice.is_some_and(|choice| {
            choice.method == methods[*slot].label && choice.parameter == parameter.name
        })
    };
    let all: Vec<(usize, &'static Parameter)> = numbers(methods).collect();
    let Some(&(slot, parameter)) = all.iter().find(|it| is_chosen(it)).or_else(|| all.first())
    else {
        return;
    };
    let name = |slot: usize, parameter: &Parameter| {
        format!("{}: {}", methods[slot].label, parameter.label)
    };
    let shown = name(slot, parameter);
    ui.horizontal(|ui| {
        let combo = egui::ComboBox::from_id_salt("live slider")
            .selected_text(&shown)
            .show_ui(ui, |ui| {
                for &(other, of) in &all {
                    let is_current = other == slot && of.name == parameter.name;
                    let label = ui.selectable_label(is_current, name(other, of));
                    if label.on_hover_markup(of.meaning).clicked() {
                        commands.push(ViewChange::ChooseSlider {
                            choice: SliderChoice {
                                method: methods[other].label.clone(),
                                parameter: of.name.to_owned(),
                            },
                        });
                    }
                }
            });
        let spoken = "Parameter of the slider";
        let response = combo.response;
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, spoken));
        let before = methods[slot].settings.number(parameter.name);
        let Some(range) = NumberRange::of(parameter) else {
            return;
        };
        let mut value = before;
        ui.spacing_mut().slider_width = (ui.available_width() - VALUE).max(60.0);
        range.bar(ui, &mut value, &shown);
        let [low, high] = range.limits;
        rich_whole(ui, &short(value), SMALL + 1.0, roles_of(ui).text);
        if value != before && value.is_finite() {
            commands.push(Edit::SetParameter {
                slot,
                name: parameter.name,
                value: ParameterValue::Number(value.clamp(low, high)),
            });
        }
    });
}

/// The parameters of all methods that are numbers.
fn numbers(methods: &[MethodSpec]) -> impl Iterator<Item = (usize, &'static Parameter)> {
    methods.iter().enumerate().flat_map(|(slot, method)| {
        let parameters = method.entry.parameters.iter();
        let numbers = parameters.filter(|parameter| NumberRange::of(parameter).is_some());
        numbers.map(move |parameter| (slot, parameter))
    })
}

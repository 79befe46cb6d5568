//! The control of a view's option: a slider with its number, or a switch of words.

use bilevel::numerics::rounded;
use bilevel::problem::{Parameter, ParameterKind};
use bilevel_figure::RichText;
use egui::{Role, Slider, Ui, WidgetInfo};

use crate::app::command::{CommandQueue, Edit};
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::{HoverMarkup as _, rich_label, segmented, short};

/// Draws the control and queues a change.
pub(crate) fn option_ui(
    ui: &mut Ui,
    option: &'static Parameter,
    value: f64,
    commands: &mut CommandQueue,
) {
    let (bounds, slider, is_whole) = match option.kind {
        ParameterKind::Number {
            min, max, slider, ..
        } => ([min, max], slider, false),
        ParameterKind::Integer {
            min, max, slider, ..
        } => ([f64::from(min), f64::from(max)], slider, true),
        ParameterKind::Choice(choices) => {
            rich_label(ui, option.label, TEXT, roles_of(ui).text);
            let options = choices.iter().enumerate();
            let options: Vec<(usize, &str)> = options
                .map(|(place, choice)| (place, choice.label))
                .collect();
            if let Some(place) = segmented(ui, &options, value as usize) {
                commands.push(Edit::SetViewOption {
                    name: option.name,
                    value: place as f64,
                });
            }
            return;
        }
        _ => return,
    };
    let roles = roles_of(ui);
    let symbol = if option.symbol.is_empty() {
        String::new()
    } else {
        format!(" ${}$", option.symbol)
    };
    rich_label(ui, &format!("{}{symbol}", option.label), TEXT, roles.text);
    let mut next = value;
    let [low, high] = slider;
    ui.spacing_mut().slider_width = (ui.available_width() - 80.0).clamp(40.0, 220.0);
    let bar = Slider::new(&mut next, low..=high)
        .logarithmic(low > 0.0)
        .show_value(false);
    let bar = ui.add(bar).on_hover_markup(option.meaning);
    let symbol = RichText::parse(&symbol).plain();
    let name = format!("{}{symbol}", capital(option.label));
    bar.widget_info(|| WidgetInfo::slider(true, value, &name));
    if bar.changed() && next != 0.0 {
        // a slider offers round numbers; exact ones are typed
        let unit = 10.0_f64.powf(next.abs().log10().floor() - 1.0);
        next = rounded(((next / unit).round() * unit).clamp(low, high), 2);
    }
    let field = ranged_field(&mut next, bounds[0]..=bounds[1])
        .speed(0.01 * value.abs().max(0.01 * (high - low)))
        .shown_as(short);
    let field = ui.add_sized([62.0, 24.0], field);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("{name}, typed")));
    if is_whole {
        next = next.round();
    }
    if next != value {
        commands.push(Edit::SetViewOption {
            name: option.name,
            value: next,
        });
    }
}

/// A label with its first letter capitalized.
fn capital(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

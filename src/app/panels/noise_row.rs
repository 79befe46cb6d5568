//! One slider for the gradient noise of all stochastic methods of an experiment, so that they are compared under the
//! same noise.

use bilevel::problem::ParameterValue;
use egui::{Role, Slider, Ui, WidgetInfo};

use crate::app::command::{CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{rich_label, short};
use crate::app::session::Session;

/// The parameter that the slider sets.
const NOISE: &str = "gradient_noise";
/// The greatest end of the slider; larger values can be typed.
const MUCH: f64 = 1.0;

/// Draws the row if at least two methods have noise; a single one has the slider on its card.
pub(crate) fn noise_ui(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let noisy: Vec<(usize, f64)> = session
        .experiment()
        .methods
        .iter()
        .enumerate()
        .filter(|(_, method)| method.settings.declares(NOISE))
        .map(|(slot, method)| (slot, method.settings.number(NOISE)))
        .collect();
    let [(_, first), _, ..] = noisy[..] else {
        return;
    };
    let is_common = noisy.iter().all(|(_, noise)| *noise == first);
    let mut value = first;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let left = ui.cursor().left();
        let words = if is_common {
            messages::cards::common_noise()
        } else {
            messages::cards::different_noise()
        };
        rich_label(ui, words, SMALL, roles_of(ui).text_weak)
            .on_hover_text(messages::cards::noise_meaning());
        ui.add_space((left + 111.0 - ui.cursor().left()).max(0.0));
        ui.spacing_mut().slider_width = (ui.available_width() - 77.0).max(30.0);
        let bar = ui.add(
            Slider::new(&mut value, 0.0..=MUCH)
                .show_value(false)
                .step_by(0.01)
                .clamping(egui::SliderClamping::Never),
        );
        bar.widget_info(|| WidgetInfo::slider(true, first, "Noise of all methods"));
        let field = ranged_field(&mut value, 0.0..=1e12)
            .speed((0.01 * first).max(1e-3))
            .shown_as(short);
        let field = ui.add_sized([62.0, 19.0], field);
        field.widget_info(|| {
            WidgetInfo::labeled(Role::SpinButton, true, "Noise of all methods, typed")
        });
    });
    if value != first && value.is_finite() {
        commands.push(Edit::SetParameterOfAll {
            slots: noisy.iter().map(|(slot, _)| *slot).collect(),
            name: NOISE,
            value: ParameterValue::Number(value.max(0.0)),
        });
    }
}

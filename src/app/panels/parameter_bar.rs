//! The slider of a parameter that is a number.

use bilevel::numerics::rounded;
use bilevel::problem::{Parameter, ParameterKind};
use egui::{Slider, Ui, WidgetInfo};

/// The values of a parameter that is a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NumberRange {
    pub(super) is_whole: bool,
    /// The least and the greatest value.
    pub(super) limits: [f64; 2],
    /// The ends of the slider; it is logarithmic unless it begins at 0.
    pub(super) slider: [f64; 2],
}

impl NumberRange {
    /// The range of a parameter; `None` if it is no number.
    pub(super) fn of(parameter: &Parameter) -> Option<Self> {
        let (is_whole, limits, slider) = match parameter.kind {
            ParameterKind::Number {
                min, max, slider, ..
            } => (false, [min, max], slider),
            ParameterKind::Integer {
                min, max, slider, ..
            } => (true, [f64::from(min), f64::from(max)], slider),
            _ => return None,
        };
        Some(Self {
            is_whole,
            limits,
            slider,
        })
    }

    /// Draws the slider as wide as `ui` says, and moves the value.
    pub(super) fn bar(self, ui: &mut Ui, value: &mut f64, spoken: &str) {
        let before = *value;
        let mut bar = Slider::new(value, self.slider[0]..=self.slider[1])
            .logarithmic(self.slider[0] != 0.0)
            .show_value(false)
            .clamping(egui::SliderClamping::Never);
        if self.is_whole {
            bar = bar.integer();
        }
        let bar = ui.add(bar);
        bar.widget_info(|| WidgetInfo::slider(true, before, spoken));
        // a slider offers round numbers; exact ones are typed
        if bar.changed() && !self.is_whole {
            *value = rounded(*value, 2);
        }
    }
}

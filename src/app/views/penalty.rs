//! The penalty morph in the window: a slider from the leader's own objective to the trench along the follower's answers.

use bilevel::numerics::rounded;
use bilevel::problem::Coordinate;
use bilevel::study::{PENALTIES, is_plane};
use bilevel_figure::landscape::LandscapeData;
use bilevel_figure::penalty::{PenaltyOverlay, penalty};
use bilevel_figure::{Figure, LineCache, Theme, sides};
use bilevel_files::{ViewKind, ViewSpec};
use egui::{Role, Slider, Ui, WidgetInfo, vec2};

use super::context::{ViewContext, recorded_runs};
use super::drag_start::Grip;
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::penalty_worker::{Frame, PenaltyWorker};
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{rich_label, short};

/// Below this height there is room for the first picture only.
const LOW: f32 = 260.0;
/// What the first picture has of the height.
const SHARE: f32 = 0.68;
/// What the words beside the slider need.
const WORDS: f32 = 210.0;
/// The surface is sampled over more than what is shown, so that panning does not reach its edge at once.
const MARGIN: f64 = 0.3;

/// The penalty, and what part of the pictures is shown.
pub(crate) struct PenaltyView {
    pub(crate) gamma: f64,
    viewports: [Viewport; 2],
    /// The axes that the first viewport is for.
    axes: Option<[Coordinate; 2]>,
    worker: PenaltyWorker,
    grip: Grip,
    /// Whether this problem has such a picture.
    is_there: bool,
}

impl PenaltyView {
    pub(crate) fn new(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            gamma: ViewSpec::PENALTY,
            viewports: Default::default(),
            axes: None,
            worker: PenaltyWorker::new(wake)?,
            grip: Grip::default(),
            is_there: true,
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.viewports = Default::default();
        self.axes = None;
        self.worker.forget();
    }

    /// Whether the picture is as fine as it gets.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// The figures as they are shown, for the screen and for paper alike.
    pub(crate) fn figures<'a>(
        &mut self,
        context: ViewContext<'a, '_>,
        theme: Theme,
    ) -> [Figure<'a>; 2] {
        self.worker.receive();
        let metadata = context.session.problem().metadata();
        let starts = context.starts();
        let subject = LandscapeData {
            metadata,
            plane: context.plane,
            level: 1,
            base: &metadata.base_point(&starts[0]),
            starts,
        };
        let shown = PenaltyOverlay {
            gamma: self.gamma,
            backdrop: self.worker.backdrop(),
            path_samples: self.worker.path_samples(),
        };
        let range = self.viewports[0].range.unwrap_or(context.plane.range);
        let mut figures = penalty(
            subject,
            shown,
            range,
            &recorded_runs(context.session),
            theme,
        );
        if let Some([x, y]) = self.viewports[1].range {
            (figures[1].x.range, figures[1].y.range) = (x, y);
        }
        figures
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        context: ViewContext<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        let axes = [context.plane.horizontal, context.plane.vertical];
        if self.axes.replace(axes) != Some(axes) {
            self.viewports[0] = Viewport::default();
        }
        self.is_there = is_plane(context.session.problem().metadata());
        ui.horizontal(|ui| {
            view_switch(ui, ViewKind::Penalty, commands);
            if self.is_there {
                self.slider_ui(ui, commands);
            }
        });
        let [mut surface, steps] = self.figures(context, theme_of(ui));
        let (width, height) = (ui.available_width(), ui.available_height());
        let is_low = height < LOW || !self.is_there;
        let share = if is_low { 1.0 } else { SHARE };
        let left = sides(&surface, SMALL)[0].max(sides(&steps, SMALL)[0]);
        let shown = ui
            .allocate_ui(vec2(width, share * (height - 6.0)), |ui| {
                pointed.ring(&mut surface);
                let drags = self.grip.is_free();
                let viewport = &mut self.viewports[0];
                let memory = &mut LineCache::default();
                figure_ui(
                    ui,
                    "Penalty",
                    &surface,
                    viewport,
                    drags,
                    [left, 0.0],
                    memory,
                )
            })
            .inner;
        pointed.look(ui, &surface, &shown, context.session);
        if !is_low {
            let viewport = &mut self.viewports[1];
            let memory = &mut LineCache::default();
            let name = "Longest safe step";
            figure_ui(ui, name, &steps, viewport, true, [left, 0.0], memory);
        }
        if !self.is_there {
            return;
        }
        let starts = context.starts();
        if context.session.has_begun() {
            let frame = Frame {
                problem: std::sync::Arc::clone(context.session.problem()),
                axes,
                range: shown.scene.transform.ranges.map(|[low, high]| {
                    let margin = MARGIN * (high - low);
                    [low - margin, high + margin]
                }),
            };
            self.worker.ask(frame, &starts[0], self.gamma);
        }
        self.grip.move_starts(ui, &shown, (starts, axes), commands);
    }

    /// The slider of the penalty with its number.
    fn slider_ui(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let roles = roles_of(ui);
        rich_label(ui, "penalty $γ$", TEXT, roles.text);
        let mut gamma = self.gamma;
        let [low, high] = PENALTIES;
        ui.spacing_mut().slider_width = (ui.available_width() - 80.0).clamp(40.0, 220.0);
        let bar = Slider::new(&mut gamma, low..=high)
            .logarithmic(true)
            .show_value(false);
        let bar = ui.add(bar);
        bar.widget_info(|| WidgetInfo::slider(true, self.gamma, "Penalty γ"));
        if bar.changed() {
            // a slider offers round numbers; exact ones are typed
            let unit = 10.0_f64.powf(gamma.log10().floor() - 1.0);
            gamma = ((gamma / unit).round() * unit).clamp(low, high);
            gamma = rounded(gamma, 2);
        }
        let field = egui::DragValue::new(&mut gamma)
            .range(low..=high)
            .speed(0.01 * self.gamma)
            .custom_formatter(|value, _| short(value));
        let field = ui.add_sized([62.0, 24.0], field);
        field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Penalty γ, typed"));
        if gamma != self.gamma {
            commands.push(Command::SetPenalty(gamma));
        }
        if ui.available_width() > WORDS {
            let words = "beads: the minimiser as $γ$ grows";
            rich_label(ui, words, SMALL, roles.text_weak);
        }
    }
}

//! The iterate under the pointer: its values beside it, and a ring around it in every view.

use bilevel::problem::Metadata;
use bilevel_figure::{Figure, Hit, RichText, RunTag, fixed, nearest, significant};
use egui::Ui;

use crate::app::paint::plot_view::ShownFigure;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::rich_whole;
use crate::app::session::Session;
use crate::app::session::live_run::LiveRun;

/// The greatest distance of the pointer from an iterate, in pixels.
const REACH: f32 = 10.0;
/// The most variables that are read out.
const VARIABLES: usize = 6;

/// The iterate under the pointer: found in one view while a frame is drawn, and shown by all views in the next.
#[derive(Debug, Default)]
pub(crate) struct Pointed {
    shown: Option<Hit>,
    found: Option<Hit>,
}

impl Pointed {
    /// The run under the pointer.
    pub(crate) fn run(&self) -> Option<RunTag> {
        self.shown.map(|hit| hit.tag)
    }

    /// True if no iterate is under the pointer in this frame.
    pub(crate) fn is_free(&self) -> bool {
        self.found.is_none()
    }

    /// Rings the iterate in a picture that shows its run.
    pub(crate) fn ring(&self, figure: &mut Figure<'_>) {
        if let Some(hit) = self.shown {
            figure.ring(hit);
        }
    }

    /// Finds the iterate under the pointer and shows its values.
    pub(crate) fn look(
        &mut self,
        ui: &Ui,
        figure: &Figure<'_>,
        shown: &ShownFigure,
        session: &Session,
    ) {
        // the values of an iterate, and the ring in other pictures, would tell a curve apart
        if session.letters().is_some() {
            return;
        }
        let response = &shown.response;
        let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else {
            return;
        };
        let Some(hit) = nearest(figure, &shown.scene, pointer.into(), REACH) else {
            return;
        };
        self.found = Some(hit);
        let slot = session.slots().get(hit.tag.slot);
        let method = session.experiment().methods.get(hit.tag.slot);
        if let (Some(method), Some(run)) =
            (method, slot.and_then(|slot| slot.runs.get(hit.tag.run)))
        {
            let metadata = session.problem().metadata();
            egui::Tooltip::always_open(
                ui.ctx().clone(),
                ui.layer_id(),
                response.id.with("iterate"),
                egui::PopupAnchor::Pointer,
            )
            .gap(14.0)
            .show(|ui| {
                let hides = session.horizon().is_some_and(|it| it.hides_optimum);
                readout(ui, &method.label, (run, hit.row), metadata, hides);
            });
        }
    }

    /// Ends a frame; true if another iterate is under the pointer than before.
    pub(crate) fn turn(&mut self) -> bool {
        let is_new = self.shown != self.found;
        self.shown = self.found.take();
        is_new
    }
}

/// Draws the values of an iterate, one per line.
fn readout(
    ui: &mut Ui,
    label: &str,
    (run, row): (&LiveRun, usize),
    metadata: &Metadata,
    hides_reduced: bool,
) {
    let roles = roles_of(ui);
    let trace = &run.trace;
    let Some(iteration) = trace.iterations.get(row) else {
        return;
    };
    rich_whole(
        ui,
        &format!("**{label}**  iteration {}", fixed(*iteration, 0)),
        TEXT,
        roles.text,
    );
    let column = |column: &bilevel::run::TraceColumn| column.values().get(row).copied();
    let mut lines = Vec::new();
    for (level, objective) in trace.objectives.iter().enumerate() {
        let name = metadata.objective(level + 1);
        if let Some(value) = column(objective) {
            lines.push(format!("${name} = {}$", significant(value, 6)));
        }
    }
    if let Some(gap) = column(&trace.gap) {
        lines.push(format!("value gap ${}$", significant(gap, 3)));
    }
    if let Some(value) = column(&trace.true_suboptimality).filter(|_| !hides_reduced) {
        lines.push(format!("$φ = {}$", significant(value + trace.optimum(), 6)));
    }
    if let Some(distance) = column(&trace.distance).filter(|distance| distance.is_finite()) {
        lines.push(format!("distance ${}$", significant(distance, 3)));
    }
    if let Some(values) = trace.values(row) {
        let named = metadata.each_coordinate().zip(values);
        for (coordinate, value) in named.take(VARIABLES) {
            let name = metadata.variable(coordinate);
            lines.push(format!("${name} = {}$", significant(*value, 6)));
        }
    }
    for line in lines {
        let text = RichText::parse(&line);
        if !text.runs.is_empty() {
            rich_whole(ui, &line, SMALL, roles.text_weak);
        }
    }
}

//! The views that stand in the landscape's place, but for the landscape itself and the levels: each is a room of its own.

use bilevel_figure::{Figure, FigureArrangement, Page, Theme};
use bilevel_files::{ViewKind, ViewSpec};
use egui::Ui;

use super::assumptions::AssumptionsView;
use super::atlas::AtlasView;
use super::context::ViewContext;
use super::honesty::HonestyView;
use super::hover::Pointed;
use super::learned::LearnedView;
use super::penalty::PenaltyView;
use super::slice::SliceView;
use super::sweep::SweepView;
use crate::app::command::Command;
use crate::app::session::Session;

/// All of them; only the one that is shown works.
pub(crate) struct RunViews {
    honesty: HonestyView,
    pub(crate) penalty: PenaltyView,
    assumptions: AssumptionsView,
    pub(crate) slice: SliceView,
    pub(crate) atlas: AtlasView,
    pub(crate) sweep: SweepView,
    learned: LearnedView,
}

impl RunViews {
    /// `wake` is called whenever a room has something new to show.
    pub(crate) fn new(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            honesty: HonestyView::default(),
            penalty: PenaltyView::new(wake.clone())?,
            assumptions: AssumptionsView::new(wake.clone())?,
            slice: SliceView::new(wake.clone())?,
            learned: LearnedView::new(wake)?,
            atlas: AtlasView::default(),
            sweep: SweepView::default(),
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.honesty.reset();
        self.penalty.reset();
        self.assumptions.reset();
        self.slice.reset();
        self.atlas.reset();
        self.sweep.reset();
        self.learned.reset();
    }

    /// Takes what a file says of surveys.
    pub(crate) fn take(&mut self, view: &ViewSpec) {
        self.sweep.vary.clone_from(&view.vary);
        if let Some(side) = view.grid {
            self.atlas.side = side;
            self.sweep.side = side;
        } else {
            self.atlas.side = AtlasView::default().side;
            self.sweep.side = SweepView::default().side;
        }
    }

    /// The starts along each axis of a view that has any, where they are not the usual ones.
    pub(crate) fn grid(&self, view: ViewKind) -> Option<usize> {
        let (side, usual) = match view {
            ViewKind::Atlas => (self.atlas.side, AtlasView::default().side),
            ViewKind::Sweep => (self.sweep.side, SweepView::default().side),
            _ => return None,
        };
        (side != usual).then_some(side)
    }

    /// Whether what a view shows is as fine as it gets.
    pub(crate) fn is_settled(&self, view: ViewKind) -> bool {
        match view {
            ViewKind::Penalty => self.penalty.is_settled(),
            ViewKind::Assumptions => self.assumptions.is_settled(),
            ViewKind::Slice => self.slice.is_settled(),
            ViewKind::Atlas => self.atlas.is_settled(),
            ViewKind::Sweep => self.sweep.is_settled(),
            ViewKind::Learned => self.learned.is_settled(),
            ViewKind::Landscape | ViewKind::Levels | ViewKind::Honesty => true,
        }
    }

    /// The figures of a view as they are shown, for paper.
    pub(crate) fn figures<'a>(
        &mut self,
        view: ViewKind,
        context: ViewContext<'a, '_>,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        match view {
            ViewKind::Honesty => self.honesty.figures(context.session, theme).into(),
            ViewKind::Penalty => self.penalty.figures(context, theme).into(),
            ViewKind::Assumptions => vec![self.assumptions.figure(context, theme)],
            ViewKind::Slice => vec![self.slice.figure(context, theme)],
            ViewKind::Atlas => self.atlas.figures(context, theme),
            ViewKind::Sweep => self.sweep.figures(context.session, theme),
            ViewKind::Learned => self.learned.figures(theme),
            ViewKind::Landscape | ViewKind::Levels => Vec::new(),
        }
    }

    /// A sheet as the view of its figures wants it: arranged, and with the view's own key.
    pub(crate) fn dressed<'a>(
        &self,
        view: ViewKind,
        page: Page<'a>,
        session: &Session,
        theme: Theme,
    ) -> Page<'a> {
        match view {
            ViewKind::Atlas => page
                .keyed(self.atlas.page_legend(session, theme))
                .arranged(self.atlas.arrangement()),
            ViewKind::Sweep => page.keyed(Vec::new()).arranged(FigureArrangement::Tiles),
            ViewKind::Learned => page
                .keyed(self.learned.legend(session, theme))
                .arranged(FigureArrangement::Beside),
            _ => page,
        }
    }

    /// Draws a view and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        view: ViewKind,
        context: ViewContext<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        match view {
            ViewKind::Honesty => self.honesty.ui(ui, context.session, pointed, commands),
            ViewKind::Penalty => self.penalty.ui(ui, context, pointed, commands),
            ViewKind::Assumptions => self.assumptions.ui(ui, context, pointed, commands),
            ViewKind::Slice => self.slice.ui(ui, context, pointed, commands),
            ViewKind::Atlas => self.atlas.ui(ui, context, commands),
            ViewKind::Sweep => self.sweep.ui(ui, context, commands),
            ViewKind::Learned => self.learned.ui(ui, context.session, commands),
            ViewKind::Landscape | ViewKind::Levels => {}
        }
    }
}

//! The views of the runs that replace the landscape, except the levels.

use bilevel_figure::{
    AnatomyPicture, AssumptionsPicture, AtlasPicture, CompassPicture, FeasibilityPicture,
    LandscapePicture, LearnedPicture, LevelsPicture, PenaltyPicture, SlicePicture, SweepPicture,
    view,
};
use bilevel_figure::{View as _, ViewContext};
use bilevel_files::{ViewKind, ViewSpec};
use egui::Ui;

use super::anatomy::AnatomyView;
use super::assumptions::AssumptionsView;
use super::atlas::AtlasView;
use super::compass::CompassView;
use super::feasibility::FeasibilityView;
use super::hover::Pointed;
use super::learned::LearnedView;
use super::penalty::PenaltyView;
use super::plain::PlainView;
use super::slice::SliceView;
use super::sweep::SweepView;
use crate::app::background::Background;
use crate::app::command::CommandQueue;
use crate::app::paint::plot_view::Viewport;
use crate::app::session::Session;

/// The views that have controls of their own in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Landscape,
    Levels,
    Feasibility,
    Penalty,
    Assumptions,
    Slice,
    Atlas,
    Sweep,
    Learned,
    Anatomy,
    Compass,
}

impl Own {
    const ALL: [(Self, ViewKind); 11] = [
        (Self::Landscape, LandscapePicture::KIND),
        (Self::Levels, LevelsPicture::KIND),
        (Self::Feasibility, FeasibilityPicture::KIND),
        (Self::Penalty, PenaltyPicture::KIND),
        (Self::Assumptions, AssumptionsPicture::KIND),
        (Self::Slice, SlicePicture::KIND),
        (Self::Atlas, AtlasPicture::KIND),
        (Self::Sweep, SweepPicture::KIND),
        (Self::Learned, LearnedPicture::KIND),
        (Self::Anatomy, AnatomyPicture::KIND),
        (Self::Compass, CompassPicture::KIND),
    ];

    /// The view of a kind; `None` for one that is drawn by [`PlainView`].
    pub(crate) fn of(kind: ViewKind) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(_, own)| *own == kind);
        found.map(|(own, _)| own)
    }
}

/// The state of all views; only the one that is shown computes.
pub(crate) struct RunViews {
    feasibility: FeasibilityView,
    penalty: PenaltyView,
    assumptions: AssumptionsView,
    pub(crate) slice: SliceView,
    pub(crate) atlas: AtlasView,
    pub(crate) sweep: SweepView,
    pub(crate) learned: LearnedView,
    pub(crate) anatomy: AnatomyView,
    compass: CompassView,
    plain: PlainView,
}

impl RunViews {
    /// Starts the workers.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            feasibility: FeasibilityView::default(),
            penalty: PenaltyView::new(background),
            assumptions: AssumptionsView::new(background),
            slice: SliceView::new(background),
            learned: LearnedView::new(background),
            anatomy: AnatomyView::new(background),
            compass: CompassView::new(background),
            plain: PlainView::new(background),
            atlas: AtlasView::default(),
            sweep: SweepView::default(),
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.feasibility.reset();
        self.penalty.reset();
        self.assumptions.reset();
        self.slice.reset();
        self.atlas.reset();
        self.sweep.reset();
        self.learned.reset();
        self.anatomy.reset();
        self.compass.reset();
        self.plain.reset();
    }

    /// Applies the survey settings of a file.
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

    /// The number of starts along each axis of a survey view, if it is not the default.
    pub(crate) fn grid(&self, view: ViewKind) -> Option<usize> {
        let (side, usual) = match Own::of(view) {
            Some(Own::Atlas) => (self.atlas.side, AtlasView::default().side),
            Some(Own::Sweep) => (self.sweep.side, SweepView::default().side),
            _ => return None,
        };
        (side != usual).then_some(side)
    }

    /// True if a view is shown in full.
    pub(crate) fn is_settled(&self, view: ViewKind) -> bool {
        match Own::of(view) {
            Some(Own::Penalty) => self.penalty.is_settled(),
            Some(Own::Assumptions) => self.assumptions.is_settled(),
            Some(Own::Slice) => self.slice.is_settled(),
            Some(Own::Atlas) => self.atlas.is_settled(),
            Some(Own::Sweep) => self.sweep.is_settled(),
            Some(Own::Learned) => self.learned.is_settled(),
            Some(Own::Anatomy) => self.anatomy.is_settled(),
            Some(Own::Compass) => self.compass.is_settled(),
            Some(Own::Landscape | Own::Levels | Own::Feasibility) => true,
            None => self.plain.is_settled(),
        }
    }

    /// Sets the ranges of a view's figures.
    pub(crate) fn set_ranges(&mut self, view: ViewKind, ranges: &[Option<[[f64; 2]; 2]>]) {
        match Own::of(view) {
            Some(Own::Feasibility) => self.feasibility.set_ranges(ranges),
            Some(Own::Penalty) => self.penalty.set_ranges(ranges),
            Some(Own::Slice) => self.slice.set_ranges(ranges),
            Some(Own::Learned) => self.learned.set_ranges(ranges),
            None => self.plain.set_ranges(view, ranges),
            _ => {}
        }
    }

    /// The ranges of a view's figures that were panned or zoomed.
    pub(crate) fn ranges(&self, view: ViewKind) -> Vec<Option<[[f64; 2]; 2]>> {
        match Own::of(view) {
            Some(Own::Feasibility) => self.feasibility.ranges(),
            Some(Own::Penalty) => self.penalty.ranges(),
            Some(Own::Slice) => self.slice.ranges(),
            Some(Own::Learned) => self.learned.ranges(),
            Some(Own::Anatomy) => self.anatomy.ranges(),
            Some(Own::Compass) => self.compass.ranges(),
            None => self.plain.ranges(),
            _ => Vec::new(),
        }
    }

    /// The suggestions for a view and what it shows.
    pub(crate) fn hints(&self, view: ViewKind) -> &'static [[&'static str; 2]] {
        match Own::of(view) {
            Some(Own::Assumptions) => self.assumptions.hints(),
            _ => view.info().hints,
        }
    }

    /// Draws a view and queues what the user asks for. `viewport` is that of the plane.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        (kind, session): (ViewKind, &Session),
        context: ViewContext<'_>,
        (pointed, viewport): (&mut Pointed, &mut Viewport),
        commands: &mut CommandQueue,
    ) {
        let plane = (&mut *pointed, viewport);
        match Own::of(kind) {
            Some(Own::Feasibility) => self.feasibility.ui(ui, session, context, pointed, commands),
            Some(Own::Penalty) => self.penalty.ui(ui, session, context, plane, commands),
            Some(Own::Assumptions) => self.assumptions.ui(ui, session, context, plane, commands),
            Some(Own::Slice) => self.slice.ui(ui, session, context, pointed, commands),
            Some(Own::Atlas) => self.atlas.ui(ui, session, context, commands),
            Some(Own::Sweep) => self.sweep.ui(ui, session, context, commands),
            Some(Own::Learned) => self.learned.ui(ui, session, &context, commands),
            Some(Own::Anatomy) => self.anatomy.ui(ui, session, context, commands),
            Some(Own::Compass) => self.compass.ui(ui, session, context, pointed, commands),
            Some(Own::Landscape | Own::Levels) => {}
            None => {
                let plain = (session, view(kind));
                self.plain.ui(ui, plain, context, pointed, commands);
            }
        }
    }
}

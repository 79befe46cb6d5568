//! The views that stand in the landscape's place, but for the landscape itself and the levels: each is a room of its own.

use bilevel_figure::{Arrangement, Figure, Sheet, Theme};
use bilevel_files::{Ground, ViewSpec};
use egui::Ui;

use super::assumptions::AssumptionsView;
use super::atlas::AtlasView;
use super::honesty::HonestyView;
use super::hover::Pointed;
use super::learned::LearnedView;
use super::penalty::PenaltyView;
use super::seat::Seat;
use super::slice::SliceView;
use super::sweep::SweepView;
use crate::app::command::Command;
use crate::app::session::Session;

/// All of them; only the one that is shown works.
pub(crate) struct Rooms {
    honesty: HonestyView,
    pub(crate) penalty: PenaltyView,
    assumptions: AssumptionsView,
    pub(crate) slice: SliceView,
    pub(crate) atlas: AtlasView,
    pub(crate) sweep: SweepView,
    learned: LearnedView,
}

impl Rooms {
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
    pub(crate) fn grid(&self, ground: Ground) -> Option<usize> {
        let (side, usual) = match ground {
            Ground::Atlas => (self.atlas.side, AtlasView::default().side),
            Ground::Sweep => (self.sweep.side, SweepView::default().side),
            _ => return None,
        };
        (side != usual).then_some(side)
    }

    /// Whether what a view shows is as fine as it gets.
    pub(crate) fn is_settled(&self, ground: Ground) -> bool {
        match ground {
            Ground::Penalty => self.penalty.is_settled(),
            Ground::Assumptions => self.assumptions.is_settled(),
            Ground::Slice => self.slice.is_settled(),
            Ground::Atlas => self.atlas.is_settled(),
            Ground::Sweep => self.sweep.is_settled(),
            Ground::Learned => self.learned.is_settled(),
            Ground::Landscape | Ground::Levels | Ground::Honesty => true,
        }
    }

    /// The figures of a view as they are shown, for paper.
    pub(crate) fn figures<'a>(
        &mut self,
        ground: Ground,
        seat: Seat<'a, '_>,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        match ground {
            Ground::Honesty => self.honesty.figures(seat.session, theme).into(),
            Ground::Penalty => self.penalty.figures(seat, theme).into(),
            Ground::Assumptions => vec![self.assumptions.figure(seat, theme)],
            Ground::Slice => vec![self.slice.figure(seat, theme)],
            Ground::Atlas => self.atlas.figures(seat, theme),
            Ground::Sweep => self.sweep.figures(seat.session, theme),
            Ground::Learned => self.learned.figures(theme),
            Ground::Landscape | Ground::Levels => Vec::new(),
        }
    }

    /// A sheet as the view of its figures wants it: arranged, and with the view's own key.
    pub(crate) fn dressed<'a>(
        &self,
        ground: Ground,
        sheet: Sheet<'a>,
        session: &Session,
        theme: Theme,
    ) -> Sheet<'a> {
        match ground {
            Ground::Atlas => sheet
                .keyed(self.atlas.paper_key(session, theme))
                .arranged(self.atlas.arrangement()),
            Ground::Sweep => sheet.keyed(Vec::new()).arranged(Arrangement::Tiles),
            Ground::Learned => sheet
                .keyed(self.learned.key(session, theme))
                .arranged(Arrangement::Beside),
            _ => sheet,
        }
    }

    /// Draws a view and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        ground: Ground,
        seat: Seat<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        match ground {
            Ground::Honesty => self.honesty.ui(ui, seat.session, pointed, commands),
            Ground::Penalty => self.penalty.ui(ui, seat, pointed, commands),
            Ground::Assumptions => self.assumptions.ui(ui, seat, pointed, commands),
            Ground::Slice => self.slice.ui(ui, seat, pointed, commands),
            Ground::Atlas => self.atlas.ui(ui, seat, commands),
            Ground::Sweep => self.sweep.ui(ui, seat, commands),
            Ground::Learned => self.learned.ui(ui, seat.session, commands),
            Ground::Landscape | Ground::Levels => {}
        }
    }
}

//! From where a view of the runs is looked at: the session, and the plane that the landscape shows.

use bilevel::numerics::Point;
use bilevel::problem::Plane;
use bilevel::run::Points;
use bilevel_figure::landscape::Walk;

use crate::app::session::Session;
use crate::app::session::walks::walks;

/// What views of the runs share.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a, 'p> {
    pub(crate) session: &'a Session,
    pub(crate) plane: &'p Plane,
    /// Whose objective the landscape shows.
    pub(crate) level: usize,
}

impl<'a> Seat<'a, '_> {
    /// The starts; there is always one.
    pub(crate) fn starts(self) -> &'a [Point] {
        self.session.starts()
    }
}

/// The runs that are shown and whose every point is kept.
pub(crate) fn walked(session: &Session) -> Vec<Walk<'_>> {
    let mut walks = walks(session);
    walks.retain(|walk| walk.trace.kept() == Points::All);
    walks
}

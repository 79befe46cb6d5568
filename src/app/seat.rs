//! From where a view of the runs is looked at: the session, and the plane that the landscape shows.

use super::session::Session;
use super::walks::walks;
use crate::figure::landscape::Walk;
use crate::problem::{Plane, Point};
use crate::run::Points;

/// What views of the runs share.
#[derive(Clone, Copy)]
pub(super) struct Seat<'a, 'p> {
    pub(super) session: &'a Session,
    pub(super) plane: &'p Plane,
    /// Whose objective the landscape shows.
    pub(super) level: usize,
}

impl<'a> Seat<'a, '_> {
    /// The starts; there is always one.
    pub(super) fn starts(self) -> &'a [Point] {
        self.session.starts()
    }
}

/// The runs that are shown and whose every point is kept.
pub(super) fn walked(session: &Session) -> Vec<Walk<'_>> {
    let mut walks = walks(session);
    walks.retain(|walk| walk.trace.kept() == Points::All);
    walks
}

//! From where a view of the runs is looked at: the session, and the plane that the landscape shows.

use bilevel::numerics::Point;
use bilevel::problem::Plane;
use bilevel::run::Points;
use bilevel_figure::landscape::RunPath;

use crate::app::session::Session;
use crate::app::session::visible_runs::visible_runs;

/// What views of the runs share.
#[derive(Clone, Copy)]
pub(crate) struct ViewContext<'a, 'p> {
    pub(crate) session: &'a Session,
    pub(crate) plane: &'p Plane,
    /// Whose objective the landscape shows.
    pub(crate) level: usize,
}

impl<'a> ViewContext<'a, '_> {
    /// The starts; there is always one.
    pub(crate) fn starts(self) -> &'a [Point] {
        self.session.starts()
    }
}

/// The runs that are shown and whose every point is kept.
pub(crate) fn recorded_runs(session: &Session) -> Vec<RunPath<'_>> {
    let mut paths = visible_runs(session);
    paths.retain(|path| path.trace.kept() == Points::All);
    paths
}

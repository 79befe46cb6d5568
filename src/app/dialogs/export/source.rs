//! The contents that can be exported, and the parts of the window that they are made from.

use std::path::Path;

use bilevel::numerics::WorkToken;
use bilevel_figure::{
    AtlasPicture, Fineness, Page, PageSize, Proportion, RacePicture, SweepPicture, View as _,
    ViewContext, ViewError, on_page, page, view,
};
use bilevel_files::{Experiment, ViewKind};

use crate::app::messages;
use crate::app::session::Session;
use crate::app::views::run_views::RunViews;

/// The content of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportContent {
    /// The view of the runs.
    View(ViewKind),
    Race,
    Data,
    Experiment,
}

impl ExportContent {
    /// The possible contents while a view of the runs is shown: the data of other views may not have been computed.
    pub(super) const fn all(shown: ViewKind) -> [(Self, &'static str); 4] {
        [
            (Self::View(shown), shown.word()),
            (Self::Race, "race"),
            (Self::Data, "data"),
            (Self::Experiment, "experiment"),
        ]
    }

    pub(super) fn file_name(self) -> String {
        match self {
            Self::View(view) => format!("{}.svg", view.word()),
            Self::Race => "race.svg".to_owned(),
            Self::Data => "trace.csv".to_owned(),
            Self::Experiment => "experiment.toml".to_owned(),
        }
    }

    /// The proportion of the page that suits a picture; `None` for other contents.
    pub(super) fn proportion(self) -> Option<Proportion> {
        match self {
            Self::View(kind) => Some(view(kind).proportion()),
            Self::Race => Some(RacePicture::PROPORTION),
            Self::Data | Self::Experiment => None,
        }
    }

    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::View(_) | Self::Race => &["svg", "pdf", "png"],
            Self::Data => &["csv"],
            Self::Experiment => &["toml"],
        }
    }
}

/// The state of the window that can be saved.
pub(crate) struct ExportSource<'a> {
    /// The session, with the ranges of the view on the screen.
    pub(crate) context: ViewContext<'a>,
    pub(crate) session: &'a Session,
    pub(crate) run_views: &'a RunViews,
    /// The view that is shown.
    pub(crate) kind: ViewKind,
    /// The name under which the experiment was opened: a file or a preset.
    pub(crate) opened: &'a str,
}

impl<'a> ExportSource<'a> {
    /// The context of a page, which is part of the view.
    pub(super) fn context_on(&self, what: ExportContent, page_size: &PageSize) -> ViewContext<'a> {
        let view = match what {
            ExportContent::View(kind) => view(kind),
            _ => view(RacePicture::KIND),
        };
        let mut context = on_page(self.context.clone(), view, page_size);
        // the picture shows the playhead, playing or not
        context.view.figure.playhead = context.iteration;
        context
    }

    /// The page of the race or of a survey, whose data are already computed.
    pub(super) fn page_at_hand(
        &self,
        what: ExportContent,
        page_size: &PageSize,
    ) -> Option<Page<'a>> {
        let (context, theme) = (self.context_on(what, page_size), page_size.theme);
        match what {
            ExportContent::View(kind) if kind == AtlasPicture::KIND => {
                let data = self.run_views.atlas.data();
                Some(page::<AtlasPicture>(&context, data, theme))
            }
            ExportContent::View(kind) if kind == SweepPicture::KIND => {
                let data = self.run_views.sweep.data();
                Some(page::<SweepPicture>(&context, data, theme))
            }
            ExportContent::Race => {
                let lines = self.session.reference_lines().to_vec();
                Some(page::<RacePicture>(&context, &lines, theme))
            }
            _ => None,
        }
    }

    /// The page of any content, its data computed now if necessary.
    pub(super) fn page_now(
        &self,
        what: ExportContent,
        page_size: &PageSize,
        fineness: Fineness,
    ) -> Result<Page<'a>, ViewError> {
        let ExportContent::View(kind) = what else {
            return self
                .page_at_hand(what, page_size)
                .ok_or_else(|| ViewError::Unfit(messages::status::no_picture().to_owned()));
        };
        if let Some(page) = self.page_at_hand(what, page_size) {
            return Ok(page);
        }
        let view = view(kind);
        let context = self.context_on(what, page_size);
        let data = view
            .request(&context)?
            .compute(fineness, &WorkToken::default())?;
        Ok(view.page(&context, &data, page_size.theme))
    }
}

/// The text of an experiment; over the file that was opened, with its comments, order and spelling.
pub(super) fn experiment_text(experiment: &Experiment, path: &Path, opened: &str) -> String {
    let is_opened = match (path.canonicalize(), Path::new(opened).canonicalize()) {
        (Ok(path), Ok(opened)) => path == opened,
        _ => false,
    };
    match std::fs::read_to_string(path) {
        Ok(text) if is_opened => experiment.write_over(opened, &text),
        _ => experiment.write(),
    }
}

/// The rows of all runs as CSV, with the gaps known so far.
pub(super) fn data(session: &Session) -> Result<Vec<u8>, String> {
    let experiment = session.experiment();
    let failed = |error: csv::Error| error.to_string();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(bilevel_files::header(&**session.problem()))
        .map_err(failed)?;
    for run in session.slots().iter().flat_map(|slot| &slot.runs) {
        bilevel_files::write_rows(&mut writer, experiment, run.key, &run.trace).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

//! Views: pictures of an experiment's runs, one a file. The window, `figure --view` and exports use the same views.
//!
//! A view is a type with three functions: [`View::request`] describes the computation for a [`ViewContext`];
//! [`View::compute`] carries it out, on any thread; [`View::figures`] draws its data. A new view takes a file here and
//! a line in [`list`].

pub(crate) mod anatomy;
pub(crate) mod assumptions;
pub(crate) mod atlas;
pub(crate) mod compass;
pub(crate) mod context;
pub(crate) mod draw;
pub(crate) mod error;
pub(crate) mod feasibility;
pub(crate) mod landscape;
pub(crate) mod learned;
pub(crate) mod levels;
pub(crate) mod list;
pub(crate) mod note_pictures;
pub(crate) mod notes;
pub(crate) mod penalty;
pub(crate) mod race;
pub(crate) mod slice;
pub(crate) mod surrogate;
pub(crate) mod survey;
pub(crate) mod sweep;
pub(crate) mod undrawn_notes;

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel_files::{ViewInfo, ViewKind};

use self::context::ViewContext;
use self::error::ViewError;
use crate::messages;
use crate::{Figure, Page, Proportion, Theme, compose};

/// The fineness of a view's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fineness {
    /// A first, quick picture.
    Coarse,
    /// The picture of exports, and of the window at rest.
    Full,
}

/// A view: a request for data, their computation, and figures of them.
pub trait View: 'static {
    /// Id, title and options.
    const INFO: ViewInfo;
    /// A static reference to [`Self::INFO`].
    const REF: &'static ViewInfo = &Self::INFO;
    /// The kind of the view, which files and menus choose.
    const KIND: ViewKind = ViewKind::new(Self::REF);
    /// The proportion of a page that suits the figures.
    const PROPORTION: Proportion;
    /// The number of samples along an axis, coarse and full.
    const SAMPLES: [usize; 2] = [1, 1];

    /// True if the axes belong to the step at the playhead, and move with it.
    const HAS_AXES_OF_STEP: bool = false;

    /// The inputs of the data: equal requests have equal data.
    type Request: Clone + PartialEq + Send + 'static;
    /// The result of a request.
    type Data: Clone + Default + Send + 'static;

    /// Checks that the view applies to a problem.
    ///
    /// # Errors
    /// If it does not, with the requirement as a sentence without its full stop.
    fn needs(problem: &dyn Problem) -> Result<(), String> {
        let _ = problem;
        Ok(())
    }

    /// The request for a context.
    ///
    /// # Errors
    /// If the context has nothing to show, with the reason.
    fn request(context: &ViewContext<'_>) -> Result<Self::Request, ViewError>;

    /// Computes the data of a request with a number of samples. Parts that an earlier request shares may be taken from
    /// its data.
    ///
    /// # Errors
    /// If the data cannot be computed, with the reason.
    fn compute(
        request: &Self::Request,
        earlier: Option<(&Self::Request, &Self::Data)>,
        samples: usize,
        token: &WorkToken,
    ) -> Result<Self::Data, ViewError>;

    /// The figures of a context with its data.
    fn figures<'a>(context: &ViewContext<'a>, data: &Self::Data, theme: Theme) -> Vec<Figure<'a>>;

    /// The words of the axes of a figure, counted from 0, by which notes know them: they stay while the meaning of the axes
    /// stays.
    fn axis_words(context: &ViewContext<'_>, place: usize, figure: &Figure<'_>) -> [String; 2] {
        let _ = (context, place);
        notes::labels_of_axes(figure)
    }

    /// A sentence on the figures, which a screen shows above them.
    fn sentence(context: &ViewContext<'_>, data: &Self::Data) -> Option<String> {
        let _ = (context, data);
        None
    }

    /// Arranges the figures on their page, and replaces the legend if the view has its own.
    fn arrange<'a>(
        page: Page<'a>,
        context: &ViewContext<'a>,
        data: &Self::Data,
        theme: Theme,
    ) -> Page<'a> {
        let _ = (context, data, theme);
        page
    }

    /// The iteration that the figures show, which a page has in its corner: the chosen one, none at the end of the runs.
    fn said_iteration(context: &ViewContext<'_>, data: &Self::Data) -> Option<u64> {
        let _ = data;
        context.said_iteration()
    }
}

/// The figures of a view with its data, over the ranges of the screen, with the notes that are on them.
pub fn figures<'a, V: View>(
    context: &ViewContext<'a>,
    data: &V::Data,
    theme: Theme,
) -> Vec<Figure<'a>> {
    let mut figures = V::figures(context, data, theme);
    for (place, figure) in figures.iter_mut().enumerate() {
        if let Some([x, y]) = context.range(place) {
            (figure.x.range, figure.y.range) = (x, y);
        }
    }
    notes::add_notes::<V>(&mut figures, context);
    figures
}

/// The page of a view with its data, with the experiment in its metadata.
pub fn page<'a, V: View>(context: &ViewContext<'a>, data: &V::Data, theme: Theme) -> Page<'a> {
    let figures = figures::<V>(context, data, theme);
    let experiment = context.experiment_as_seen();
    let remark = context.iteration.map_or(String::new(), |iteration| {
        format!(", iteration {iteration}")
    });
    let is_shown = |slot: usize| !context.hidden.contains(&slot);
    let page = compose(&experiment, figures, is_shown, &remark, theme);
    let mut page = V::arrange(page, context, data, theme);
    page.iteration = V::said_iteration(context, data);
    // the legend is the same at every iteration, or the plots would move
    if context.has_unseen_rows() {
        let ended = self::figures::<V>(&context.at_end(), data, theme);
        return page.with_endings_of(&ended);
    }
    page.with_endings()
}

/// The data of any view, without their type.
pub type AnyData = Arc<dyn Any + Send + Sync>;

/// A request of any view, to be computed on any thread.
pub trait ViewJob: Send {
    /// True if the other request has the same data.
    fn is_same(&self, other: &dyn ViewJob) -> bool;

    /// Computes the data.
    ///
    /// # Errors
    /// If the data cannot be computed.
    fn compute(&self, fineness: Fineness, token: &WorkToken) -> Result<AnyData, ViewError>;

    /// Returns a copy.
    fn clone_box(&self) -> Box<dyn ViewJob>;

    /// The request itself, for [`is_same`](Self::is_same).
    fn as_any(&self) -> &dyn Any;
}

impl Clone for Box<dyn ViewJob> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// A view of the [list](list::VIEWS), without its types.
pub trait AnyView: Sync {
    /// Id, title and options.
    fn info(&self) -> &'static ViewInfo;

    /// The proportion of a page that suits the figures.
    fn proportion(&self) -> Proportion;

    /// See [`View::HAS_AXES_OF_STEP`].
    fn has_axes_of_step(&self) -> bool;

    /// See [`View::needs`].
    ///
    /// # Errors
    /// If the view does not apply to the problem.
    fn needs(&self, problem: &dyn Problem) -> Result<(), String>;

    /// The request for a context.
    ///
    /// # Errors
    /// If the problem or the context has nothing to show, with the reason.
    fn request(&self, context: &ViewContext<'_>) -> Result<Box<dyn ViewJob>, ViewError>;

    /// The figures of a context with the data of a request of the same view; none for the data of another view.
    fn figures<'a>(
        &self,
        context: &ViewContext<'a>,
        data: &AnyData,
        theme: Theme,
    ) -> Vec<Figure<'a>>;

    /// The sentence on the figures of a request's data.
    fn sentence(&self, context: &ViewContext<'_>, data: &AnyData) -> Option<String>;

    /// The page of a context with the data of a request of the same view.
    fn page<'a>(&self, context: &ViewContext<'a>, data: &AnyData, theme: Theme) -> Page<'a>;
}

/// A view as an entry of the list, without a value.
pub(crate) struct Listed<V>(PhantomData<fn() -> V>);

impl<V> Listed<V> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

struct Job<V: View>(V::Request);

impl<V: View> ViewJob for Job<V>
where
    V::Data: Sync,
{
    fn is_same(&self, other: &dyn ViewJob) -> bool {
        let other = other.as_any().downcast_ref::<V::Request>();
        other.is_some_and(|other| *other == self.0)
    }

    fn compute(&self, fineness: Fineness, token: &WorkToken) -> Result<AnyData, ViewError> {
        let samples = V::SAMPLES[usize::from(fineness == Fineness::Full)];
        Ok(Arc::new(V::compute(&self.0, None, samples, token)?))
    }

    fn clone_box(&self) -> Box<dyn ViewJob> {
        Box::new(Self(self.0.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}

impl<V: View> AnyView for Listed<V>
where
    V::Data: Sync,
{
    fn info(&self) -> &'static ViewInfo {
        V::REF
    }

    fn proportion(&self) -> Proportion {
        V::PROPORTION
    }

    fn has_axes_of_step(&self) -> bool {
        V::HAS_AXES_OF_STEP
    }

    fn needs(&self, problem: &dyn Problem) -> Result<(), String> {
        V::needs(problem)
    }

    fn request(&self, context: &ViewContext<'_>) -> Result<Box<dyn ViewJob>, ViewError> {
        V::needs(&**context.problem).map_err(|reason| {
            let problem = context.experiment.problem.entry.id;
            ViewError::Unfit(messages::unfit_view(V::INFO.id, &reason, problem))
        })?;
        Ok(Box::new(Job::<V>(V::request(context)?)))
    }

    fn figures<'a>(
        &self,
        context: &ViewContext<'a>,
        data: &AnyData,
        theme: Theme,
    ) -> Vec<Figure<'a>> {
        let data = data.downcast_ref::<V::Data>();
        data.map_or_else(Vec::new, |data| figures::<V>(context, data, theme))
    }

    fn sentence(&self, context: &ViewContext<'_>, data: &AnyData) -> Option<String> {
        V::sentence(context, data.downcast_ref::<V::Data>()?)
    }

    fn page<'a>(&self, context: &ViewContext<'a>, data: &AnyData, theme: Theme) -> Page<'a> {
        match data.downcast_ref::<V::Data>() {
            Some(data) => page::<V>(context, data, theme),
            None => page::<V>(context, &V::Data::default(), theme),
        }
    }
}

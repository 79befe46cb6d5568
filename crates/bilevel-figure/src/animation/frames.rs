//! The frames of an animation: the page of a view at each of its iterations, all of one size and with the same axes.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Problem;
use bilevel_files::{Experiment, FigureRanges, RunResult};
use rayon::prelude::*;

use super::error::AnimationError;
use crate::page::compose::PageError;
use crate::page::outlines::GlyphOutlines;
use crate::page::svg;
use crate::view::context::ViewContext;
use crate::view::draw::{on_page, weighed};
use crate::view::{AnyData, AnyView, Fineness, ViewJob};
use crate::{Format, Page, PageSize, Theme};

/// The subject of an animation: a view of the runs of an experiment.
#[derive(Clone, Copy)]
pub struct AnimationSubject<'a> {
    /// The view.
    pub view: &'a dyn AnyView,
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its problem.
    pub problem: &'a Arc<dyn Problem>,
    /// Its runs, which have ended.
    pub results: &'a [RunResult],
    /// The fineness of the view's data.
    pub fineness: Fineness,
}

impl AnimationSubject<'_> {
    /// The last iteration of all runs.
    pub fn end(&self) -> u64 {
        let ends = self.results.iter();
        let ends = ends.filter_map(|result| result.trace.last_iteration());
        ends.max().unwrap_or(0)
    }
}

/// The frames at some iterations, drawn on request.
pub struct Frames<'a> {
    subject: AnimationSubject<'a>,
    /// The runs with the experiment's weights of calls, where these are not the usual ones.
    weighed: Option<Vec<RunResult>>,
    starts: Vec<Point>,
    iterations: Vec<u64>,
    /// The data of each frame; frames with equal requests share them.
    data: Vec<AnyData>,
    /// The ranges of figures that would change from frame to frame.
    ranges: Vec<Option<FigureRanges>>,
    page_size: PageSize,
}

impl<'a> Frames<'a> {
    /// Computes the data of the frames, and the page and the axes that all of them have. `advance` is called for each
    /// frame, on any thread.
    ///
    /// # Errors
    /// If the view does not apply, or a frame does not fit on the page.
    pub fn new(
        subject: AnimationSubject<'a>,
        page_size: PageSize,
        iterations: Vec<u64>,
        (token, advance): (&WorkToken, &(dyn Fn() + Sync)),
    ) -> Result<Self, AnimationError> {
        let mut frames = Self {
            weighed: weighed(subject.experiment, subject.results),
            starts: subject.experiment.start_points(&**subject.problem),
            subject,
            data: Vec::new(),
            iterations,
            ranges: Vec::new(),
            page_size,
        };
        frames.data = frames.computed(token, advance)?;
        frames.ranges = frames.common_ranges();
        frames.page_size = frames.common_page(token)?;
        Ok(frames)
    }

    /// The iterations.
    pub fn iterations(&self) -> &[u64] {
        &self.iterations
    }

    /// The page of all frames.
    pub fn page_size(&self) -> &PageSize {
        &self.page_size
    }

    /// The same frames at another resolution.
    pub(crate) fn set_resolution(&mut self, dpi: f32) {
        self.page_size.dpi = dpi;
    }

    /// The same frames in another theme.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.page_size.theme = theme;
    }

    /// The lines of a frame inside of an SVG document, with the glyphs that they use.
    pub(crate) fn svg_lines(&self, place: usize, glyphs: &mut GlyphOutlines) -> Vec<String> {
        self.with_page(place, |page| svg::lines(page, &self.page_size, glyphs))
    }

    /// Keeps some of the frames, by their places.
    pub(crate) fn retain(&mut self, places: &[usize]) {
        self.iterations = places.iter().map(|place| self.iterations[*place]).collect();
        self.data = places
            .iter()
            .map(|place| Arc::clone(&self.data[*place]))
            .collect();
    }

    /// Draws one frame as the bytes of a format.
    ///
    /// # Errors
    /// If the page cannot be made.
    pub fn frame(&self, place: usize, format: Format) -> Result<Vec<u8>, PageError> {
        let page_size = self.page_size;
        self.with_page(place, |page| page.file(&page_size, format))
    }

    /// The experiment of the frames, without an iteration.
    pub(crate) fn experiment_text(&self) -> String {
        let mut experiment = self.experiment_at(0);
        experiment.view.figure.playhead = None;
        format!(
            "# Bilevel Lab {}\n{}",
            env!("CARGO_PKG_VERSION"),
            experiment.write()
        )
    }

    /// The experiment of a frame: `figure` draws the frame from it.
    fn experiment_at(&self, place: usize) -> Experiment {
        let mut experiment = self.subject.experiment.clone();
        let figure = &mut experiment.view.figure;
        figure.playhead = self.iterations.get(place).copied();
        if self.ranges.iter().any(Option::is_some) {
            let info = self.subject.view.info();
            if info.is_beside {
                figure.race_ranges.clone_from(&self.ranges);
            } else {
                figure.figure_ranges.clone_from(&self.ranges);
                experiment.view.kind = Some(bilevel_files::ViewKind::new(info));
            }
        }
        experiment
    }

    fn results(&self) -> &[RunResult] {
        self.weighed.as_deref().unwrap_or(self.subject.results)
    }

    /// Lends the context of a frame.
    fn with_context<T>(&self, place: usize, work: impl FnOnce(&ViewContext<'_>) -> T) -> T {
        let experiment = self.experiment_at(place);
        let context = ViewContext::of_results(
            &experiment,
            self.subject.problem,
            &self.starts,
            self.results(),
        );
        work(&on_page(context, self.subject.view, &self.page_size))
    }

    /// Lends the page of a frame.
    fn with_page<T>(&self, place: usize, work: impl FnOnce(&Page<'_>) -> T) -> T {
        self.with_context(place, |context| {
            let view = self.subject.view;
            work(&view.page(context, &self.data[place], self.page_size.theme))
        })
    }

    /// The data of all frames.
    fn computed(
        &self,
        token: &WorkToken,
        advance: &(dyn Fn() + Sync),
    ) -> Result<Vec<AnyData>, AnimationError> {
        let view = self.subject.view;
        // the job of each frame, by its place among the different ones
        let mut jobs: Vec<Box<dyn ViewJob>> = Vec::new();
        let mut places = Vec::new();
        for place in 0..self.iterations.len() {
            let job = self.with_context(place, |context| view.request(context))?;
            if jobs.last().is_none_or(|last| !last.is_same(&*job)) {
                jobs.push(job);
            }
            places.push(jobs.len() - 1);
        }
        let computed = jobs.into_par_iter().map(|job| {
            if token.is_cancelled() {
                return Err(AnimationError::Cancelled);
            }
            let data = job.compute(self.subject.fineness, token)?;
            advance();
            Ok(data)
        });
        let computed = computed.collect::<Result<Vec<AnyData>, _>>()?;
        if token.is_cancelled() {
            return Err(AnimationError::Cancelled); // data may be halves
        }
        let data = places.into_iter().map(|place| Arc::clone(&computed[place]));
        Ok(data.collect())
    }

    /// The ranges that hold those of every frame, for figures whose ranges would change; `None` where the axes belong to the
    /// step that is shown.
    fn common_ranges(&self) -> Vec<Option<FigureRanges>> {
        let view = self.subject.view;
        let mut common: Vec<Option<FigureRanges>> = Vec::new();
        let mut is_moving: Vec<bool> = Vec::new();
        if view.has_axes_of_step() {
            return common;
        }
        for place in 0..self.iterations.len() {
            let theme = self.page_size.theme;
            let ranges: Vec<FigureRanges> = self.with_context(place, |context| {
                let figures = view.figures(context, &self.data[place], theme);
                figures
                    .iter()
                    .map(|figure| [figure.x.range, figure.y.range])
                    .collect()
            });
            for (figure, ranges) in ranges.into_iter().enumerate() {
                if figure == common.len() {
                    common.push(Some(ranges));
                    is_moving.push(false);
                } else if let Some(Some(known)) = common.get_mut(figure)
                    && *known != ranges
                {
                    for ([low, high], [lower, higher]) in known.iter_mut().zip(ranges) {
                        (*low, *high) = (low.min(lower), high.max(higher));
                    }
                    is_moving[figure] = true;
                }
            }
        }
        for (ranges, is_moving) in common.iter_mut().zip(is_moving) {
            if !is_moving {
                *ranges = None;
            }
        }
        while common.last() == Some(&None) {
            common.pop();
        }
        common
    }

    /// The page on which every frame fits, with its height given.
    fn common_page(&self, token: &WorkToken) -> Result<PageSize, AnimationError> {
        let fitted = (0..self.iterations.len()).into_par_iter().map(|place| {
            if token.is_cancelled() {
                return Err(AnimationError::Cancelled);
            }
            let fitted = self.with_page(place, |page| page.fitted(&self.page_size));
            Ok(fitted.map_err(PageError::from)?)
        });
        let fitted = fitted.collect::<Result<Vec<PageSize>, _>>()?;
        let heights = fitted.iter().map(|page| page.height_mm);
        Ok(PageSize {
            height_mm: heights.fold(0.0, f32::max),
            is_height_free: false,
            ..self.page_size
        })
    }
}

//! The document of a report: its parts in one HTML page, which asks the network for nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bilevel::numerics::WorkToken;
use sha2::{Digest as _, Sha256};

use super::escape::{escaped, plain};
use super::sections::{
    Subject, experiment_section, figure_section, results_section, scrubber, settings_section,
};
use super::themed::ThemeColours;
use super::timeline::merged;
use crate::animation::error::AnimationError;
use crate::animation::frames::{AnimationSubject, Frames};
use crate::animation::schedule::{Speed, frame_iterations};
use crate::page::outlines::GlyphOutlines;
use crate::view::error::ViewError;
use crate::view::list::{suited_view, view};
use crate::view::race::RacePicture;
use crate::view::{AnyView, View as _};
use crate::{Letters, PageParts, PageSize, Theme};

/// The number of iterations at which the figures can be looked at.
const PLACES: usize = 24;
/// The width of a figure in millimetres and the size of its text in points: the text is as large as that of the page.
const WIDTH_MM: f32 = 172.0;
const FONT_PT: f32 = 8.5;
/// The style of the page, without the colours of figures.
const STYLE: &str = include_str!("report.css");
/// The script of the scrubber.
const SCRIPT: &str = include_str!("report.js");

/// Makes the report of an experiment whose runs have ended, as one HTML page.
///
/// # Errors
/// If no figure can be drawn, or the work is cancelled.
pub fn report(subject: &Subject<'_>, token: &WorkToken) -> Result<String, AnimationError> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = subject.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool
        .thread_name(|number| format!("report-{number}"))
        .build()?;
    pool.install(|| report_here(subject, token))
}

fn report_here(subject: &Subject<'_>, token: &WorkToken) -> Result<String, AnimationError> {
    let experiment = subject.experiment;
    let kind = experiment.view.kind;
    let first = view(kind.unwrap_or_else(|| suited_view(&**subject.problem)));
    let mut figures = FigureMaker::default();
    let mut body = String::new();
    let mut iterations = Vec::new();
    for view in [first, view(RacePicture::KIND)] {
        match figures.figure(subject, view, token) {
            Ok((svg, at)) => {
                body.push_str(&figure_section(view, &svg));
                iterations = at;
            }
            // the race is always there
            Err(AnimationError::View(ViewError::Unfit(_))) if !view.info().is_beside => {}
            Err(error) => return Err(error),
        }
    }
    let body = format!(
        "{}{}{body}</section>\n{}{}{}",
        super::sections::header(subject),
        scrubber(&iterations),
        results_section(subject),
        settings_section(subject),
        experiment_section(subject),
    );
    let style = format!("{}{}{}", colour_variables(), STYLE, figures.colours.style());
    Ok(page(
        subject,
        &style,
        (&figures.glyphs.definitions(), &body),
    ))
}

/// The whole document. The hashes allow this style and this script alone.
fn page(subject: &Subject<'_>, style: &str, (glyphs, body): (&str, &str)) -> String {
    let title = if subject.experiment.title.is_empty() {
        escaped(subject.name)
    } else {
        plain(&subject.experiment.title)
    };
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"Bilevel Lab {}\">\n\
         <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <svg class=\"glyphs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n{glyphs}</defs></svg>\n\
         {body}<script>{SCRIPT}</script>\n</body>\n</html>\n",
        hash(style),
        hash(SCRIPT),
        env!("CARGO_PKG_VERSION"),
    )
}

/// The colours of the themes as variables of the style.
fn colour_variables() -> String {
    let of = |theme: Theme| {
        let roles = theme.roles();
        [
            ("ground", roles.plot),
            ("text", roles.text),
            ("weak", roles.text_weak),
            ("line", roles.separator),
            ("accent", roles.ink),
        ]
        .map(|(name, colour)| {
            let [red, green, blue] = colour.rgb;
            format!("--{name}:#{red:02x}{green:02x}{blue:02x}")
        })
        .join(";")
    };
    format!(
        ":root{{color-scheme:light dark;{}}}\n@media (prefers-color-scheme: dark) {{\n:root{{{}}}\n}}\n",
        of(Theme::Light),
        of(Theme::Dark)
    )
}

/// The parts that all figures of a page share.
#[derive(Default)]
struct FigureMaker {
    colours: ThemeColours,
    glyphs: GlyphOutlines,
    count: usize,
}

impl FigureMaker {
    /// A view at several iterations as one element, and these iterations.
    fn figure(
        &mut self,
        subject: &Subject<'_>,
        view: &dyn AnyView,
        token: &WorkToken,
    ) -> Result<(String, Vec<u64>), AnimationError> {
        let animated = AnimationSubject {
            view,
            experiment: subject.experiment,
            problem: subject.problem,
            results: subject.results,
            fineness: subject.fineness,
        };
        let iterations = frame_iterations(animated.end(), PLACES, Speed::Log);
        let page_size = page_size(view);
        let mut frames = Frames::new(animated, page_size, iterations, (token, &|| {}))?;
        self.count += 1;
        let prefix = format!("f{}-", self.count);
        let mut drawn = [Vec::new(), Vec::new()];
        for (theme, drawn) in [Theme::Light, Theme::Dark].into_iter().zip(&mut drawn) {
            frames.set_theme(theme);
            for place in 0..frames.iterations().len() {
                if token.is_cancelled() {
                    return Err(AnimationError::Cancelled);
                }
                drawn.push(frames.svg_lines(place, &mut self.glyphs));
            }
        }
        let [light, dark] = drawn;
        let pairs = light.iter().zip(&dark);
        let themed: Vec<Vec<String>> = pairs
            .map(|(light, dark)| {
                let lines = self.colours.lines(light, dark).into_iter();
                lines.map(|line| with_prefix(&line, &prefix)).collect()
            })
            .collect();
        let [width, height] = frames.page_size().units();
        let title = escaped(view.info().title);
        let svg = format!(
            "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n{}</svg>\n",
            merged(&themed)
        );
        Ok((svg, frames.iterations().to_vec()))
    }
}

/// The page of a figure: without a title, which the document has, and with the document's background.
fn page_size(view: &dyn AnyView) -> PageSize {
    PageSize {
        width_mm: WIDTH_MM,
        height_mm: view.proportion().height_mm(WIDTH_MM, FONT_PT),
        font_pt: FONT_PT,
        letters: Letters::Outlines,
        parts: PageParts {
            has_title: false,
            has_legend: true,
            has_background: false,
        },
        ..crate::default_page_size(view)
    }
}

/// A line of a figure with its own names of clips: those of several figures must not collide.
fn with_prefix(line: &str, prefix: &str) -> String {
    if line.starts_with("<clipPath") || line.starts_with("<g clip-path") {
        line.replace("id=\"clip", &format!("id=\"{prefix}clip"))
            .replace("url(#clip", &format!("url(#{prefix}clip"))
    } else {
        line.to_owned()
    }
}

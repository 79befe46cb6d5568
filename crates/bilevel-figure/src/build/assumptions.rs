//! The assumption map: the region in which the innermost Hessian is positive definite, and the methods that need it
//! there.

use std::sync::Arc;

use bilevel::method::{Inverse, MethodInfo};
use bilevel::problem::Metadata;
use bilevel::study::{Grid, Visit};

use super::contour::contour;
use super::landscape::{Backdrop, LandscapeData, RunPath, landscape};
use crate::{Figure, Layer, Theme};

/// Curvature at or below this share of the largest on the map counts as zero.
const SINGULAR: f64 = 1e-9;

/// Map of the smallest eigenvalue of the innermost Hessian, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct CurvatureMap {
    /// The smallest eigenvalue; `None` until it is sampled.
    grid: Option<Arc<Grid>>,
    /// The limit at or below which the eigenvalue counts as not positive.
    least: f64,
    /// The border, on which the eigenvalue is at the limit.
    border: Arc<Vec<Vec<[f64; 2]>>>,
    /// The reaction curve.
    backdrop: Backdrop,
}

impl CurvatureMap {
    /// The map of a sampled eigenvalue, with the reaction curve.
    pub fn new(grid: Grid, track: Vec<Vec<[f64; 2]>>) -> Self {
        let sizes = grid.values.iter().map(|value| value.abs());
        let least = SINGULAR * sizes.filter(|size| size.is_finite()).fold(0.0, f64::max);
        Self {
            border: Arc::new(contour(&grid, least)),
            least,
            backdrop: Backdrop {
                track: Arc::new(track),
                ..Backdrop::default()
            },
            grid: Some(Arc::new(grid)),
        }
    }

    /// The share of the map on which the Hessian is not positive definite; `None` before it is sampled.
    pub fn hatched(&self) -> Option<f64> {
        let grid = self.grid.as_ref()?;
        let known = grid.values.iter().filter(|value| value.is_finite());
        let (mut all, mut hatched) = (0_usize, 0_usize);
        for value in known {
            all += 1;
            hatched += usize::from(*value <= self.least);
        }
        (all > 0).then(|| hatched as f64 / all as f64)
    }
}

/// A visible method, with the definiteness of the Hessian at its iterates.
#[derive(Clone, Copy, Debug)]
pub struct MethodIterates<'a> {
    /// The method.
    pub entry: &'a MethodInfo,
    /// Its name in the experiment.
    pub label: &'a str,
    /// The iterates up to the playhead, counted by the definiteness of their Hessians.
    pub visit: Visit,
    /// True if the run has failed at the playhead's iterate.
    pub has_failed: bool,
}

/// True if a method inverts the innermost Hessian.
pub fn needs_definite(entry: &MethodInfo) -> bool {
    entry.needs.inverse != Inverse::Never
}

/// The meaning of the map for the visible methods in words, and true if it is a warning.
pub fn verdict(places: &[MethodIterates<'_>]) -> (String, bool) {
    let needy = || places.iter().filter(|place| needs_definite(place.entry));
    let names = |those: Vec<&MethodIterates<'_>>| {
        let names: Vec<String> = those
            .iter()
            .map(|place| place.label.replace('$', ""))
            .collect();
        match &names[..] {
            [] => String::new(),
            [one] => one.clone(),
            [others @ .., last] => format!("{} and {last}", others.join(", ")),
        }
    };
    if needy().next().is_none() {
        let words = "No visible method needs a positive definite Hessian of the follower.";
        return (words.to_owned(), false);
    }
    let now: Vec<_> = needy().filter(|place| place.visit.is_inside).collect();
    let before: Vec<_> = needy()
        .filter(|place| !place.visit.is_inside && place.visit.inside > 0)
        .collect();
    let mut sentences = Vec::new();
    if let Some(first) = now.first() {
        let stand = if now.len() == 1 { "is" } else { "are" };
        let assumes = first.entry.assumes.trim_end_matches('.');
        sentences.push(format!(
            "{} {stand} in the hatched area, which violates an assumption: {}.",
            names(now.clone()),
            lowered(assumes)
        ));
    }
    if !before.is_empty() {
        let inside: usize = before.iter().map(|place| place.visit.inside).sum();
        let of: usize = before.iter().map(|place| place.visit.of).sum();
        sentences.push(format!(
            "{} crossed it: {inside} of {of} sampled iterates.",
            names(before)
        ));
    }
    let failed: Vec<_> = needy()
        .filter(|place| place.has_failed && place.visit.inside == 0)
        .collect();
    if !failed.is_empty() {
        sentences.push(format!(
            "{} failed, though no iterate lies in the hatched area: the Hessian is evaluated after the inner steps.",
            names(failed)
        ));
    }
    if sentences.is_empty() {
        let has = if needy().count() == 1 {
            "needs"
        } else {
            "need"
        };
        sentences.push(format!(
            "{} {has} a positive definite Hessian of the follower and found one at every iterate so far.",
            names(needy().collect())
        ));
    }
    (sentences.join(" "), !now.is_empty())
}

/// A sentence with its first letter in lower case, to be embedded in another.
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// The map over a plane, with runs on it; `sentence`, if given, is written into the picture.
pub fn assumptions<'a>(
    subject: LandscapeData<'_>,
    map: &CurvatureMap,
    sentence: Option<String>,
    range: [[f64; 2]; 2],
    (paths, theme): (&[RunPath<'a>], Theme),
) -> Figure<'a> {
    let metadata = subject.metadata;
    let mut figure = landscape(subject, &map.backdrop, range, paths, theme);
    "**Assumptions**".clone_into(&mut figure.title);
    figure.subtitle = meaning(metadata, map);
    // beneath the runs, and over the limits of the box
    let mut layers = Vec::new();
    if let Some(grid) = &map.grid {
        layers.push(Layer::Hatch {
            grid: Arc::clone(grid),
            least: map.least,
        });
        layers.push(Layer::Border {
            lines: Arc::clone(&map.border),
            label: "singular".to_owned(),
        });
    }
    let first = figure.layers.len().min(2);
    figure.layers.splice(first..first, layers);
    figure.layers.extend(sentence.map(Layer::Sentence));
    figure
}

fn meaning(metadata: &Metadata, map: &CurvatureMap) -> String {
    let last = metadata.shape().levels();
    let hessian = format!(
        "$∇^2_{} {}$",
        metadata.symbols[last - 1],
        metadata.objective(last)
    );
    match map.hatched() {
        None => "the smallest eigenvalue is being computed".to_owned(),
        Some(0.0) => format!("{hessian} is positive definite everywhere in this picture"),
        Some(1.0) => format!("{hessian} is positive definite nowhere in this picture"),
        Some(_) => format!("hatched: {hessian} is not positive definite"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::method::find;

    #[test]
    fn only_methods_that_invert_the_hessian_are_named() {
        let place = |id: &str, label: &'static str, inside, is_inside| MethodIterates {
            entry: find(id).expect("the method ships"),
            label,
            visit: Visit {
                of: 10,
                inside,
                is_inside,
            },
            has_failed: false,
        };
        let bome = place("bome", "BOME", 5, true);
        let (words, is_warning) = verdict(&[bome]);
        assert!(
            words.starts_with("No visible method") && !is_warning,
            "{words}"
        );
        let (words, is_warning) = verdict(&[bome, place("aid-cg", "CG", 0, false)]);
        assert!(words.starts_with("CG needs") && !is_warning, "{words}");
        let (words, is_warning) = verdict(&[bome, place("aid-cg", "CG", 3, false)]);
        assert!(words.contains("3 of 10") && !is_warning, "{words}");
        let failed = MethodIterates {
            has_failed: true,
            ..place("aid-cg", "CG", 0, false)
        };
        let (words, _) = verdict(&[failed]);
        assert!(words.starts_with("CG failed"), "{words}");
        let both = [
            place("aid-cg", "CG", 3, true),
            place("implicit", "exact", 1, true),
        ];
        let (words, is_warning) = verdict(&both);
        assert!(
            words.starts_with("CG and exact are in") && is_warning,
            "{words}"
        );
        assert!(!words.contains("BOME"));
    }

    #[test]
    fn a_map_is_hatched_where_the_eigenvalue_is_not_positive() {
        let map = |values: Vec<f64>| {
            let grid = Grid {
                x: [0.0, 1.0],
                y: [0.0, 1.0],
                columns: 2,
                values,
            };
            CurvatureMap::new(grid, Vec::new())
        };
        assert_eq!(map(vec![1.0; 4]).hatched(), Some(0.0));
        assert_eq!(map(vec![0.0; 4]).hatched(), Some(1.0));
        assert_eq!(map(vec![1.0, -1.0, 1.0, -1.0]).hatched(), Some(0.5));
        assert_eq!(map(vec![f64::NAN; 4]).hatched(), None);
        assert_eq!(CurvatureMap::default().hatched(), None);
        assert_eq!(map(vec![1.0, -1.0, 1.0, -1.0]).border.len(), 1);
    }
}

//! The pictures of a view that notes can be on, and the reasons why these do not show a note.

use bilevel_files::{Experiment, PictureNote};

use super::AnyView;
use crate::model::annotation::PictureKey;
use crate::{Axis, Figure, Layer, messages};

/// A note that is not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndrawnNote {
    /// Its number among the notes of the experiment, from 1.
    pub number: usize,
    /// The reason in words.
    pub reason: String,
}

/// The notes on a view that its figures do not show: these are on other axes, or not there, or the text is outside of their
/// ranges.
pub(crate) fn notes_off(
    experiment: &Experiment,
    view: &dyn AnyView,
    figures: &[Figure<'_>],
) -> Vec<UndrawnNote> {
    let pictures = Pictures::Known(known_pictures(figures));
    let notes = experiment.view.notes.iter().enumerate();
    let own = notes.filter(|(_, note)| view.info().is_named(note.view.word()));
    own.filter_map(|(place, note)| {
        Some(UndrawnNote {
            number: place + 1,
            reason: pictures.reason_against(note)?,
        })
    })
    .collect()
}

/// The pictures of a view.
pub(crate) enum Pictures {
    /// The problem does not offer the view, for a reason in words.
    None(String),
    /// Those that notes can be on.
    Known(Vec<KnownPicture>),
    /// Other steps of a run have other pictures, or they could not be computed.
    Unknown,
}

/// A picture that notes can be on.
pub(crate) struct KnownPicture {
    pub(crate) key: PictureKey,
    /// The ranges of its axes; `None` where a page shows more of them, or more iterations have others.
    pub(crate) ranges: Option<[AxisRange; 2]>,
}

/// The part of an axis that is shown.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct AxisRange {
    ends: [f64; 2],
    /// True if values at or below 0 have a place of their own.
    has_gutter: bool,
}

impl AxisRange {
    fn of(axis: &Axis) -> Self {
        Self {
            ends: axis.range,
            has_gutter: axis.has_gutter,
        }
    }

    fn shows(&self, value: f64) -> bool {
        let [low, high] = self.ends;
        (self.has_gutter && value <= 0.0) || (low <= value && value <= high)
    }
}

impl Pictures {
    /// The reason in words why none of the pictures has a note.
    pub(crate) fn reason_against(&self, note: &PictureNote) -> Option<String> {
        let word = note.view.word();
        match self {
            Self::Unknown => None,
            Self::None(reason) => Some(reason.clone()),
            Self::Known(pictures) => {
                let mut pictures = pictures.iter();
                let own = pictures.find(|picture| picture.key.figure == note.figure);
                let Some(own) = own else {
                    return Some(messages::no_such_picture(word, note.figure));
                };
                let has_other_axes = note.axes.as_ref().is_some_and(|axes| *axes != own.key.axes);
                if has_other_axes {
                    return Some(messages::other_axes(word, note.figure, &own.key.axes));
                }
                let ranges = own.ranges?;
                let beyond = (0..2).find(|&axis| !ranges[axis].shows(note.at[axis]));
                beyond.map(|axis| {
                    let name = own.key.axes[axis].as_str();
                    messages::outside_of_range(name, note.at[axis], ranges[axis].ends)
                })
            }
        }
    }
}

/// The pictures among figures that notes can be on.
pub(crate) fn known_pictures(figures: &[Figure<'_>]) -> Vec<KnownPicture> {
    let known = figures.iter().filter_map(|figure| {
        let key = figure.layers.iter().find_map(|layer| match layer {
            Layer::Annotations(all) => Some(all.picture.clone()),
            _ => None,
        });
        Some(KnownPicture {
            key: key?,
            // with units of one length a page may show more
            ranges: (!figure.is_equal).then(|| [&figure.x, &figure.y].map(AxisRange::of)),
        })
    });
    known.collect()
}

//! The notes of an experiment on the figures of a view.

use bilevel_files::PictureNote;

use super::View;
use super::context::ViewContext;
use crate::model::annotation::{Annotation, Annotations, PictureKey};
use crate::{Figure, Layer, RichText};

/// Adds to each figure with axes a layer with the notes that are on it, none included: it names the figure's place.
pub(crate) fn add_notes<V: View>(figures: &mut [Figure<'_>], context: &ViewContext<'_>) {
    let notes = &context.view.notes;
    for (place, figure) in figures.iter_mut().enumerate() {
        if !figure.has_axes {
            continue;
        }
        let picture = PictureKey {
            view: V::KIND,
            figure: place + 1,
            axes: V::axis_words(context, place, figure),
        };
        let is_here = |note: &PictureNote| note.is_on(V::REF, picture.figure, &picture.axes);
        let here = notes.iter().enumerate().filter(|(_, note)| is_here(note));
        let notes = here.map(|(number, note)| Annotation {
            number,
            at: note.at,
            text: note.text.clone(),
            arrow: note.arrow,
        });
        let notes = notes.collect();
        figure
            .layers
            .push(Layer::Annotations(Annotations { picture, notes }));
    }
}

/// The labels of a figure's axes in plain text, by which notes know them where the view has no words of its own.
pub(crate) fn labels_of_axes(figure: &Figure<'_>) -> [String; 2] {
    [&figure.x, &figure.y].map(|axis| RichText::parse(&axis.label).plain())
}

//! The guesses of a prediction in the landscape: a mark each and, once the end is shown, a line to it.

use bilevel::problem::Coordinate;
use bilevel_figure::{Figure, Layer, Symbol};

use crate::app::session::Session;
use crate::app::session::prediction::{Guess, Prediction};

/// Adds the guesses that were placed in this plane to its picture.
pub(crate) fn draw_guesses(
    figure: &mut Figure<'_>,
    (prediction, session): (&Prediction, &Session),
    plane: [Coordinate; 2],
) {
    let end = prediction.end(session, plane);
    for it in &prediction.guesses {
        let Guess::Place { axes, at } = it.guess else {
            continue;
        };
        if axes != plane {
            continue;
        }
        if let Some(end) = end {
            figure.layers.push(Layer::Guide(vec![at, end]));
        }
        figure.layers.push(Layer::Mark {
            at,
            symbol: Symbol::Guess,
            label: it.initials.clone(),
        });
    }
}

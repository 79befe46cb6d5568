//! The changes of a prediction.

use bilevel::problem::Coordinate;

/// The question that guesses answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PredictedQuestion {
    /// The place in the landscape at which a method ends.
    #[default]
    End,
    /// The order of the methods by the reduced objective at their ends.
    Order,
    /// The method of each curve, which has a letter in place of its name.
    Curves,
}

/// A change of the prediction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PredictionChange {
    SetQuestion(PredictedQuestion),
    /// Ask another question although the names of the methods are shown then.
    AskInstead(PredictedQuestion),
    /// The method whose end is asked for, by its label.
    SetMethod(String),
    SetHidesOptimum(bool),
    SetInitials(String),
    /// Add a mark in the landscape.
    Place {
        axes: [Coordinate; 2],
        at: [f64; 2],
    },
    /// Add a method, by its label, to the order that is being made.
    AddToOrder(String),
    /// Begin the order anew.
    ClearOrder,
    /// Assign a method, by its label, to a letter, counted from 0; `None` for no method.
    SetOwner {
        letter: usize,
        method: Option<String>,
    },
    /// Put the letters in another order.
    Shuffle {
        seed: u64,
    },
    /// Add the methods that are assigned to letters as a guess.
    AddOwners,
    /// Remove a guess, counted from 0.
    Remove(usize),
    Reveal,
    /// End the prediction although the names of the methods are shown then.
    End,
}

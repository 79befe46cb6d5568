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
}

/// A change of the prediction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PredictionChange {
    SetQuestion(PredictedQuestion),
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
    /// Remove a guess, counted from 0.
    Remove(usize),
    Reveal,
}

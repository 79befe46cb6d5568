//! The referee's evaluation of a row of a trace.

/// The referee's evaluation of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The value gap of the innermost level; NaN if none was found.
    pub gap: f64,
    /// The reduced objective φ(x); NaN if no lower-level solution was found.
    pub reduced: f64,
    /// The distance to the nearest known global optimum; NaN if none is known.
    pub distance: f64,
    /// The value gap of the level whose gap is the largest share of its objective's span; NaN if one of the gaps was
    /// not found.
    pub largest: f64,
    /// That gap as a share of the span.
    pub share: f64,
    /// The level of that gap; 0 if it is not known.
    pub level: usize,
}

impl Judgement {
    /// The judgement of a row whose point was not kept.
    pub const NONE: Self = Self {
        gap: f64::NAN,
        reduced: f64::NAN,
        distance: f64::NAN,
        largest: f64::NAN,
        share: f64::NAN,
        level: 0,
    };
}

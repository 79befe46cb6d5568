//! Fill of an area of a map.

use super::style::Colour;

/// A colour with an optional hatch, for an area of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The fill.
    pub colour: Colour,
    /// The hatch over it.
    pub hatch: Option<Colour>,
}

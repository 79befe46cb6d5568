//! What is kept of a picture's lines from one frame to the next, so that a long record is not read again to be drawn as before.

use super::model::{Line, Source};
use super::sampling::Cuts;

/// The lines that one picture had in its last frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    known: Vec<(Source, Cuts)>,
    /// Those of the frame that is being drawn.
    used: Vec<(Source, Cuts)>,
}

impl Memory {
    /// What is known of a line; nothing for one without a source.
    pub(super) fn take(&mut self, line: &Line<'_>) -> Cuts {
        let place = line.source.and_then(|source| {
            let mut known = self.known.iter();
            known.position(|(known, _)| *known == source)
        });
        place.map_or_else(Cuts::default, |place| self.known.swap_remove(place).1)
    }

    /// Keeps what is known of a line until the next frame.
    pub(super) fn keep(&mut self, line: &Line<'_>, cuts: Cuts) {
        if let Some(source) = line.source {
            self.used.push((source, cuts));
        }
    }

    /// Forgets the lines that the frame did not have.
    pub(super) fn end_frame(&mut self) {
        self.known = std::mem::take(&mut self.used);
    }
}

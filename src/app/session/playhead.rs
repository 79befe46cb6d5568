//! The playhead: the iteration that all views show.

/// The speeds of the playhead: 1 plays a whole experiment in half a minute.
pub(crate) const SPEEDS: [f64; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 16.0];

/// Seconds that an experiment takes at speed 1.
const WHOLE: f64 = 30.0;

/// A position in outer iterations that time moves while it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Playhead {
    position: f64,
    /// True if it moves with time.
    pub(crate) is_playing: bool,
    /// A factor from [`SPEEDS`].
    pub(crate) speed: f64,
}

impl Default for Playhead {
    fn default() -> Self {
        Self {
            position: 0.0,
            is_playing: true,
            speed: 1.0,
        }
    }
}

impl Playhead {
    /// The iteration shown.
    pub(crate) fn iteration(&self) -> u64 {
        self.position as u64
    }

    /// Moves to an iteration and stops there.
    pub(crate) fn seek(&mut self, iteration: u64) {
        self.position = iteration as f64;
        self.is_playing = false;
    }

    /// Starts to play, from the beginning if it stands at the end.
    pub(crate) fn play(&mut self, end: u64) {
        if self.position >= end as f64 {
            self.position = 0.0;
        }
        self.is_playing = true;
    }

    /// Moves to the beginning, playing or not as before.
    pub(crate) fn rewind(&mut self) {
        self.position = 0.0;
    }

    /// Lets `seconds` pass. The playhead waits for runs that are computed only up to `computed`, and stops at `end`.
    pub(crate) fn pass(&mut self, seconds: f64, computed: u64, end: u64) {
        if !self.is_playing {
            return;
        }
        let rate = self.speed * end as f64 / WHOLE;
        // a stalled window must not make the playhead jump
        let moved = self.position + rate * seconds.min(0.1);
        self.position = moved
            .min(computed as f64)
            .max(self.position.min(end as f64));
        if self.position >= end as f64 {
            self.position = end as f64;
            self.is_playing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_playhead_waits_for_the_slowest_run_and_stops_at_the_end() {
        let mut playhead = Playhead::default();
        playhead.pass(0.1, 5, 3000);
        assert_eq!(playhead.iteration(), 5, "only five iterations are computed");
        for _ in 0..1000 {
            playhead.pass(0.1, 3000, 3000);
        }
        assert_eq!((playhead.iteration(), playhead.is_playing), (3000, false));
        playhead.play(3000);
        assert_eq!((playhead.iteration(), playhead.is_playing), (0, true));
    }

    #[test]
    fn seeking_stops_and_a_stalled_window_does_not_leap() {
        let mut playhead = Playhead::default();
        playhead.seek(100);
        playhead.pass(10.0, 3000, 3000);
        assert_eq!(playhead.iteration(), 100);
        playhead.play(3000);
        playhead.pass(100.0, 3000, 3000);
        assert_eq!(playhead.iteration(), 110);
    }
}

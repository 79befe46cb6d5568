//! The playhead: the iteration that all views show.

use super::course::Course;

/// The speeds of the playhead: 1 plays a whole experiment in 20 seconds.
pub(crate) const SPEEDS: [f64; 8] = [0.05, 0.25, 0.5, 1.0, 2.0, 4.0, 16.0, 100.0];

/// Seconds that an experiment takes at speed 1.
const WHOLE: f64 = 20.0;

/// A position in outer iterations that time moves while it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Playhead {
    position: f64,
    /// True if it moves with time.
    pub(crate) is_playing: bool,
    /// A factor from [`SPEEDS`].
    pub(crate) speed: f64,
    /// The first and the last iteration of the part that is played again and again; `None` for the whole, once.
    pub(crate) range: Option<[u64; 2]>,
}

impl Default for Playhead {
    fn default() -> Self {
        Self {
            position: 0.0,
            is_playing: true,
            speed: 1.0,
            range: None,
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
        let [first, last] = self.range.unwrap_or([0, end]);
        if self.position >= last.min(end) as f64 {
            self.position = first as f64;
        }
        self.is_playing = true;
    }

    /// Moves to the beginning, playing or not as before.
    pub(crate) fn rewind(&mut self) {
        self.position = 0.0;
    }

    /// Lets `seconds` pass: the playhead moves evenly along its course. It waits for runs that are computed only up to
    /// `computed`, and stops at `end`.
    pub(crate) fn pass(&mut self, seconds: f64, computed: u64, end: u64, course: &Course<'_>) {
        if !self.is_playing {
            return;
        }
        // a stalled window must not make the playhead jump
        let moved = course.share(self.position) + self.speed * seconds.min(0.1) / WHOLE;
        let moved = course.iteration(moved);
        self.position = moved
            .min(computed as f64)
            .max(self.position.min(end as f64));
        if let Some([first, last]) = self.range
            && self.position >= last.min(end) as f64
        {
            self.position = first as f64;
            return;
        }
        if self.position >= end as f64 {
            self.position = end as f64;
            self.is_playing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel_figure::AxisScale;

    #[test]
    fn the_playhead_waits_for_the_slowest_run_and_stops_at_the_end() {
        let mut playhead = Playhead::default();
        let course = Course::of_iterations(3000, AxisScale::Linear);
        playhead.pass(0.1, 5, 3000, &course);
        assert_eq!(playhead.iteration(), 5, "only five iterations are computed");
        for _ in 0..1000 {
            playhead.pass(0.1, 3000, 3000, &course);
        }
        assert_eq!((playhead.iteration(), playhead.is_playing), (3000, false));
        playhead.play(3000);
        assert_eq!((playhead.iteration(), playhead.is_playing), (0, true));
    }

    #[test]
    fn seeking_stops_and_a_stalled_window_does_not_leap() {
        let mut playhead = Playhead::default();
        playhead.seek(100);
        let course = Course::of_iterations(3000, AxisScale::Linear);
        playhead.pass(10.0, 3000, 3000, &course);
        assert_eq!(playhead.iteration(), 100);
        playhead.play(3000);
        playhead.pass(100.0, 3000, 3000, &course);
        assert_eq!(playhead.position.round(), 115.0);
    }

    #[test]
    fn a_range_is_played_again_and_again() {
        let mut playhead = Playhead {
            range: Some([10, 40]),
            ..Playhead::default()
        };
        let course = Course::of_iterations(100, AxisScale::Linear);
        playhead.seek(35);
        playhead.play(100);
        assert_eq!(playhead.iteration(), 35);
        let mut seen = Vec::new();
        for _ in 0..200 {
            playhead.pass(0.1, 100, 100, &course);
            seen.push(playhead.iteration());
        }
        assert!(playhead.is_playing);
        assert!(seen.iter().all(|it| (10..40).contains(it)), "{seen:?}");
        let rounds = seen.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(rounds > 1, "{seen:?}");
        // beyond the range, it begins at its start
        playhead.seek(90);
        playhead.play(100);
        assert_eq!(playhead.iteration(), 10);
    }

    #[test]
    fn each_decade_of_a_logarithmic_axis_plays_as_long() {
        let mut playhead = Playhead::default();
        let course = Course::of_iterations(9_999, AxisScale::Log);
        let mut seen = Vec::new();
        for _ in 0..4 {
            for _ in 0..50 {
                playhead.pass(0.1, 9_999, 9_999, &course);
            }
            seen.push(playhead.position.round());
        }
        assert_eq!(seen, [9.0, 99.0, 999.0, 9_999.0], "five seconds each");
    }
}

//! The iterations of the frames of an animation, and the time that each is shown.

/// The speed of an animation over the iterations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Each decade of iterations takes about the same time.
    #[default]
    Log,
    /// Each iteration takes the same time.
    Even,
}

impl Speed {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Log, Self::Even];

    /// The word on the command line and in the window.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Even => "even",
        }
    }
}

/// The times of an animation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// The most frames; fewer where the runs have fewer iterations.
    pub frames: usize,
    /// The frames in a second.
    pub fps: f64,
    /// The seconds of all frames, which then decide on the frames in a second.
    pub seconds: Option<f64>,
    /// The speed over the iterations.
    pub speed: Speed,
    /// The seconds that the last frame stays before the next round, besides its own time.
    pub repeat_delay: f64,
    /// The number of rounds; 0 without end.
    pub loops: u16,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            frames: 60,
            fps: 10.0,
            seconds: None,
            speed: Speed::Log,
            repeat_delay: 1.0,
            loops: 0,
        }
    }
}

impl Timing {
    /// The least and the greatest number of frames.
    pub const FRAMES: [usize; 2] = [2, 5_000];
    /// The least and the greatest number of frames in a second.
    pub const FPS: [f64; 2] = [0.1, 100.0];
    /// The least and the greatest number of seconds.
    pub const SECONDS: [f64; 2] = [0.1, 600.0];

    /// The times of the frames that there are.
    pub(crate) fn of_frames(self, frames: usize) -> Self {
        let fps = self
            .seconds
            .map_or(self.fps, |seconds| frames as f64 / seconds);
        Self {
            frames,
            fps,
            ..self
        }
    }

    /// The same duration with another number of frames.
    pub(crate) fn with_frames(self, frames: usize, present: usize) -> Self {
        Self {
            frames,
            fps: self.fps * frames as f64 / present as f64,
            ..self
        }
    }

    /// The seconds of a round of some frames.
    pub fn seconds(&self, frames: usize) -> f64 {
        frames as f64 / self.fps + self.repeat_delay
    }

    /// The times of the frames in units of a share of a second, such as 100 for hundredths. Roundings do not add up.
    pub(crate) fn delays(&self, frames: usize, units: f64) -> Vec<u16> {
        let until = |frame: usize| (frame as f64 / self.fps * units).round();
        let mut delays: Vec<f64> = (0..frames)
            .map(|frame| until(frame + 1) - until(frame))
            .collect();
        if let Some(last) = delays.last_mut() {
            *last += (self.repeat_delay * units).round();
        }
        // a float becomes the nearest number that fits
        delays.into_iter().map(|delay| delay as u16).collect()
    }
}

/// The iterations of the frames, from 0 to the end, each once: `frames` of them, or all if there are fewer.
pub fn frame_iterations(end: u64, frames: usize, speed: Speed) -> Vec<u64> {
    let frames = frames.max(2) as u64;
    if frames > end {
        return (0..=end).collect();
    }
    let mut iterations = vec![0];
    for left in (1..frames).rev() {
        let last = iterations.last().copied().unwrap_or(0);
        let next = match speed {
            Speed::Even => last as f64 + (end - last) as f64 / left as f64,
            // equal ratios on the rest of the way; where they are shorter than an iteration, one iteration
            Speed::Log => {
                let ratio = (end + 1) as f64 / (last + 1) as f64;
                (last + 1) as f64 * ratio.powf(1.0 / left as f64) - 1.0
            }
        };
        iterations.push((next.round() as u64).clamp(last + 1, end + 1 - left));
    }
    iterations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_iteration_is_a_frame_at_most_once_and_both_ends_are_there() {
        for end in [1, 2, 7, 59, 60, 61, 200, 10_000, 3_000_000_000] {
            for frames in [2, 3, 24, 60, 500] {
                for speed in Speed::ALL {
                    let found = frame_iterations(end, frames, speed);
                    assert_eq!(found.len() as u64, (frames as u64).min(end + 1));
                    assert!(found.is_sorted_by(|a, b| a < b), "{found:?}");
                    assert_eq!((found[0], found.last()), (0, Some(&end)));
                }
            }
        }
        assert_eq!(frame_iterations(0, 60, Speed::Log), [0]);
    }

    #[test]
    fn decades_take_about_the_same_time_and_even_steps_are_equal() {
        let log = frame_iterations(99_999, 101, Speed::Log);
        for decade in [100, 1_000, 10_000] {
            let within = log.iter().filter(|k| (decade..10 * decade).contains(*k));
            assert!((20..=30).contains(&within.count()), "{log:?}");
        }
        let even = frame_iterations(1_000, 11, Speed::Even);
        assert_eq!(even, (0..=10).map(|k| 100 * k).collect::<Vec<_>>());
    }

    #[test]
    fn rounded_times_add_up_and_the_last_frame_stays() {
        let timing = Timing {
            fps: 12.0,
            repeat_delay: 1.5,
            ..Timing::default()
        };
        let delays = timing.delays(60, 100.0);
        assert_eq!(
            delays.iter().map(|&delay| u64::from(delay)).sum::<u64>(),
            650
        );
        assert_eq!(delays[59], 158);
        assert!(delays[..59].iter().all(|delay| [8, 9].contains(delay)));
    }
}

//! The state of a run: running, or its reason to end.

/// The state of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The run has not ended.
    Running,
    /// A stop rule holds, named in the sentence.
    Converged(String),
    /// All iterations are done.
    Budget,
    /// A variable became too large or is not a number; the sentence names it, the iteration and a setting to try.
    Diverged(String),
    /// The run was stopped, by the time limit or from outside.
    Stopped(String),
    /// The method cannot continue, or the program failed; the sentence gives the reason.
    Failed(String),
}

impl Status {
    /// The word in files.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Converged(_) => "converged",
            Self::Budget => "budget",
            Self::Diverged(_) => "diverged",
            Self::Stopped(_) => "stopped",
            Self::Failed(_) => "failed",
        }
    }

    /// The sentence that goes with the word; empty if there is none.
    pub fn message(&self) -> &str {
        match self {
            Self::Running | Self::Budget => "",
            Self::Converged(message)
            | Self::Diverged(message)
            | Self::Stopped(message)
            | Self::Failed(message) => message,
        }
    }

    /// True if the run has not ended.
    pub fn is_running(&self) -> bool {
        *self == Self::Running
    }

    /// True if the run diverged or failed.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Diverged(_) | Self::Failed(_))
    }
}

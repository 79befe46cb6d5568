//! Every way a run can stand or end.

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It goes on.
    Running,
    /// A stop rule holds; the sentence says which.
    Converged(String),
    /// All iterations are done.
    Budget,
    /// A variable became too large or is no number; the sentence says which, when, and what to try.
    Diverged(String),
    /// It was stopped, by the time limit or from outside.
    Stopped(String),
    /// The method cannot go on, or the program failed; the sentence says why.
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

    /// The sentence that goes with the word; empty where there is nothing to say.
    pub fn message(&self) -> &str {
        match self {
            Self::Running | Self::Budget => "",
            Self::Converged(message)
            | Self::Diverged(message)
            | Self::Stopped(message)
            | Self::Failed(message) => message,
        }
    }

    /// Whether the run goes on.
    pub fn is_running(&self) -> bool {
        *self == Self::Running
    }

    /// Whether the run ended badly.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Diverged(_) | Self::Failed(_))
    }
}

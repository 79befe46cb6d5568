//! Parts of a survey, for machines that share the work.

use crate::messages;

/// One of `of` parts of a survey: every `of`-th run, from the `number`-th on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Number of the part, from 1.
    pub number: usize,
    /// The number of parts.
    pub of: usize,
}

impl Shard {
    /// The maximum number of parts.
    pub const MOST: usize = 100_000;
    /// The whole as one part.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// The indices of the part's runs, out of `total`.
    pub fn runs(self, total: usize) -> impl Iterator<Item = usize> {
        (self.number - 1..total).step_by(self.of)
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            Some(Self {
                number: number.trim().parse().ok()?,
                of: of.trim().parse().ok()?,
            })
        });
        match parts {
            Some(shard) if (1..=shard.of).contains(&shard.number) && shard.of <= Self::MOST => {
                Ok(shard)
            }
            _ => Err(messages::surveys::wrong_shard(text, Self::MOST)),
        }
    }
}

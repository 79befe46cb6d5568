//! What kinds of data a parameter may name, and the words for what ships.

use std::sync::Arc;

use super::idx::DataError;
use super::libsvm::{SparseSet, TOPICS};
use super::set::{DataSet, SHIPPED};

/// A kind of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Labelled images.
    Images,
    /// Sparse rows with a class each.
    Sparse,
}

impl Form {
    /// The words for what ships.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Images => &[SHIPPED],
            Self::Sparse => &[TOPICS],
        }
    }

    /// What may be given, in words.
    pub fn expected(self) -> String {
        let words: Vec<String> = self
            .words()
            .iter()
            .map(|word| format!("{word:?}"))
            .collect();
        let elsewhere = match self {
            Self::Images => "a folder",
            Self::Sparse => "the path of a file in the format of LIBSVM",
        };
        format!("{} or {elsewhere}", words.join(" or "))
    }

    /// Reads what is no word for data that ship.
    pub fn read(self, path: &str) -> Result<Data, DataError> {
        Ok(match self {
            Self::Images => Data::Images(Arc::new(DataSet::read(path)?)),
            Self::Sparse => Data::Sparse(Arc::new(SparseSet::read(path)?)),
        })
    }
}

/// Data that were read.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Labelled images.
    Images(Arc<DataSet>),
    /// Sparse rows.
    Sparse(Arc<SparseSet>),
}

impl Data {
    /// Their kind.
    pub const fn form(&self) -> Form {
        match self {
            Self::Images(_) => Form::Images,
            Self::Sparse(_) => Form::Sparse,
        }
    }

    /// The folder or the file that they were read from.
    pub fn name(&self) -> &str {
        match self {
            Self::Images(set) => set.name(),
            Self::Sparse(set) => set.name(),
        }
    }
}

//! What kinds of data a parameter may name, and the words for what ships.

use std::sync::Arc;

use super::idx::DataError;
use super::libsvm::{SparseSet, TOPICS};
use super::set::{DataSet, SHIPPED};
use super::table::{DataTable, SHIPPED_TABLES};

/// A kind of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// Labelled images.
    Images,
    /// A table of features with a target.
    Table,
    /// Sparse rows with a class each.
    Sparse,
}

impl DataKind {
    /// The words for what ships.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Images => &[SHIPPED],
            Self::Table => SHIPPED_TABLES,
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
            Self::Table => "the path of a CSV file",
            Self::Sparse => "the path of a file in the format of LIBSVM",
        };
        format!("{} or {elsewhere}", words.join(" or "))
    }

    /// Reads what is no word for data that ship.
    pub fn read(self, path: &str) -> Result<Data, DataError> {
        Ok(match self {
            Self::Images => Data::Images(Arc::new(DataSet::read(path)?)),
            Self::Table => Data::Table(Arc::new(DataTable::read(path)?)),
            Self::Sparse => Data::Sparse(Arc::new(SparseSet::read(path)?)),
        })
    }
}

/// Data that were read.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Labelled images.
    Images(Arc<DataSet>),
    /// A table.
    Table(Arc<DataTable>),
    /// Sparse rows.
    Sparse(Arc<SparseSet>),
}

impl Data {
    /// Their kind.
    pub const fn form(&self) -> DataKind {
        match self {
            Self::Images(_) => DataKind::Images,
            Self::Table(_) => DataKind::Table,
            Self::Sparse(_) => DataKind::Sparse,
        }
    }

    /// The folder or the file that they were read from.
    pub fn name(&self) -> &str {
        match self {
            Self::Images(set) => set.name(),
            Self::Table(table) => table.name(),
            Self::Sparse(set) => set.name(),
        }
    }
}

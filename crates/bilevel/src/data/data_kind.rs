//! Kinds of data that a parameter may name, and the words for built-in data.

use std::sync::Arc;

use super::idx::DataError;
use super::libsvm::{SparseSet, TOPICS};
use super::set::{DataSet, SHIPPED};
use super::table::{DataTable, SHIPPED_TABLES};
use crate::messages;

/// A kind of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// Labelled images.
    Images,
    /// A table of features with a target.
    Table,
    /// Sparse rows with a class each.
    Sparse,
    /// Samples of dense features with a class each: labelled images, or a table.
    Samples,
}

impl DataKind {
    /// The words for the built-in data of this kind.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Images | Self::Samples => &[SHIPPED],
            Self::Table => SHIPPED_TABLES,
            Self::Sparse => &[TOPICS],
        }
    }

    /// The accepted values of a parameter, in words.
    pub fn expected(self) -> String {
        let words: Vec<String> = self
            .words()
            .iter()
            .map(|word| format!("{word:?}"))
            .collect();
        let words = messages::settings::alternatives(&words);
        match self {
            Self::Images => messages::data::word_or_folder(&words),
            Self::Table => messages::data::word_or_csv_file(&words),
            Self::Sparse => messages::data::word_or_libsvm_file(&words),
            Self::Samples => messages::data::word_or_folder_or_table(&words),
        }
    }

    /// Reads data from a path, which is none of the words for built-in data.
    pub fn read(self, path: &str) -> Result<Data, DataError> {
        Ok(match self {
            Self::Table => Data::Table(Arc::new(DataTable::read(path)?)),
            Self::Sparse => Data::Sparse(Arc::new(SparseSet::read(path)?)),
            Self::Samples if is_file(path) => Data::Table(Arc::new(DataTable::read(path)?)),
            Self::Images | Self::Samples => Data::Images(Arc::new(DataSet::read(path)?)),
        })
    }

    /// True if data are of this kind.
    pub const fn holds(self, data: &Data) -> bool {
        matches!(
            (self, data),
            (Self::Images | Self::Samples, Data::Images(_))
                | (Self::Table | Self::Samples, Data::Table(_))
                | (Self::Sparse, Data::Sparse(_))
        )
    }
}

/// True for a path of anything but a folder.
fn is_file(path: &str) -> bool {
    let path = std::path::Path::new(path);
    path.exists() && !path.is_dir()
}

/// Data of one of the kinds.
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
    /// The same data under another name, such as their path beside a file of an experiment.
    pub fn named(self, name: &str) -> Self {
        match self {
            Self::Images(set) => Self::Images(Arc::new(Arc::unwrap_or_clone(set).named(name))),
            Self::Table(table) => Self::Table(Arc::new(Arc::unwrap_or_clone(table).named(name))),
            Self::Sparse(set) => Self::Sparse(Arc::new(Arc::unwrap_or_clone(set).named(name))),
        }
    }

    /// The folder or the file from which they were read, from the folder of the process.
    pub fn path(&self) -> &str {
        match self {
            Self::Images(set) => set.path(),
            Self::Table(table) => table.path(),
            Self::Sparse(set) => set.path(),
        }
    }

    /// The name by which a file of an experiment calls them.
    pub fn name(&self) -> &str {
        match self {
            Self::Images(set) => set.name(),
            Self::Table(table) => table.name(),
            Self::Sparse(set) => set.name(),
        }
    }
}

//! Data sets: labelled images, sparse samples and tables of numbers, from files or built in. Independent of problems.
//!
//! Only this module and the reader of experiments read files; a problem receives a set that is complete and checked.

mod data_kind;
mod idx;
mod libsvm;
mod set;
mod source;
mod table;
mod table_choice;
mod table_layout;

pub use data_kind::{Data, DataKind};
pub use idx::DataError;
pub use libsvm::{SparseError, SparseRows, SparseSet, TOPICS};
pub use set::{CLASSES, DataSet, Images, SHIPPED};
pub use table::{DataTable, SHIPPED_TABLES, TableColumn, TableError};
pub use table_choice::{ChoiceError, ChosenTable, ColumnChoice, MissingCells, TableChoice};

pub use crate::messages::excerpt::{brief_number, excerpt, plain_excerpt};

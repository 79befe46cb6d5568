//! DATA: sets of labelled images, of sparse samples and tables of numbers, from files or from what ships. Knows nothing of problems.
//!
//! Files are read here and by the reader of experiments only; a problem is handed a set that is complete and checked.

mod data_kind;
mod idx;
mod libsvm;
mod set;
mod table;

pub use data_kind::{Data, DataKind};
pub use idx::DataError;
pub use libsvm::{SparseError, SparseRows, SparseSet, TOPICS};
pub use set::{CLASSES, DataSet, Images, SHIPPED};
pub use table::{DataTable, SHIPPED_TABLES, TableError};

//! DATA: sets of labelled images and of sparse samples, from files or from what ships. Knows nothing of problems.
//!
//! Files are read here and by the reader of experiments only; a problem is handed a set that is complete and checked.

mod form;
mod idx;
mod libsvm;
mod set;

pub use form::{Data, Form};
pub use idx::DataError;
pub use libsvm::{SparseError, SparseRows, SparseSet, TOPICS};
pub use set::{CLASSES, DataSet, Images, SHIPPED};

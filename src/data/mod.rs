//! DATA: sets of labelled images, from the standard files in a folder or from what ships. Knows nothing of problems.
//!
//! Files are read here and by the reader of experiments only; a problem is handed a set that is complete and checked.

mod idx;
mod set;

pub use idx::DataError;
pub use set::{CLASSES, DataSet, Images, SHIPPED};

//! Data sets: labelled images, sparse samples and tables of numbers, from files or built in. Independent of problems.
//!
//! Only this module and the reader of experiments read files; a problem receives a set that is complete and checked.

mod data_kind;
mod idx;
mod libsvm;
mod part_sizes;
mod set;
mod source;
mod table;
mod table_choice;
mod table_constants;
mod table_layout;
mod table_scale;

pub use data_kind::{Data, DataKind};
pub use idx::DataError;
pub use libsvm::{SparseError, SparseRows, SparseSet, TOPICS};
pub(crate) use part_sizes::{PartSize, part_sizes};
pub use set::{CLASSES, DataSet, Images, SHIPPED};
pub use table::{DataTable, SHIPPED_TABLES, TableColumn, TableError};
pub use table_choice::{ChoiceError, ChosenTable, ColumnChoice, MissingCells, TableChoice};
pub use table_constants::{ConstantColumns, RowPart, TableConstant, TablePreparation, TableScale};
pub(crate) use table_constants::{
    ConstantSource, PreparedTables, TableConstantError, TableNumbers, prepare_tables,
};
pub(crate) use table_scale::{ScaledBy, ScaledTable, scale_words, table_words};

pub use crate::messages::counted::counted;
pub use crate::messages::excerpt::{brief_number, excerpt, plain_excerpt};

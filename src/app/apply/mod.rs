//! Carrying out commands, and undo.

pub(crate) mod commands;
pub(crate) mod own_formulas;
pub(crate) mod undo;
pub(crate) mod view_state;

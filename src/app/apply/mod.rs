//! The one place where commands change anything, and undo.

pub(crate) mod carry_out;
pub(crate) mod own_formulas;
pub(crate) mod undo;
pub(crate) mod view_state;

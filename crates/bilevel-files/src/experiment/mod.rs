//! Experiments as plain data, their files, and the plans made from them.

pub(super) mod family_tree;
pub(super) mod figure_spec;
pub(super) mod file;
pub(super) mod forks;
pub(super) mod letters;
pub(super) mod model;
pub(super) mod picture_note;
pub(super) mod plan;
pub(super) mod setting_change;
pub(super) mod share;
pub(super) mod sweep_axis;

//! The benchmarks that ship, one a file, and the lists that everything else is made from.

pub(super) mod learning;
pub(super) mod multilevel;
pub(super) mod planar;
pub(super) mod toys;
pub(super) mod typed;

use super::Entry;

/// Every small benchmark that ships, in the order of lists and menus: class by class, as [`Class::ALL`](super::Class::ALL) has them. Those that
/// learn from data are in [`LEARNING`](learning::LEARNING).
pub const PROBLEMS: &[Entry] = &[
    toys::coreset::ENTRY,
    toys::minimax::ENTRY,
    toys::degenerate::ENTRY,
    toys::quadratic::ENTRY,
    planar::ls_3_2::ENTRY,
    planar::henderson_quandt::ENTRY,
    planar::mb_3_10::ENTRY,
    toys::valleys::ENTRY,
    toys::pbgd::ENTRY,
    planar::sinresp::ENTRY,
    planar::rastrigin_response::ENTRY,
    planar::tanh_doublewell::ENTRY,
    planar::two_basin_ridge::ENTRY,
    planar::mirrlees::ENTRY,
    planar::cusp_jump::ENTRY,
    planar::mb_3_11::ENTRY,
    planar::mb_3_13::ENTRY,
    planar::mb_3_14::ENTRY,
    planar::mb_3_15::ENTRY,
    planar::mb_3_16::ENTRY,
    planar::mb_3_18::ENTRY,
    planar::mb_3_20::ENTRY,
    planar::mb_3_21::ENTRY,
    toys::sine::ENTRY,
    planar::iaptt_sin::ENTRY,
    planar::bda_counterexample::ENTRY,
    planar::mb_3_12::ENTRY,
    planar::mb_3_17::ENTRY,
    planar::mb_3_19::ENTRY,
    planar::mb_3_24::ENTRY,
    multilevel::stackelberg::ENTRY,
    multilevel::chain::ENTRY,
    multilevel::tri_attack::ENTRY,
    multilevel::tri_log::ENTRY,
    multilevel::tri_sin::ENTRY,
    multilevel::tri_cosresp::ENTRY,
    multilevel::tsg_quadratic::ENTRY,
    multilevel::tsg_quartic::ENTRY,
];

/// The problem whose formulas are typed; in lists it stands at the end. Its model is in its settings: [`Settings::model`](super::Settings::model).
pub const FORMULA: &Entry = &typed::ENTRY;

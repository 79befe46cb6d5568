//! The benchmarks that ship, one per file, and the lists of them.

mod keys;
pub(super) mod learning;
pub(super) mod multilevel;
pub(super) mod planar;
pub(super) mod toys;
pub(super) mod typed;

use super::ProblemInfo;

/// All small benchmarks that ship, in the order of lists and menus: class by class, as in
/// [`Class::ALL`](super::Class::ALL). Learning problems are in [`LEARNING`](learning::LEARNING).
pub const PROBLEMS: &[ProblemInfo] = &[
    toys::coreset::INFO,
    toys::minimax::INFO,
    toys::degenerate::INFO,
    toys::quadratic::INFO,
    planar::ls_3_2::ENTRY,
    planar::henderson_quandt::ENTRY,
    planar::mb_3_10::ENTRY,
    toys::valleys::INFO,
    toys::pbgd::INFO,
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
    toys::sine::INFO,
    planar::iaptt_sin::ENTRY,
    planar::bda_counterexample::ENTRY,
    planar::mb_3_12::ENTRY,
    planar::mb_3_17::ENTRY,
    planar::mb_3_19::ENTRY,
    planar::mb_3_24::ENTRY,
    multilevel::stackelberg::INFO,
    multilevel::chain::INFO,
    multilevel::tri_attack::INFO,
    multilevel::tri_log::INFO,
    multilevel::tri_sin::INFO,
    multilevel::tri_cosresp::INFO,
    multilevel::tsg_quadratic::INFO,
    multilevel::tsg_quartic::INFO,
];

/// The problem with typed formulas; it stands at the end of lists. Its model is in its settings:
/// [`Settings::model`](super::Settings::model).
pub const FORMULA: &ProblemInfo = &typed::ENTRY;

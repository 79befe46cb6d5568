//! Numbers and vectors: scalars with derivatives, points in blocks, minimizers and roots. Independent of problems.

pub(crate) mod cancel;
pub(crate) mod differences;
pub(crate) mod features;
pub(crate) mod in_box;
pub(crate) mod lbfgs;
pub(crate) mod nilpotent;
pub(crate) mod point;
pub(crate) mod poles;
pub(crate) mod roots;
pub(crate) mod rounded;
pub(crate) mod scalar;
pub(crate) mod series;
pub(crate) mod vectors;

pub use cancel::WorkToken;
pub use differences::richardson;
pub use features::{Feature, FeatureKind};
pub use nilpotent::Nilpotent;
pub use point::{Blocks, Bounds, Levels, MAX_LEVELS, Point, Shape, same_values};
pub use rounded::{rounded, short_number};
pub use scalar::Scalar;
pub use series::MAX_GENERATORS;

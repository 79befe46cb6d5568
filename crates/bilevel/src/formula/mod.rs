//! The language of typed problems: from texts to objectives that can be evaluated and differentiated, or to what is wrong.
//!
//! - **Numbers** `2`, `0.5`, `1e-3`; `pi` and `e`; `+ - * /`, parentheses, and `^`, which goes from the right: `2^3^2` is `2^9`,
//!   and `-x^2` is `-(x^2)`.
//! - **Functions** of one number: exp, log (natural), sqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh,
//!   atanh, abs, softplus, sigmoid; of several: min, max; of vectors: `dot(u, v)`, `norm2(u)`.
//! - **Variables** are numbers, `x`, or vectors, `x[3]`, whose entries are `x[1]` to `x[3]`. Vectors are added, taken away, and
//!   multiplied by numbers.
//! - **Sums** over an index: `sum(i, 1, 3, i*x[i])`. Their ends and all indices are whole numbers known beforehand.
//! - **Constants** have a value and, where a slider is to move it, a range. Those without a range may count.
//! - **Definitions** name a part that several formulas need; it is computed once.
//!
//! abs, min, max and norm2 have kinks; derivatives there are those of one side, of norm2 at 0 they are 0. The square of a norm
//! or of an absolute value has none. `a^b` is a real power where b varies, and needs a > 0.
//!
//! Sizes are limited ([`limits`]), and nothing is built that is larger: a text is measured before it is cut, the parser counts
//! how deep it is, and operations are counted while sums are written out.

mod combine;
mod compile;
mod draft;
mod elementary;
mod errors;
mod evaluate;
mod markup;
mod model;
mod order;
mod parser;
mod print;
mod scope;
mod tape;
mod token;
mod tree;
mod undefined;
mod variables;

pub mod limits;

pub use draft::{Constant, Draft, LevelDraft};
pub use errors::{FormulaError, FormulaPart};
pub(crate) use evaluate::Program;
pub use markup::{maths, name_as_maths};
pub use model::Model;
pub use print::print;
pub use tree::{Expr, Factor, Function, FunctionInfo, NUMBERS, Node, Over, SUM, TermSign};
pub use variables::Variable;

/// Reads a single formula, without a look at its names; what is wrong is said at [`Place::Whole`].
pub fn parse(text: &str) -> Result<Expr, FormulaError> {
    parser::parse(text).map_err(|wrong| wrong.at(FormulaPart::Whole, text))
}

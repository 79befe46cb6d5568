//! The language of typed problems: compiles texts to objectives that can be evaluated and differentiated, or reports
//! the errors in them.
//!
//! - **Numbers** `2`, `0.5`, `1e-3`; `pi` and `e`; `+ - * /`, parentheses, and `^`, which is right-associative: `2^3^2`
//!   is `2^9`, and `-x^2` is `-(x^2)`.
//! - **Functions** of one number: exp, log (natural), sqrt, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh,
//!   acosh, atanh, abs, sign, floor, erf, softplus, sigmoid; of several: min, max, logsumexp; of vectors: `dot(u, v)`,
//!   `norm1(u)`, `norm2(u)`, `logsumexp(u)`.
//! - **Variables** are numbers, `x`, or vectors, `x[3]`, whose entries are `x[1]` to `x[3]`. Vectors are added,
//!   subtracted, and multiplied by numbers. `[1, 2, x]` is a vector of three formulas.
//! - **Sums and products** over an index: `sum(i, 1, 3, i*x[i])`, `prod(i, 1, 3, x[i])`. Their ends and all indices are whole numbers known at compile
//!   time.
//! - **Choices** by a comparison: `if(x < 1, x^2, 2*x - 1)`, with `<`, `<=`, `>` or `>=`; only the chosen formula counts.
//! - **Constants** have a value and, if a slider moves it, a range. Those without a range may be indices or ends of
//!   sums.
//! - **Definitions** name a part that several formulas share; it is computed once.
//!
//! abs, min, max, norm1 and norm2 have kinks; derivatives there are one-sided, and those of norm2 at 0 are 0. sign and
//! floor have jumps, and slope 0 everywhere; `if` may have a jump or a kink where its sides are equal. The square of a
//! norm or of an absolute value has none. `a^b` is a real power if b varies, and needs a > 0.
//!
//! Sizes are limited ([`limits`]) and checked before anything larger is built: the length of a text before it is split
//! into tokens, the depth while it is parsed, and the operations while sums are expanded.

use std::collections::BTreeSet;

mod combine;
mod compile;
mod compile_errors;
mod draft;
mod elementary;
mod errors;
mod evaluate;
mod feature_terms;
mod fixed_number;
mod kinks;
mod markup;
mod model;
mod needed;
mod order;
mod parser;
mod pole_terms;
mod print;
mod scope;
mod tape;
mod token;
mod tree;
mod undefined;
mod variables;
mod walk;

pub mod limits;

pub use draft::{Constant, Draft, LevelDraft, UnreadParts};
pub use errors::{FormulaError, FormulaPart};
pub(crate) use evaluate::Program;
pub(crate) use feature_terms::FeatureTerm;
pub use fixed_number::fixed_number;
pub use markup::{maths, name_as_maths};
pub use model::Model;
pub(crate) use pole_terms::PoleTerm;
pub use print::print;
pub use tree::{
    Branch, Expr, Factor, Fold, Function, FunctionInfo, IF, LATER_NAMES, NUMBERS, Node, Over,
    PRODUCT, Relation, SUM, TermSign,
};
pub use variables::Variable;

/// Parses a single formula without checking its names; an error names [`FormulaPart::Whole`] as its part.
pub fn parse(text: &str) -> Result<Expr, FormulaError> {
    let parsed = parser::parse(text, &BTreeSet::new());
    match (parsed.tree, parsed.errors.into_iter().next()) {
        (Some(tree), None) => Ok(tree),
        (_, Some(wrong)) => Err(wrong.at(FormulaPart::Whole, text)),
        (None, None) => unreachable!("a formula without a tree has an error"),
    }
}

//! The syntax tree of a formula.
//!
//! Sums and products of many terms are one node, so that a tree is no deeper than its formula is nested.

use std::ops::Range;

/// A part of a formula, with its span in characters, counted from 0. Equality ignores the span.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its kind, with its own parts.
    pub node: Node,
    /// Its characters in the text.
    pub span: Range<usize>,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl Expr {
    /// The tree with some names replaced; `replace` returns what a name stands for.
    pub fn with_names(&self, replace: &dyn Fn(&str) -> Option<Node>) -> Self {
        let inner = |part: &Self| Box::new(part.with_names(replace));
        let node = match &self.node {
            Node::Name(name) => replace(name).unwrap_or_else(|| self.node.clone()),
            Node::Number(_) => self.node.clone(),
            Node::Element(name, index) => Node::Element(name.clone(), inner(index)),
            Node::Entry(name, [row, column]) => {
                Node::Entry(name.clone(), [inner(row), inner(column)])
            }
            Node::Negative(of) => Node::Negative(inner(of)),
            Node::Sum(first, rest) => {
                let rest = rest.iter().map(|(sign, part)| (*sign, *inner(part)));
                Node::Sum(inner(first), rest.collect())
            }
            Node::Product(first, rest) => {
                let rest = rest.iter().map(|(sign, part)| (*sign, *inner(part)));
                Node::Product(inner(first), rest.collect())
            }
            Node::Power(base, exponent) => Node::Power(inner(base), inner(exponent)),
            Node::Call(function, arguments) => {
                let arguments = arguments.iter().map(|part| *inner(part));
                Node::Call(*function, arguments.collect())
            }
            Node::Vector(entries) => {
                Node::Vector(entries.iter().map(|part| *inner(part)).collect())
            }
            Node::Broken(parts) => Node::Broken(parts.iter().map(|part| *inner(part)).collect()),
            Node::If(branch) => Node::If(Box::new(Branch {
                relation: branch.relation,
                left: *inner(&branch.left),
                right: *inner(&branch.right),
                holds: *inner(&branch.holds),
                fails: *inner(&branch.fails),
            })),
            Node::Over(over) => {
                let is_index = |name: &str| name == over.index;
                let free = |name: &str| if is_index(name) { None } else { replace(name) };
                Node::Over(Box::new(Over {
                    fold: over.fold,
                    index: over.index.clone(),
                    from: *inner(&over.from),
                    to: *inner(&over.to),
                    body: over.body.with_names(&free),
                }))
            }
        };
        Self {
            node,
            span: self.span.clone(),
        }
    }
}

/// Kinds of a part.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number that is not negative.
    Number(f64),
    /// A variable, a constant, a definition or the index of a sum.
    Name(String),
    /// An entry of a vector, or a row of a matrix, from 1.
    Element(String, Box<Expr>),
    /// An entry of a matrix, by its row and column from 1.
    Entry(String, [Box<Expr>; 2]),
    /// The negative.
    Negative(Box<Expr>),
    /// A first term, and others that are added or subtracted.
    Sum(Box<Expr>, Vec<(TermSign, Expr)>),
    /// A first factor, and others that multiply or divide.
    Product(Box<Expr>, Vec<(Factor, Expr)>),
    /// A base and its exponent.
    Power(Box<Expr>, Box<Expr>),
    /// A function of its arguments.
    Call(Function, Vec<Expr>),
    /// A vector of formulas, such as `[1, 2, x]`, or a matrix of rows, such as `[[1, 2], [3, 4]]`.
    Vector(Vec<Expr>),
    /// `if(left < right, holds, fails)`.
    If(Box<Branch>),
    /// `sum(index, from, to, body)` or `prod(index, from, to, body)`.
    Over(Box<Over>),
    /// The parts of a part with an error; none is in a formula without errors.
    Broken(Vec<Expr>),
}

/// A comparison of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The left one is less.
    Less,
    /// The left one is less or equal.
    LessEqual,
    /// The left one is greater.
    Greater,
    /// The left one is greater or equal.
    GreaterEqual,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
    ];

    /// The sign in formulas.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// True if two numbers compare so.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterEqual => left >= right,
        }
    }
}

/// One of two formulas, by a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The comparison.
    pub relation: Relation,
    /// The number on its left.
    pub left: Expr,
    /// The number on its right.
    pub right: Expr,
    /// The formula if the comparison holds.
    pub holds: Expr,
    /// The formula if it fails.
    pub fails: Expr,
}

/// Operation that joins the formulas of all indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The sum.
    Sum,
    /// The product.
    Product,
}

impl Fold {
    /// Both, in the order of lists.
    pub const ALL: [Self; 2] = [Self::Sum, Self::Product];

    /// Finds an operation by its name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fold| fold.info().name == name)
    }

    /// The description of the operation.
    pub const fn info(self) -> FunctionInfo {
        match self {
            Self::Sum => SUM,
            Self::Product => PRODUCT,
        }
    }
}

/// A sum or a product over an index.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// The operation.
    pub fold: Fold,
    /// The name of the index.
    pub index: String,
    /// Its first value.
    pub from: Expr,
    /// Its last value.
    pub to: Expr,
    /// The formula that is joined.
    pub body: Expr,
}

/// Sign of a term of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermSign {
    /// The term is added.
    Plus,
    /// The term is subtracted.
    Minus,
}

/// Operation of a factor of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The factor multiplies.
    Times,
    /// The factor divides.
    Over,
}

/// A function that formulas may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "they are called what they are; the table says what they do"
)]
pub enum Function {
    Exp,
    Log,
    Sqrt,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Abs,
    Softplus,
    Sigmoid,
    Min,
    Max,
    Dot,
    Norm2,
    Sign,
    Floor,
    Erf,
    Norm1,
    LogSumExp,
    Rows,
    Cols,
}

/// A function as lists and errors show it.
#[derive(Clone, Copy, Debug)]
pub struct FunctionInfo {
    /// The name.
    pub name: &'static str,
    /// A typical call.
    pub call: &'static str,
    /// Its meaning in a few words.
    pub meaning: &'static str,
}

impl Function {
    /// All functions with their descriptions, in the order of the variants.
    pub const ALL: [(Self, FunctionInfo); 29] = [
        known(Self::Exp, "exp", "exp(a)", "e to the power a"),
        known(Self::Log, "log", "log(a)", "the natural logarithm"),
        known(Self::Sqrt, "sqrt", "sqrt(a)", "the square root"),
        known(Self::Sin, "sin", "sin(a)", "the sine"),
        known(Self::Cos, "cos", "cos(a)", "the cosine"),
        known(Self::Tan, "tan", "tan(a)", "the tangent"),
        known(Self::Asin, "asin", "asin(a)", "the inverse sine"),
        known(Self::Acos, "acos", "acos(a)", "the inverse cosine"),
        known(Self::Atan, "atan", "atan(a)", "the inverse tangent"),
        known(Self::Sinh, "sinh", "sinh(a)", "the hyperbolic sine"),
        known(Self::Cosh, "cosh", "cosh(a)", "the hyperbolic cosine"),
        known(Self::Tanh, "tanh", "tanh(a)", "the hyperbolic tangent"),
        known(
            Self::Asinh,
            "asinh",
            "asinh(a)",
            "the inverse hyperbolic sine",
        ),
        known(
            Self::Acosh,
            "acosh",
            "acosh(a)",
            "the inverse hyperbolic cosine",
        ),
        known(
            Self::Atanh,
            "atanh",
            "atanh(a)",
            "the inverse hyperbolic tangent",
        ),
        known(
            Self::Abs,
            "abs",
            "abs(a)",
            "the absolute value, with a kink at 0",
        ),
        known(
            Self::Softplus,
            "softplus",
            "softplus(a)",
            "log(1 + exp(a)), without overflow",
        ),
        known(
            Self::Sigmoid,
            "sigmoid",
            "sigmoid(a)",
            "1/(1 + exp(-a)), without overflow",
        ),
        known(
            Self::Min,
            "min",
            "min(a, b, ...)",
            "the least, with kinks where two are equal",
        ),
        known(
            Self::Max,
            "max",
            "max(a, b, ...)",
            "the greatest, with kinks where two are equal",
        ),
        known(
            Self::Dot,
            "dot",
            "dot(u, v)",
            "the scalar product of two vectors",
        ),
        known(
            Self::Norm2,
            "norm2",
            "norm2(u)",
            "the length of a vector, with a kink at 0",
        ),
        known(
            Self::Sign,
            "sign",
            "sign(a)",
            "-1, 0 or 1, with a jump at 0 and slope 0",
        ),
        known(
            Self::Floor,
            "floor",
            "floor(a)",
            "the next lower whole number, with jumps and slope 0",
        ),
        known(Self::Erf, "erf", "erf(a)", "the error function"),
        known(
            Self::Norm1,
            "norm1",
            "norm1(u)",
            "the sum of the absolute values of a vector, with kinks at 0",
        ),
        known(
            Self::LogSumExp,
            "logsumexp",
            "logsumexp(a, b, ...)",
            "log(exp(a) + exp(b) + ...) of numbers or of one vector, without overflow",
        ),
        known(
            Self::Rows,
            "rows",
            "rows(A)",
            "the number of rows of a matrix, or of entries of a vector, by its name",
        ),
        known(
            Self::Cols,
            "cols",
            "cols(A)",
            "the number of columns of a matrix by its name",
        ),
    ];

    /// Finds a function by its name.
    pub fn find(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| known.name == name);
        found.map(|(function, _)| *function)
    }

    /// The description of the function.
    pub fn info(self) -> FunctionInfo {
        Self::ALL[self as usize].1
    }

    /// The least number of arguments and, if there is one, the greatest.
    pub(super) const fn arguments(self) -> (usize, Option<usize>) {
        match self {
            Self::Min | Self::Max => (2, None),
            Self::Dot => (2, Some(2)),
            Self::LogSumExp => (1, None),
            _ => (1, Some(1)),
        }
    }
}

const fn known(
    function: Function,
    name: &'static str,
    call: &'static str,
    meaning: &'static str,
) -> (Function, FunctionInfo) {
    let known = FunctionInfo {
        name,
        call,
        meaning,
    };
    (function, known)
}

/// The name of sums over an index.
pub const SUM: FunctionInfo = FunctionInfo {
    name: "sum",
    call: "sum(i, 1, n, a)",
    meaning: "the sum of a over i from 1 to n",
};

/// The name of products over an index.
pub const PRODUCT: FunctionInfo = FunctionInfo {
    name: "prod",
    call: "prod(i, 1, n, a)",
    meaning: "the product of a over i from 1 to n",
};

/// The choice between two formulas.
pub const IF: FunctionInfo = FunctionInfo {
    name: "if",
    call: "if(a < b, u, v)",
    meaning: "u if a < b, else v; also with <=, > and >=, with a jump or a kink where a = b",
};

/// Names of functions that came after the first version: where no bracket follows, a file may give them a meaning of its
/// own, as files of earlier versions do.
pub const LATER_NAMES: [&str; 9] = [
    "sign",
    "floor",
    "erf",
    "norm1",
    "logsumexp",
    "prod",
    "if",
    "rows",
    "cols",
];

/// Numbers with a name.
pub const NUMBERS: [(&str, f64); 2] = [("pi", std::f64::consts::PI), ("e", std::f64::consts::E)];

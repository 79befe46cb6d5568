//! Quantities of a step as data, for views and files; collected only on request.
//!
//! A method declares each quantity as a [`TermInfo`]: a name, a symbol, a kind and a form. A step records their values
//! in the [`StepDiagnostics`] that it is given. A collector that is not enabled costs a branch for each of them.

use crate::numerics::{Levels, Shape};

/// Declaration of a quantity of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermInfo {
    /// The name, unique within a step, such as `multiplier`.
    pub name: &'static str,
    /// The symbol as maths without dollar signs, such as `∇_x f`.
    pub symbol: &'static str,
    /// The kind of quantity.
    pub kind: TermKind,
    /// The arrangement of its components.
    pub form: TermForm,
}

/// Kind of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// Gradient of an objective with respect to the blocks of the term.
    Gradient {
        /// The level of the objective.
        objective: usize,
        /// The point of the call.
        at: TermPoint,
    },
    /// Gradient of an objective as a function of the levels down to that of the term, with all deeper levels
    /// answering.
    ReducedGradient {
        /// The level of the objective.
        objective: usize,
        /// The point of the call.
        at: TermPoint,
    },
    /// Value of an objective.
    Value {
        /// The level of the objective.
        objective: usize,
        /// The point of the call.
        at: TermPoint,
    },
    /// Product of second derivatives of an objective with a vector.
    Product {
        /// The level of the objective.
        objective: usize,
        /// The point of the call.
        at: TermPoint,
    },
    /// Vector that a step subtracts, or a summand of it.
    Direction,
    /// Scalar product, norm or difference of values.
    Measure,
    /// Multiplier, penalty weight or another factor.
    Weight,
    /// Step size.
    StepSize,
    /// Iterates, a row each, the start first.
    Path,
    /// Blocks of a point.
    Point,
    /// Right-hand side, solution or residual norms of a linear system.
    LinearSystem(SystemPart),
    /// Derivative of the leader's objective with respect to an iterate or to an answer.
    Adjoint,
    /// Derivative of answers with respect to the leader's variables, a row for each of these.
    Response,
    /// Velocity of a momentum before the step.
    Velocity,
    /// Normal noise that was added, or random numbers that a step was made of.
    Noise,
    /// 1 for yes, 0 for no.
    Flag,
}

/// Point of an oracle call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermPoint {
    /// The point before the step.
    Before,
    /// The point before the step with the blocks of the term of this name, if it is recorded. Each row of a term of
    /// rows belongs to the row with the same index there; a term of blocks belongs to its last row.
    Term(&'static str),
    /// A point of an earlier step, which is not recorded.
    Earlier,
}

/// Part of a linear system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemPart {
    /// The right-hand side.
    RightSide,
    /// The approximate solution.
    Solution,
    /// A norm for each iteration: of the residual, or of the change that the iteration made.
    Norms,
}

/// Arrangement of the components of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermForm {
    /// A number.
    Number,
    /// Numbers that belong to no variables.
    List,
    /// A component for each variable of these levels, level after level.
    Blocks(Levels),
    /// Rows, each with a component for each variable of these levels.
    Rows(Levels),
}

impl TermInfo {
    /// A declaration.
    pub const fn new(
        name: &'static str,
        symbol: &'static str,
        kind: TermKind,
        form: TermForm,
    ) -> Self {
        Self {
            name,
            symbol,
            kind,
            form,
        }
    }

    /// A number.
    pub const fn number(name: &'static str, symbol: &'static str, kind: TermKind) -> Self {
        Self::new(name, symbol, kind, TermForm::Number)
    }

    /// Blocks of some levels.
    pub const fn blocks(
        name: &'static str,
        symbol: &'static str,
        kind: TermKind,
        levels: Levels,
    ) -> Self {
        Self::new(name, symbol, kind, TermForm::Blocks(levels))
    }

    /// Rows of blocks.
    pub const fn rows(
        name: &'static str,
        symbol: &'static str,
        kind: TermKind,
        levels: Levels,
    ) -> Self {
        Self::new(name, symbol, kind, TermForm::Rows(levels))
    }
}

/// A quantity of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTerm {
    /// Its declaration.
    pub info: &'static TermInfo,
    /// Its components; one for a number.
    pub value: Vec<f64>,
}

/// Position of a component of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermPosition {
    /// The row, from 0; 0 for a term without rows.
    pub row: usize,
    /// The level of the variable; 0 if the component belongs to none.
    pub level: usize,
    /// The index of the variable in its block, or of the number in a list, from 0.
    pub index: usize,
}

impl StepTerm {
    /// The levels of the variables; `None` for numbers that belong to none.
    pub fn levels(&self) -> Option<Levels> {
        match self.info.form {
            TermForm::Blocks(levels) | TermForm::Rows(levels) => Some(levels),
            TermForm::Number | TermForm::List => None,
        }
    }

    /// The rows of the term, for the shape of the problem; one for a term without rows.
    pub fn rows(&self, shape: Shape) -> impl DoubleEndedIterator<Item = &[f64]> {
        let width = match self.info.form {
            TermForm::Rows(levels) => levels.within(shape).map(|level| shape.size(level)).sum(),
            _ => self.value.len(),
        };
        self.value.chunks(width.max(1))
    }

    /// The components of one level in a term of blocks; `None` if it has none.
    pub fn block(&self, level: usize, shape: Shape) -> Option<&[f64]> {
        match self.info.form {
            TermForm::Blocks(levels) if levels.contains(level) => {
                let before = levels.within(shape).take_while(|&other| other < level);
                let first: usize = before.map(|other| shape.size(other)).sum();
                self.value.get(first..first + shape.size(level))
            }
            _ => None,
        }
    }

    /// The components with their positions, for the shape of the problem.
    pub fn components(&self, shape: Shape) -> impl Iterator<Item = (TermPosition, f64)> {
        let levels = self.levels();
        let rows = self.rows(shape).enumerate();
        rows.flat_map(move |(row, values)| {
            let variables = levels.into_iter().flat_map(move |levels| {
                levels
                    .within(shape)
                    .flat_map(move |level| (0..shape.size(level)).map(move |index| (level, index)))
            });
            let alone = (0..values.len()).map(|index| (0, index));
            let alone = alone.filter(move |_| levels.is_none());
            let positions = variables.chain(alone);
            positions
                .zip(values)
                .map(move |((level, index), value)| (TermPosition { row, level, index }, *value))
        })
    }
}

/// Collects the quantities of a step, or ignores them at no cost.
#[derive(Clone, Debug, Default)]
pub struct StepDiagnostics(Option<Vec<StepTerm>>);

impl StepDiagnostics {
    /// Creates a collector that ignores all quantities.
    pub const fn ignored() -> Self {
        Self(None)
    }

    /// Creates a collector that keeps all quantities.
    pub const fn enabled() -> Self {
        Self(Some(Vec::new()))
    }

    /// True if the collector keeps quantities. A method asks before it computes one that its step does not need.
    #[inline]
    pub fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// Records a quantity; the number of values follows from its form.
    #[inline]
    pub fn record(&mut self, info: &'static TermInfo, value: &[f64]) {
        if let Some(terms) = &mut self.0 {
            keep(terms, info, value);
        }
    }

    /// Records a number.
    #[inline]
    pub fn number(&mut self, info: &'static TermInfo, value: f64) {
        self.record(info, &[value]);
    }

    /// Appends a row, or a number of a list, to a quantity; begins it with the first one.
    #[inline]
    pub fn row(&mut self, info: &'static TermInfo, row: &[f64]) {
        if let Some(terms) = &mut self.0 {
            keep_row(terms, info, row);
        }
    }

    /// Forgets all quantities, for the next step.
    pub fn clear(&mut self) {
        if let Some(terms) = &mut self.0 {
            terms.clear();
        }
    }

    /// All recorded quantities, in the order of their recording.
    pub fn all(&self) -> &[StepTerm] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The quantity of a name.
    pub fn term(&self, name: &str) -> Option<&StepTerm> {
        self.all().iter().find(|term| term.info.name == name)
    }

    /// The first number of the quantity of a name.
    pub fn find(&self, name: &str) -> Option<f64> {
        self.term(name)?.value.first().copied()
    }
}

/// Records a quantity; kept out of line, since nearly all steps record nothing.
#[cold]
#[inline(never)]
fn keep(terms: &mut Vec<StepTerm>, info: &'static TermInfo, value: &[f64]) {
    terms.push(StepTerm {
        info,
        value: value.to_vec(),
    });
}

/// Appends a row to a quantity; kept out of line like [`keep`].
#[cold]
#[inline(never)]
fn keep_row(terms: &mut Vec<StepTerm>, info: &'static TermInfo, row: &[f64]) {
    let same = |term: &&mut StepTerm| term.info.name == info.name;
    match terms.iter_mut().rev().find(same) {
        Some(term) => term.value.extend_from_slice(row),
        None => keep(terms, info, row),
    }
}

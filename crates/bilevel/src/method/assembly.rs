//! Assembly of a step: the operations that make the new point from the quantities that the step reports.
//!
//! A method declares its operations as a list, and [`replay`] carries them out with the arithmetic of the methods: the
//! result is the method's new point, bit for bit, together with all intermediate results.
//!
//! Operations work on *values*, named vectors with the blocks of some levels, and on the *point*, which starts as the
//! point before the step. An operand is the value of a name or else the recorded term of that name. An operation whose
//! operand is neither is left out: a term that a method records only sometimes, such as a velocity, switches the
//! operations that need it.

use std::ops::Range;

use super::diagnostics::{StepTerm, TermForm};
use super::momentum::accumulate;
use crate::numerics::vectors::add;
use crate::numerics::{Bounds, Levels, Point, Shape};

/// An operation of an assembly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// Value `to` ← the blocks of some levels of `from`, if it has any.
    Take {
        /// The name of the value.
        to: &'static str,
        /// The name of the operand.
        from: &'static str,
        /// The levels.
        levels: Levels,
    },
    /// Value `to` ← factor · `to`.
    Scale {
        /// The name of the value.
        to: &'static str,
        /// The factor.
        by: Factor,
    },
    /// Value `to` ← `to` + factor · `from`, in the blocks that both have; factor · `from` if there is no value yet.
    Add {
        /// The name of the value.
        to: &'static str,
        /// The factor.
        by: Factor,
        /// The name of the operand.
        from: &'static str,
    },
    /// The same for each row of a term of rows, in their order.
    AddRows {
        /// The name of the value.
        to: &'static str,
        /// The factor.
        by: Factor,
        /// The name of the term.
        from: &'static str,
    },
    /// Value `to` ← momentum · velocity + `from`; `from` itself if the velocity is not recorded.
    Momentum {
        /// The name of the value.
        to: &'static str,
        /// The name of the direction.
        from: &'static str,
        /// The terms of the momentum.
        by: VelocityTerms,
    },
    /// Block of a level ← block + factor · `along`.
    Move {
        /// The level.
        level: usize,
        /// The factor.
        by: Factor,
        /// The name of the operand.
        along: &'static str,
    },
    /// Block of a level ← its projection onto the box.
    Project {
        /// The level.
        level: usize,
    },
    /// For each row of a term: velocity ← momentum · velocity + row, then block of a level ← projection of block +
    /// factor · velocity; along the row itself if there is no velocity.
    Descend {
        /// The level.
        level: usize,
        /// The factor.
        by: Factor,
        /// The name of the term of rows.
        along: &'static str,
        /// The terms of the momentum, if the loop may have one.
        momentum: Option<VelocityTerms>,
    },
    /// Blocks of the point ← the blocks of the operand; those of the last row of a term of rows.
    Set {
        /// The name of the operand.
        from: &'static str,
    },
    /// Further operations, only if a term of this name is recorded.
    With {
        /// The name of the term.
        term: &'static str,
        /// The operations.
        then: &'static [Self],
    },
}

/// Names of the terms of a momentum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VelocityTerms {
    /// The name of the momentum's factor.
    pub factor: &'static str,
    /// The name of the velocity before the step.
    pub velocity: &'static str,
}

/// Factor of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Factor {
    /// A constant.
    Number(f64),
    /// The number of a term.
    Term(&'static str),
    /// Minus the number of a term.
    Minus(&'static str),
}

/// A replayed step.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The new point.
    pub point: Point,
    /// The operations carried out with their results, in order; an operation on rows has a stage for each of them.
    pub stages: Vec<Stage>,
}

/// An operation carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The operation.
    pub operation: Operation,
    /// The row, from 0, of an operation on rows; else 0.
    pub row: usize,
    /// The levels of the blocks below.
    pub levels: Levels,
    /// The blocks before the operation; empty for a value that did not exist.
    pub before: Vec<f64>,
    /// The blocks after the operation.
    pub after: Vec<f64>,
}

impl Operation {
    /// The name of the value that the operation changes; `None` if it changes the point. The shipped methods record
    /// each value, too, so that it has a symbol.
    pub const fn value(&self) -> Option<&'static str> {
        match self {
            Self::Take { to, .. }
            | Self::Scale { to, .. }
            | Self::Add { to, .. }
            | Self::AddRows { to, .. }
            | Self::Momentum { to, .. } => Some(to),
            Self::Move { .. }
            | Self::Project { .. }
            | Self::Descend { .. }
            | Self::Set { .. }
            | Self::With { .. } => None,
        }
    }
}

impl Replay {
    /// The last result for a value's name; `None` if no operation had this value.
    pub fn value(&self, name: &str) -> Option<&Stage> {
        let mut stages = self.stages.iter().rev();
        stages.find(|stage| stage.operation.value() == Some(name))
    }
}

/// Carries out the operations of an assembly from the point before a step and the terms of the step. `None` if no
/// operation is declared, or a term does not fit the shape of the point.
pub(super) fn replay(
    assembly: &'static [Operation],
    before: &Point,
    terms: &[StepTerm],
    bounds: &Bounds,
) -> Option<Replay> {
    if assembly.is_empty() {
        return None;
    }
    let mut replayer = Replayer {
        shape: before.shape(),
        terms,
        bounds,
        values: Vec::new(),
        replay: Replay {
            point: before.clone(),
            stages: Vec::new(),
        },
    };
    replayer.run(assembly).ok()?;
    Some(replayer.replay)
}

/// A vector with the blocks of some levels.
#[derive(Clone, Debug)]
struct BlockVector {
    levels: Levels,
    numbers: Vec<f64>,
}

impl BlockVector {
    /// The range of a level's block.
    fn range(&self, level: usize, shape: Shape) -> Result<Range<usize>, Misfit> {
        if !self.levels.contains(level) {
            return Err(Misfit);
        }
        let before = self.levels.within(shape).take_while(|&other| other < level);
        let first: usize = before.map(|other| shape.size(other)).sum();
        Ok(first..first + shape.size(level))
    }

    /// The blocks of some levels.
    fn part(self, levels: Levels, shape: Shape) -> Result<Self, Misfit> {
        let levels = self.levels.common(levels);
        let mut numbers = Vec::new();
        for level in levels.within(shape) {
            numbers.extend_from_slice(&self.numbers[self.range(level, shape)?]);
        }
        Ok(Self { levels, numbers })
    }
}

/// A term that does not fit the shape of the point.
struct Misfit;

/// The state of a replay.
struct Replayer<'a> {
    shape: Shape,
    terms: &'a [StepTerm],
    bounds: &'a Bounds,
    values: Vec<(&'static str, BlockVector)>,
    replay: Replay,
}

impl Replayer<'_> {
    fn run(&mut self, operations: &'static [Operation]) -> Result<(), Misfit> {
        operations.iter().try_for_each(|one| self.apply(*one))
    }

    fn apply(&mut self, operation: Operation) -> Result<(), Misfit> {
        match operation {
            Operation::Take { .. }
            | Operation::Scale { .. }
            | Operation::Add { .. }
            | Operation::AddRows { .. }
            | Operation::Momentum { .. } => self.change_value(operation),
            Operation::Move { .. }
            | Operation::Project { .. }
            | Operation::Descend { .. }
            | Operation::Set { .. } => self.change_point(operation),
            Operation::With { term, then } => match self.term(term) {
                Some(_) => self.run(then),
                None => Ok(()),
            },
        }
    }

    /// Carries out an operation on a value.
    fn change_value(&mut self, operation: Operation) -> Result<(), Misfit> {
        match operation {
            Operation::Take { to, from, levels } => {
                let Some(found) = self.operand(from)? else {
                    return Ok(());
                };
                let found = found.part(levels, self.shape)?;
                if found.numbers.is_empty() {
                    return Ok(());
                }
                self.change(operation, 0, to, |_| Ok(found))
            }
            Operation::Scale { to, by } => {
                let (Some(by), Some(mut value)) = (self.factor(by), self.operand(to)?) else {
                    return Ok(());
                };
                value.numbers.iter_mut().for_each(|number| *number *= by);
                self.change(operation, 0, to, |_| Ok(value))
            }
            Operation::Add { to, by, from } => {
                let (Some(by), Some(found)) = (self.factor(by), self.operand(from)?) else {
                    return Ok(());
                };
                self.add(operation, 0, to, by, &found)
            }
            Operation::AddRows { to, by, from } => {
                let (Some(by), Some(rows)) = (self.factor(by), self.rows(from)?) else {
                    return Ok(());
                };
                let mut rows = rows.into_iter().enumerate();
                rows.try_for_each(|(row, found)| self.add(operation, row, to, by, &found))
            }
            Operation::Momentum { to, from, by } => {
                let Some(direction) = self.operand(from)? else {
                    return Ok(());
                };
                let result = match self.velocity(by)? {
                    Some((factor, mut velocity)) => {
                        fits(&velocity.numbers, &direction.numbers)?;
                        accumulate(&mut velocity.numbers, factor, &direction.numbers);
                        velocity
                    }
                    None => direction,
                };
                self.change(operation, 0, to, |_| Ok(result))
            }
            _ => Ok(()),
        }
    }

    /// Carries out an operation on the point.
    fn change_point(&mut self, operation: Operation) -> Result<(), Misfit> {
        match operation {
            Operation::Move { level, by, along } => {
                let (Some(by), Some(along)) = (self.factor(by), self.operand(along)?) else {
                    return Ok(());
                };
                let along = &along.numbers[along.range(level, self.shape)?];
                self.move_block(operation, 0, level, |block, _| add(block, by, along))
            }
            Operation::Project { level } => {
                self.move_block(operation, 0, level, |block, bounds| {
                    bounds.project(level, block);
                })
            }
            Operation::Descend {
                level,
                by,
                along,
                momentum,
            } => {
                let (Some(by), Some(rows)) = (self.factor(by), self.rows(along)?) else {
                    return Ok(());
                };
                let mut momentum = match momentum {
                    Some(names) => self.velocity(names)?,
                    None => None,
                };
                for (row, found) in rows.iter().enumerate() {
                    let slope = &found.numbers[found.range(level, self.shape)?];
                    let along = match &mut momentum {
                        Some((factor, velocity)) => {
                            fits(&velocity.numbers, slope)?;
                            accumulate(&mut velocity.numbers, *factor, slope);
                            &velocity.numbers
                        }
                        None => slope,
                    };
                    self.move_block(operation, row, level, |block, bounds| {
                        add(block, by, along);
                        bounds.project(level, block);
                    })?;
                }
                Ok(())
            }
            Operation::Set { from } => {
                let Some(found) = self.last_row(from)? else {
                    return Ok(());
                };
                for level in found.levels.within(self.shape) {
                    let block = &found.numbers[found.range(level, self.shape)?];
                    self.move_block(operation, 0, level, |to, _| to.copy_from_slice(block))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// to ← to + by · found in the blocks of `found`.
    fn add(
        &mut self,
        operation: Operation,
        row: usize,
        to: &'static str,
        by: f64,
        found: &BlockVector,
    ) -> Result<(), Misfit> {
        let shape = self.shape;
        self.change(operation, row, to, |value| {
            let Some(mut value) = value else {
                let numbers = found.numbers.iter().map(|number| by * number).collect();
                return Ok(BlockVector {
                    levels: found.levels,
                    numbers,
                });
            };
            let both = found.levels.within(shape);
            let both = both.filter(|&level| value.levels.contains(level));
            for level in both.collect::<Vec<_>>() {
                let range = value.range(level, shape)?;
                let summand = &found.numbers[found.range(level, shape)?];
                add(&mut value.numbers[range], by, summand);
            }
            Ok(value)
        })
    }

    /// Changes a value and records the stage.
    fn change(
        &mut self,
        operation: Operation,
        row: usize,
        to: &'static str,
        change: impl FnOnce(Option<BlockVector>) -> Result<BlockVector, Misfit>,
    ) -> Result<(), Misfit> {
        let place = self.values.iter().position(|(name, _)| *name == to);
        let before = place.map(|place| self.values[place].1.clone());
        let after = change(before.clone())?;
        self.replay.stages.push(Stage {
            operation,
            row,
            levels: after.levels,
            before: before.map_or_else(Vec::new, |before| before.numbers),
            after: after.numbers.clone(),
        });
        match place {
            Some(place) => self.values[place].1 = after,
            None => self.values.push((to, after)),
        }
        Ok(())
    }

    /// Changes a block of the point and records the stage.
    fn move_block(
        &mut self,
        operation: Operation,
        row: usize,
        level: usize,
        change: impl FnOnce(&mut [f64], &Bounds),
    ) -> Result<(), Misfit> {
        if !(1..=self.shape.levels()).contains(&level) {
            return Err(Misfit);
        }
        let block = &mut self.replay.point[level];
        let before = block.to_vec();
        change(block, self.bounds);
        let after = block.to_vec();
        self.replay.stages.push(Stage {
            operation,
            row,
            levels: Levels::only(level),
            before,
            after,
        });
        Ok(())
    }

    fn term(&self, name: &str) -> Option<&StepTerm> {
        self.terms.iter().find(|term| term.info.name == name)
    }

    fn factor(&self, factor: Factor) -> Option<f64> {
        let number = |name| self.term(name)?.value.first().copied();
        match factor {
            Factor::Number(number) => Some(number),
            Factor::Term(name) => number(name),
            Factor::Minus(name) => number(name).map(|number| -number),
        }
    }

    /// The factor of a momentum and its velocity, if they are recorded.
    fn velocity(&self, names: VelocityTerms) -> Result<Option<(f64, BlockVector)>, Misfit> {
        let factor = self.factor(Factor::Term(names.factor));
        Ok(factor.zip(self.operand(names.velocity)?))
    }

    /// The value or the term of blocks of a name, if there is one.
    fn operand(&self, name: &str) -> Result<Option<BlockVector>, Misfit> {
        if let Some((_, value)) = self.values.iter().find(|(other, _)| *other == name) {
            return Ok(Some(value.clone()));
        }
        let Some(term) = self.term(name) else {
            return Ok(None);
        };
        match term.info.form {
            TermForm::Blocks(levels) => self.vector(levels, &term.value).map(Some),
            _ => Err(Misfit),
        }
    }

    /// The rows of a term, if it is recorded.
    fn rows(&self, name: &str) -> Result<Option<Vec<BlockVector>>, Misfit> {
        let Some(term) = self.term(name) else {
            return Ok(None);
        };
        let TermForm::Rows(levels) = term.info.form else {
            return Err(Misfit);
        };
        let rows = term.rows(self.shape);
        let rows: Result<_, _> = rows.map(|row| self.vector(levels, row)).collect();
        rows.map(Some)
    }

    /// The operand of a name, or the last row of a term of rows.
    fn last_row(&self, name: &str) -> Result<Option<BlockVector>, Misfit> {
        match self.term(name) {
            Some(term) if matches!(term.info.form, TermForm::Rows(_)) => {
                Ok(self.rows(name)?.and_then(|mut rows| rows.pop()))
            }
            _ => self.operand(name),
        }
    }

    /// A vector of blocks, if the number of its components fits.
    fn vector(&self, levels: Levels, numbers: &[f64]) -> Result<BlockVector, Misfit> {
        let sizes = levels
            .within(self.shape)
            .map(|level| self.shape.size(level));
        if sizes.sum::<usize>() != numbers.len() {
            return Err(Misfit);
        }
        Ok(BlockVector {
            levels,
            numbers: numbers.to_vec(),
        })
    }
}

/// An error if two vectors differ in length.
fn fits(a: &[f64], b: &[f64]) -> Result<(), Misfit> {
    if a.len() == b.len() {
        Ok(())
    } else {
        Err(Misfit)
    }
}

//! The parts of a move: the summands of the direction that a level moves along, each times the step size.

use crate::method::{Factor, Operation, Replay, Stage, StepTerm};
use crate::numerics::{Levels, Shape};

/// A move of a level along a direction, as the sum of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelMove {
    /// The level.
    pub level: usize,
    /// The summands, in the order of the operations.
    pub parts: Vec<MovePart>,
    /// The block before the move.
    pub before: Vec<f64>,
    /// The block after it, before the projection.
    pub moved: Vec<f64>,
    /// The block after the projection onto the box.
    pub after: Vec<f64>,
    /// False for a trial that the step does not keep.
    pub is_kept: bool,
}

/// A summand of a move.
#[derive(Clone, Debug, PartialEq)]
pub struct MovePart {
    /// The name of the term or value that it is made of.
    pub name: &'static str,
    /// The part as maths without dollar signs, such as `−ξ λ ∇q̂`.
    pub symbol: String,
    /// The displacement that it makes.
    pub vector: Vec<f64>,
    /// True for the part of a momentum's velocity.
    pub is_momentum: bool,
}

/// The symbol of a gradient as that of its block, if an operation takes the leader's block alone; else the symbol
/// itself.
pub fn block_symbol(symbol: &str, levels: Levels) -> String {
    let whole = [("∇f_1", "∂f_1/∂x_1"), ("∇f", "∇_x f")];
    let found = whole.into_iter().find_map(|(whole, part)| {
        let rest = symbol.strip_prefix(whole)?;
        Some(format!("{part}{rest}"))
    });
    match found {
        Some(part) if levels == Levels::only(1) => part,
        _ => symbol.to_owned(),
    }
}

/// The moves of a replayed step.
pub(super) fn level_moves(replay: &Replay, terms: &[StepTerm], shape: Shape) -> Vec<LevelMove> {
    let reader = Reader {
        stages: &replay.stages,
        terms,
        shape,
    };
    let mut moves = Vec::new();
    for (place, stage) in replay.stages.iter().enumerate() {
        let Operation::Move { level, by, along } = stage.operation else {
            continue;
        };
        let projected = replay.stages.get(place + 1).filter(
            |next| matches!(next.operation, Operation::Project { level: other } if other == level),
        );
        let factor = reader.factor(by).unwrap_or(1.0);
        let scale = Scale {
            level,
            factor,
            symbol: reader.symbol_of_factor(by),
        };
        moves.push(LevelMove {
            level,
            parts: reader.parts(place, along, &scale),
            before: stage.before.clone(),
            moved: stage.after.clone(),
            after: projected.unwrap_or(stage).after.clone(),
            is_kept: true,
        });
    }
    // only the last move of the leader can be taken back
    if let Some(last) = moves.iter_mut().rev().find(|one| one.level == 1) {
        last.is_kept = last.after == replay.point[1];
    }
    moves
}

/// Factor of a move, with the level that it moves.
struct Scale {
    level: usize,
    factor: f64,
    symbol: String,
}

struct Reader<'a> {
    stages: &'a [Stage],
    terms: &'a [StepTerm],
    shape: Shape,
}

impl Reader<'_> {
    fn term(&self, name: &str) -> Option<&StepTerm> {
        self.terms.iter().find(|term| term.info.name == name)
    }

    fn factor(&self, by: Factor) -> Option<f64> {
        let number = |name| self.term(name)?.value.first().copied();
        match by {
            Factor::Number(value) => Some(value),
            Factor::Term(name) => number(name),
            Factor::Minus(name) => number(name).map(|value| -value),
        }
    }

    /// The symbol of a term; its name in upright words if it has none.
    fn symbol(&self, name: &'static str) -> String {
        let words = name.split(' ').map(|word| format!("\\{word}"));
        self.term(name).map_or_else(
            || words.collect::<Vec<_>>().join("\\,"),
            |term| term.info.symbol.to_owned(),
        )
    }

    fn symbol_of_factor(&self, by: Factor) -> String {
        match by {
            Factor::Number(1.0) => String::new(),
            Factor::Number(-1.0) => "−".to_owned(),
            Factor::Number(value) => value.to_string().replace('-', "−"),
            Factor::Term(name) => self.symbol(name),
            Factor::Minus(name) => format!("−{}", self.symbol(name)),
        }
    }

    /// The block of a level in the components of a stage.
    fn block<'b>(&self, levels: Levels, numbers: &'b [f64], level: usize) -> Option<&'b [f64]> {
        if !levels.contains(level) {
            return None;
        }
        let before = levels.within(self.shape).take_while(|&other| other < level);
        let first: usize = before.map(|other| self.shape.size(other)).sum();
        numbers.get(first..first + self.shape.size(level))
    }

    /// The summands of a direction, from the stages before a place.
    fn parts(&self, place: usize, along: &'static str, scale: &Scale) -> Vec<MovePart> {
        let mut parts: Vec<MovePart> = Vec::new();
        for (earlier, stage) in self.stages[..place].iter().enumerate() {
            let (is_momentum, from, by) = match stage.operation {
                Operation::Take { to, from, .. } if to == along => {
                    parts.clear();
                    (false, from, Factor::Number(1.0))
                }
                Operation::Add { to, by, from } | Operation::AddRows { to, by, from }
                    if to == along =>
                {
                    (false, from, by)
                }
                Operation::Scale { to, by } if to == along => {
                    let factor = self.factor(by).unwrap_or(1.0);
                    let sign = self.symbol_of_factor(by);
                    for part in &mut parts {
                        part.vector.iter_mut().for_each(|it| *it *= factor);
                        part.symbol = joined(&sign, &part.symbol);
                    }
                    continue;
                }
                Operation::Momentum { to, from, by } if to == along => {
                    parts = self.parts(earlier, from, scale);
                    if self.term(by.velocity).is_none() {
                        continue;
                    }
                    // the direction before the momentum is the rest of the sum
                    let Some(vector) = self.momentum(by.factor, by.velocity, scale) else {
                        continue;
                    };
                    let symbol = format!("{} {}", self.symbol(by.factor), self.symbol(by.velocity));
                    parts.push(MovePart {
                        name: by.velocity,
                        symbol: joined(&scale.symbol, &symbol),
                        vector,
                        is_momentum: true,
                    });
                    continue;
                }
                _ => continue,
            };
            let Some(vector) = self.change(stage, scale) else {
                continue;
            };
            let symbol = block_symbol(&self.symbol(from), stage.levels);
            let symbol = joined(&self.symbol_of_factor(by), &symbol);
            let symbol = joined(&scale.symbol, &symbol);
            match parts.last_mut().filter(|last| last.name == from) {
                // rows of one term are one part
                Some(last) => {
                    let all = last.vector.iter_mut().zip(&vector);
                    all.for_each(|(sum, row)| *sum += row);
                }
                None => parts.push(MovePart {
                    name: from,
                    symbol,
                    vector,
                    is_momentum,
                }),
            }
        }
        if parts.is_empty()
            && let Some(term) = self.term(along)
            && let Some(block) = term.block(scale.level, self.shape)
        {
            parts.push(MovePart {
                name: along,
                symbol: joined(&scale.symbol, term.info.symbol),
                vector: block.iter().map(|value| scale.factor * value).collect(),
                is_momentum: false,
            });
        }
        parts
    }

    /// The displacement that a stage adds: its result less its earlier value, times the factor of the move.
    fn change(&self, stage: &Stage, scale: &Scale) -> Option<Vec<f64>> {
        let after = self.block(stage.levels, &stage.after, scale.level)?;
        let is_new = matches!(stage.operation, Operation::Take { .. }) || stage.before.is_empty();
        if is_new {
            return Some(after.iter().map(|value| scale.factor * value).collect());
        }
        let before = self.block(stage.levels, &stage.before, scale.level)?;
        let pairs = after.iter().zip(before);
        Some(
            pairs
                .map(|(after, before)| scale.factor * (after - before))
                .collect(),
        )
    }

    fn momentum(&self, factor: &str, velocity: &str, scale: &Scale) -> Option<Vec<f64>> {
        let factor = self.term(factor)?.value.first()?;
        let block = self.term(velocity)?.block(scale.level, self.shape)?;
        Some(
            block
                .iter()
                .map(|value| scale.factor * factor * value)
                .collect(),
        )
    }
}

/// A symbol as a factor: in brackets if it is a sum.
pub fn bracketed(symbol: &str) -> String {
    let mut depth = 0_usize;
    let is_sum = symbol.char_indices().any(|(place, letter)| {
        match letter {
            '(' | '{' | '⟨' => depth += 1,
            ')' | '}' | '⟩' => depth = depth.saturating_sub(1),
            '+' | '−' if depth == 0 => return place > 0,
            _ => {}
        }
        false
    });
    if is_sum {
        format!("({symbol})")
    } else {
        symbol.to_owned()
    }
}

/// A factor before a part: two minus signs are none.
fn joined(factor: &str, part: &str) -> String {
    if factor.is_empty() {
        return part.to_owned();
    }
    let bracketed = bracketed(part);
    let part = bracketed.as_str();
    match (factor.strip_prefix('−'), part.strip_prefix('−')) {
        (Some(factor), Some(part)) => format!("{factor} {part}").trim().to_owned(),
        (None, Some(part)) => format!("−{factor} {part}"),
        (Some(""), None) => format!("−{part}"),
        _ => format!("{factor} {part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn signs_of_factors_are_joined() {
        for (factor, part, expected) in [
            ("", "∇f", "∇f"),
            ("−ξ", "∇f", "−ξ ∇f"),
            ("−ξ", "−∇f", "ξ ∇f"),
            ("−", "∇f", "−∇f"),
            ("−", "−∇f", "∇f"),
            ("λ", "−∇f", "−λ ∇f"),
            ("−ξ", "∇f + λ ∇q̂", "−ξ (∇f + λ ∇q̂)"),
            ("−", "∇g(x, y − z)", "−∇g(x, y − z)"),
            ("", "a − b", "a − b"),
        ] {
            assert_eq!(joined(factor, part), expected);
        }
    }
}

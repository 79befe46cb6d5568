//! The operations of a step in words and numbers, a line each.

use crate::messages::counted;
use bilevel::method::{Factor, Operation, Stage, StepTerm, SystemPart, TermKind, term_names};
use bilevel::study::{block_symbol, bracketed};

use super::barrier::barrier_line;
use super::symbols::in_symbols;
use super::{ProblemStep, SurrogateMap, block_name, dot, norm};
use crate::brief;

/// The significant digits of numbers.
const DIGITS: usize = 4;
/// The most components that are written out.
const WRITTEN: usize = 3;

/// A line on a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// The words, in markup.
    pub words: String,
    /// Its part.
    pub tone: LineTone,
    /// The names of the terms that the line is about.
    pub names: Vec<&'static str>,
}

/// Role of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineTone {
    /// An operation, which can be lit.
    Operation,
    /// A number that the operations use, or a remark.
    Fact,
}

/// The operations of a step, followed by the facts behind them.
pub(crate) fn step_lines(step: ProblemStep<'_>, surrogate: Option<&SurrogateMap>) -> Vec<StepLine> {
    let anatomy = step.anatomy;
    let mut lines = Vec::new();
    if let Some(replay) = &anatomy.replay {
        let mut stages = &replay.stages[..];
        while let [first, ..] = stages {
            let same = |stage: &&Stage| stage.operation == first.operation;
            let rows = stages.iter().take_while(same).count();
            lines.extend(operation_line(step, &stages[..rows]));
            stages = &stages[rows..];
        }
    }
    lines.extend(step_facts(step, surrogate));
    lines
}

/// A number; the sign of a zero tells nothing.
fn number(value: f64) -> String {
    brief(value + 0.0, DIGITS)
}

/// A vector in numbers: its components if they are few, else its norm and their number.
fn numbers(vector: &[f64]) -> String {
    match vector {
        [one] => number(*one),
        _ if vector.len() <= WRITTEN => {
            let parts: Vec<String> = vector.iter().map(|it| number(*it)).collect();
            format!("({})", parts.join(", "))
        }
        _ => format!("a vector of length {}", number(norm(vector))),
    }
}

/// The same, in brackets behind a factor if it is negative.
fn factor_of(vector: &[f64]) -> String {
    let text = numbers(vector);
    if vector.len() == 1 && vector[0] < 0.0 || vector.len() > WRITTEN {
        format!("({text})")
    } else {
        text
    }
}

/// The symbol of a term; its name in upright words if it is none.
fn symbol(step: ProblemStep<'_>, name: &'static str) -> String {
    let words = || name.split(' ').map(|word| format!("\\{word}"));
    step.anatomy.term(name).map_or_else(
        || words().collect::<Vec<_>>().join("\\,"),
        |term| in_symbols(step.metadata, term.info.symbol),
    )
}

/// The sign of a factor, its symbol and its number; both empty for ±1.
fn factor(step: ProblemStep<'_>, by: Factor) -> (&'static str, String, String) {
    let number = |name: &str| step.anatomy.number(name).unwrap_or(f64::NAN);
    match by {
        Factor::Number(value) if value.abs() == 1.0 => (
            if value < 0.0 { "−" } else { "+" },
            String::new(),
            String::new(),
        ),
        Factor::Number(value) => ("+", brief(value, DIGITS), brief(value, DIGITS)),
        Factor::Term(name) => ("+", symbol(step, name), brief(number(name), DIGITS)),
        Factor::Minus(name) => ("−", symbol(step, name), brief(number(name), DIGITS)),
    }
}

/// The words on an operation, and the names of the terms that they are about.
type Words = (String, Vec<&'static str>);

fn operation_line(step: ProblemStep<'_>, stages: &[Stage]) -> Option<StepLine> {
    let first = stages.first()?;
    let (words, names) = match first.operation {
        Operation::Take { .. }
        | Operation::Add { .. }
        | Operation::AddRows { .. }
        | Operation::Scale { .. }
        | Operation::Momentum { .. } => value_words(step, stages)?,
        Operation::Move { level, by, along } => move_words(step, first, (level, by, along)),
        Operation::Set { from } => answer_words(step, stages, from)?,
        Operation::Project { .. } | Operation::Descend { .. } => block_words(step, stages)?,
        Operation::With { .. } => return None,
    };
    Some(StepLine {
        words: words.replace("  ", " "),
        tone: LineTone::Operation,
        names,
    })
}

/// An operation on a value.
fn value_words(step: ProblemStep<'_>, stages: &[Stage]) -> Option<Words> {
    let (first, last) = (stages.first()?, stages.last()?);
    let after = numbers(&last.after);
    let found = match first.operation {
        Operation::Take { from, .. } => {
            let own = step.anatomy.term(from);
            let of_block = own.map_or_else(
                || symbol(step, from),
                |term| {
                    let of_block = block_symbol(term.info.symbol, last.levels);
                    in_symbols(step.metadata, &of_block)
                },
            );
            (format!("${of_block}$ = {after}"), vec![from])
        }
        Operation::Add { to, by, from } | Operation::AddRows { to, by, from } => {
            let (sign, by, _) = factor(step, by);
            let added: Vec<f64> = if first.before.is_empty() {
                last.after.clone()
            } else {
                let pairs = last.after.iter().zip(&first.before);
                pairs.map(|(after, before)| after - before).collect()
            };
            let rows = if stages.len() > 1 {
                format!(" in {} rows", stages.len())
            } else {
                String::new()
            };
            let (from_symbol, to) = (bracketed(&symbol(step, from)), symbol(step, to));
            let added = numbers(&added);
            let words = format!("${sign} {by} {from_symbol}$ = {added}{rows}; ${to}$ = {after}");
            (words, vec![from])
        }
        Operation::Scale { to, by } => {
            let (sign, by, _) = factor(step, by);
            let sign = if sign == "−" { "−" } else { "" };
            let to_symbol = symbol(step, to);
            let words = format!("${to_symbol} ← {sign}{by} {to_symbol}$ = {after}");
            (words, vec![to])
        }
        Operation::Momentum { to, from, by } => {
            step.anatomy.term(by.velocity)?;
            let names = [by.factor, by.velocity, to, from];
            let [m, velocity, to, from] = names.map(|name| symbol(step, name));
            let words = format!("${to} = {m} {velocity} + {from}$ = {after}");
            (words, vec![by.velocity])
        }
        _ => return None,
    };
    Some(found)
}

/// The symbol of the direction of a move: without momentum, that of the value from which it is taken.
fn direction_symbol(step: ProblemStep<'_>, along: &'static str) -> String {
    let stages = step.anatomy.replay.iter().flat_map(|replay| &replay.stages);
    let mut sources = stages.filter_map(|stage| match stage.operation {
        Operation::Momentum { to, from, by } if to == along => Some((from, by)),
        _ => None,
    });
    let name = match sources.next() {
        Some((from, by)) if step.anatomy.term(by.velocity).is_none() => from,
        _ => along,
    };
    bracketed(&symbol(step, name))
}

/// A move of a level along a direction.
fn move_words(
    step: ProblemStep<'_>,
    stage: &Stage,
    (level, by, along): (usize, Factor, &'static str),
) -> Words {
    let (sign, by, number) = factor(step, by);
    let name = block_name(step.metadata, level);
    let part = step.anatomy.term(along).and_then(|term| {
        let block = term.block(level, step.metadata.shape())?;
        Some(factor_of(block))
    });
    let sum = match part.filter(|_| stage.before.len() <= WRITTEN && !number.is_empty()) {
        Some(part) => format!("{} {sign} {number} · {part} = ", numbers(&stage.before)),
        None => String::new(),
    };
    let (along, after) = (direction_symbol(step, along), numbers(&stage.after));
    let words = format!("${name} ← {name} {sign} {by} {along}$ = {sum}{after}");
    let own = step.anatomy.moves.iter().find(|one| one.level == level);
    let names = own.map_or_else(Vec::new, |own| {
        own.parts.iter().map(|part| part.name).collect()
    });
    (words, names)
}

/// A projection, or the steps of a loop; `None` if nothing changes.
fn block_words(step: ProblemStep<'_>, stages: &[Stage]) -> Option<Words> {
    let (first, last) = (stages.first()?, stages.last()?);
    let [before, after] = [&first.before, &last.after].map(|block| numbers(block));
    match first.operation {
        Operation::Project { level } if first.before != last.after => {
            let name = block_name(step.metadata, level);
            let words = format!("box: ${name}$ from {before} to {after}");
            Some((words, vec!["box"]))
        }
        Operation::Descend {
            level, by, along, ..
        } => {
            let (_, by, number) = factor(step, by);
            let (name, count) = (block_name(step.metadata, level), steps(stages.len()));
            let words = format!("${name}$: {count} of ${by}$ = {number} from {before} to {after}");
            Some((words, vec![along, term_names::INNER_PATH]))
        }
        _ => None,
    }
}

/// The answers of the levels beneath; `None` if they stay.
fn answer_words(step: ProblemStep<'_>, stages: &[Stage], from: &'static str) -> Option<Words> {
    let moved = stages.iter().filter(|stage| stage.before != stage.after);
    let shape = step.metadata.shape();
    let blocks = moved.map(|stage| {
        let mut levels = stage.levels.within(shape);
        let name = match (levels.next(), levels.next()) {
            (Some(level), None) => block_name(step.metadata, level),
            _ => symbol(step, from),
        };
        format!("${name}$ = {}", numbers(&stage.after))
    });
    let blocks: Vec<String> = blocks.collect();
    if blocks.is_empty() {
        return None;
    }
    let words = format!("levels beneath answer: {}", blocks.join(", "));
    Some((words, vec![from, term_names::INNER_PATH]))
}

fn steps(count: usize) -> String {
    counted(count, "step")
}

/// The numbers behind the operations.
fn step_facts(step: ProblemStep<'_>, surrogate: Option<&SurrogateMap>) -> Vec<StepLine> {
    let anatomy = step.anatomy;
    let mut facts = Vec::new();
    if let Some(reason) = &anatomy.failure {
        facts.push(format!("The step fails: {reason}."));
    }
    let is_number = |term: &&StepTerm| {
        let kinds = matches!(
            term.info.kind,
            TermKind::Weight | TermKind::StepSize | TermKind::Measure | TermKind::Value { .. }
        );
        kinds && term.value.len() == 1
    };
    let list: Vec<String> = anatomy
        .terms
        .iter()
        .filter(is_number)
        .map(|term| {
            let symbol = in_symbols(step.metadata, term.info.symbol);
            format!("${symbol}$ = {}", number(term.value[0]))
        })
        .collect();
    if !list.is_empty() {
        facts.push(list.join(", "));
    }
    let paths = anatomy.terms.iter();
    let paths = paths.filter(|term| {
        term.info.kind == TermKind::Path && term.info.name == term_names::INNER_PATH
    });
    for path in paths {
        let rows: Vec<&[f64]> = path.rows(step.metadata.shape()).collect();
        if let ([first, .., last], Some(solved)) = (&rows[..], anatomy.followed.last())
            && last.len() == solved.len()
        {
            let distance = |from: &[f64]| {
                let gaps = from.iter().zip(solved).map(|(a, b)| a - b);
                norm(&gaps.collect::<Vec<_>>())
            };
            facts.push(format!(
                "the follower's loop: {}; distance to its end if it were continued: {} before, {} after",
                steps(rows.len() - 1),
                brief(distance(first), 3),
                brief(distance(last), 3)
            ));
        }
    }
    facts.extend(barrier_line(anatomy));
    facts.extend(surrogate.map(|map| map.line(step)));
    facts.extend(system(step));
    facts.extend(angles(step));
    facts
        .into_iter()
        .map(|words| StepLine {
            words,
            tone: LineTone::Fact,
            names: Vec::new(),
        })
        .collect()
}

/// The linear system in a line: iterations, residual, and the eigenvalues of its matrix.
fn system(step: ProblemStep<'_>) -> Option<String> {
    let anatomy = step.anatomy;
    let is_norms = |term: &&StepTerm| term.info.kind == TermKind::LinearSystem(SystemPart::Norms);
    let norms = anatomy.terms.iter().find(is_norms)?;
    let ends = match &norms.value[..] {
        [first, .., last] => format!(
            "${}$ from {} to {} in {} iterations",
            in_symbols(step.metadata, norms.info.symbol),
            brief(*first, 3),
            brief(*last, 3),
            norms.value.len() - 1
        ),
        [only] => format!(
            "${}$ = {}",
            in_symbols(step.metadata, norms.info.symbol),
            brief(*only, 3)
        ),
        [] => return None,
    };
    let hessian = in_symbols(step.metadata, "∇^2_{yy} g");
    let spectrum = match &anatomy.spectrum[..] {
        [only] => format!("; eigenvalue of ${hessian}$: {}", brief(*only, 3)),
        [least, .., most] => format!(
            "; eigenvalues of ${hessian}$: {} to {}",
            brief(*least, 3),
            brief(*most, 3)
        ),
        [] => String::new(),
    };
    Some(ends + &spectrum)
}

/// The shares of the parts of each move of several variables, and the angle between the two largest.
fn angles(step: ProblemStep<'_>) -> Vec<String> {
    let moves = step.anatomy.moves.iter();
    let moves = moves.filter(|one| one.before.len() > 1 && one.parts.len() > 1);
    let of_move = moves.map(|one| {
        let lengths: Vec<f64> = one.parts.iter().map(|part| norm(&part.vector)).collect();
        let sum: f64 = lengths.iter().sum();
        let shares = one.parts.iter().zip(&lengths).map(|(part, length)| {
            let symbol = in_symbols(step.metadata, &part.symbol);
            format!("${symbol}$ {} %", brief(100.0 * length / sum, 2))
        });
        let mut order: Vec<usize> = (0..lengths.len()).collect();
        order.sort_by(|a, b| lengths[*b].total_cmp(&lengths[*a]));
        let [a, b] = [order[0], order[1]].map(|place| &one.parts[place].vector);
        let cosine = dot(a, b) / (norm(a) * norm(b));
        let angle = if cosine.is_finite() {
            let degrees = cosine.clamp(-1.0, 1.0).acos().to_degrees();
            format!("; {} ° between the two largest", brief(degrees, 3))
        } else {
            String::new()
        };
        let name = block_name(step.metadata, one.level);
        format!("${name}$: {}{angle}", shares.collect::<Vec<_>>().join(", "))
    });
    of_move.collect()
}

//! Evaluation order of the definitions, without circles.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::tree::Expr;
use super::walk::visit;
use crate::messages;

/// The numbers of the definitions in evaluation order, each after those that it needs.
pub(super) fn in_order(draft: &Draft, definitions: &[Expr]) -> Result<Vec<usize>, FormulaError> {
    let names: BTreeMap<&str, usize> = draft
        .definitions
        .iter()
        .enumerate()
        .map(|(number, (name, _))| (name.as_str(), number))
        .collect();
    let needs: Vec<Vec<(usize, &Expr)>> = definitions
        .iter()
        .map(|definition| {
            let mut found = Vec::new();
            visit(definition, &mut |name, part| {
                found.extend(names.get(name).map(|number| (*number, part)));
            });
            found
        })
        .collect();
    let mut order: Vec<usize> = Vec::new();
    let mut is_placed = vec![false; definitions.len()];
    while order.len() < definitions.len() {
        let before = order.len();
        for number in 0..definitions.len() {
            if !is_placed[number] && needs[number].iter().all(|(need, _)| is_placed[*need]) {
                is_placed[number] = true;
                order.push(number);
            }
        }
        if order.len() == before {
            return Err(circle(draft, &needs, &is_placed));
        }
    }
    Ok(order)
}

/// The error on a circle among the definitions that are not placed yet.
fn circle(draft: &Draft, needs: &[Vec<(usize, &Expr)>], is_placed: &[bool]) -> FormulaError {
    let name = |number: usize| draft.definitions[number].0.as_str();
    let mut way: Vec<usize> = Vec::new();
    let mut here = is_placed.iter().position(|placed| !placed).unwrap_or(0);
    loop {
        if let Some(begin) = way.iter().position(|seen| *seen == here) {
            way.drain(..begin);
            break;
        }
        way.push(here);
        let next = needs[here].iter().find(|(need, _)| !is_placed[*need]);
        here = next.map_or(here, |(need, _)| *need);
    }
    let first = way[0];
    let second = way.get(1).copied().unwrap_or(first);
    let part = needs[first].iter().find(|(need, _)| *need == second);
    let span = part.map_or(0..0, |(_, part)| part.span.clone());
    let names: Vec<&str> = way.iter().chain([&first]).map(|at| name(*at)).collect();
    let message = messages::formula::circular_definitions(&names);
    SpanError::new(span, message).at(FormulaPart::Definition(first), &draft.definitions[first].1)
}

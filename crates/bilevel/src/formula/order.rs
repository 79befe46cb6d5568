//! Evaluation order of the definitions, without circles.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::tree::Expr;
use super::walk::visit;
use crate::messages;

/// The definitions in evaluation order.
pub(super) struct DefinitionOrder {
    /// Their numbers, each after those that it needs; without those in circles.
    pub(super) order: Vec<usize>,
    /// The numbers of the definitions in circles.
    pub(super) circular: Vec<usize>,
    /// An error for each circle.
    pub(super) errors: Vec<FormulaError>,
}

/// Orders the definitions.
pub(super) fn in_order(draft: &Draft, definitions: &[Expr]) -> DefinitionOrder {
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
    let mut circular = Vec::new();
    let mut errors = Vec::new();
    while order.len() + circular.len() < definitions.len() {
        let before = order.len();
        for number in 0..definitions.len() {
            if !is_placed[number] && needs[number].iter().all(|(need, _)| is_placed[*need]) {
                is_placed[number] = true;
                order.push(number);
            }
        }
        if order.len() == before {
            let way = circle(&needs, &is_placed);
            errors.push(circle_error(draft, &needs, &way));
            for &number in &way {
                is_placed[number] = true;
            }
            circular.extend(way);
        }
    }
    DefinitionOrder {
        order,
        circular,
        errors,
    }
}

/// The definitions of a circle among those that are not placed yet, each before one that it needs.
fn circle(needs: &[Vec<(usize, &Expr)>], is_placed: &[bool]) -> Vec<usize> {
    let mut way: Vec<usize> = Vec::new();
    let mut here = is_placed.iter().position(|placed| !placed).unwrap_or(0);
    loop {
        if let Some(begin) = way.iter().position(|seen| *seen == here) {
            way.drain(..begin);
            return way;
        }
        way.push(here);
        let next = needs[here].iter().find(|(need, _)| !is_placed[*need]);
        here = next.map_or(here, |(need, _)| *need);
    }
}

fn circle_error(draft: &Draft, needs: &[Vec<(usize, &Expr)>], way: &[usize]) -> FormulaError {
    let name = |number: usize| draft.definitions[number].0.as_str();
    let first = way[0];
    let second = way.get(1).copied().unwrap_or(first);
    let part = needs[first].iter().find(|(need, _)| *need == second);
    let span = part.map_or(0..0, |(_, part)| part.span.clone());
    let names: Vec<&str> = way.iter().chain([&first]).map(|at| name(*at)).collect();
    let message = messages::formula::circular_definitions(&names);
    SpanError::new(span, message).at(FormulaPart::Definition(first), &draft.definitions[first].1)
}

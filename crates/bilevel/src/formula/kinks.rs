//! The functions of a model that have kinks or jumps.

use std::collections::BTreeSet;

use super::model::Model;
use super::tree::{Expr, Function, IF, Node};
use super::walk::visit_parts;

/// The functions with kinks or jumps.
const KINKED: [Function; 7] = [
    Function::Abs,
    Function::Min,
    Function::Max,
    Function::Norm1,
    Function::Norm2,
    Function::Sign,
    Function::Floor,
];

impl Model {
    /// The names of the functions with kinks or jumps in the objectives and in the definitions that these need, each once.
    pub(crate) fn kinked_functions(&self) -> Vec<&'static str> {
        let definitions = &self.draft().definitions;
        let mut is_met = vec![false; definitions.len()];
        let mut formulas: Vec<&Expr> = (1..=self.shape().levels())
            .map(|level| self.objective(level))
            .collect();
        let mut names = Vec::new();
        let mut place = 0;
        while let Some(formula) = formulas.get(place).copied() {
            place += 1;
            visit_parts(formula, &mut |part| match &part.node {
                Node::Call(function, _) if KINKED.contains(function) => {
                    names.push(function.info().name);
                }
                Node::If(_) => names.push(IF.name),
                Node::Name(name) | Node::Element(name, _) | Node::Entry(name, _) => {
                    let known = definitions.iter().position(|(known, _)| known == name);
                    if let Some(number) = known.filter(|number| !is_met[*number]) {
                        is_met[number] = true;
                        formulas.push(self.definition(number));
                    }
                }
                _ => {}
            });
        }
        let mut is_said = BTreeSet::new();
        names.retain(|name| is_said.insert(*name));
        names
    }
}

//! Walks over the parts of a formula.

use super::tree::{Expr, Node};

/// Calls `found` for every name in a formula.
pub(super) fn visit<'e>(whole: &'e Expr, found: &mut impl FnMut(&'e str, &'e Expr)) {
    visit_parts(whole, &mut |part| match &part.node {
        Node::Name(name) | Node::Element(name, _) | Node::Entry(name, _) => found(name, part),
        _ => {}
    });
}

/// Calls `found` for a formula and every part of it, each before its own parts.
pub(super) fn visit_parts<'e>(part: &'e Expr, found: &mut impl FnMut(&'e Expr)) {
    found(part);
    let mut visit = |inner: &'e Expr| visit_parts(inner, found);
    match &part.node {
        Node::Number(_) | Node::Name(_) => {}
        Node::Element(_, inner) | Node::Negative(inner) => visit(inner),
        Node::Entry(_, [one, other]) => [one, other].into_iter().for_each(|it| visit(it)),
        Node::Sum(first, rest) => {
            visit(first);
            for (_, term) in rest {
                visit(term);
            }
        }
        Node::Product(first, rest) => {
            visit(first);
            for (_, factor) in rest {
                visit(factor);
            }
        }
        Node::Power(base, exponent) => [base, exponent].into_iter().for_each(|it| visit(it)),
        Node::Call(_, parts) | Node::Vector(parts) | Node::Broken(parts) => {
            parts.iter().for_each(visit);
        }
        Node::If(branch) => {
            let sides = [&branch.left, &branch.right, &branch.holds, &branch.fails];
            sides.into_iter().for_each(visit);
        }
        Node::Over(over) => [&over.from, &over.to, &over.body]
            .into_iter()
            .for_each(visit),
    }
}

//! Prints a tree as a formula that parses to the same tree.

use super::tree::{Branch, Expr, Factor, IF, Node, TermSign};

/// Binding strength of a part; a part is put in parentheses if a stronger one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    Sum,
    Product,
    Negative,
    Power,
    Atom,
}

impl Hold {
    pub(super) const fn of(node: &Node) -> Self {
        match node {
            Node::Sum(..) => Self::Sum,
            Node::Product(..) => Self::Product,
            Node::Negative(_) => Self::Negative,
            Node::Power(..) => Self::Power,
            _ => Self::Atom,
        }
    }
}

/// Prints a formula as it would be typed.
pub fn print(formula: &Expr) -> String {
    let mut out = String::new();
    write(formula, Hold::Sum, &mut out);
    out
}

/// Prints a number so that it parses to the same bits.
pub(super) fn number(number: f64) -> String {
    if number.fract() == 0.0 && number < 1e15 {
        format!("{number:.0}")
    } else {
        format!("{number:?}")
    }
}

fn write(part: &Expr, least: Hold, out: &mut String) {
    if Hold::of(&part.node) < least {
        out.push('(');
        write(part, Hold::Sum, out);
        out.push(')');
        return;
    }
    match &part.node {
        Node::Number(value) => out.push_str(&number(*value)),
        Node::Name(name) => out.push_str(name),
        Node::Entry(name, [row, column]) => {
            out.push_str(name);
            out.push('[');
            write(row, Hold::Sum, out);
            out.push_str(", ");
            write(column, Hold::Sum, out);
            out.push(']');
        }
        Node::Element(name, index) => {
            out.push_str(name);
            out.push('[');
            write(index, Hold::Sum, out);
            out.push(']');
        }
        Node::Negative(of) => {
            out.push('-');
            write(of, Hold::Negative, out);
        }
        Node::Sum(first, rest) => {
            write(first, Hold::Product, out);
            for (sign, term) in rest {
                out.push_str(match sign {
                    TermSign::Plus => " + ",
                    TermSign::Minus => " - ",
                });
                write(term, Hold::Product, out);
            }
        }
        Node::Product(first, rest) => {
            write(first, Hold::Negative, out);
            for (sign, factor) in rest {
                out.push(match sign {
                    Factor::Times => '*',
                    Factor::Over => '/',
                });
                write(factor, Hold::Negative, out);
            }
        }
        Node::Power(base, exponent) => {
            write(base, Hold::Atom, out);
            out.push('^');
            write(exponent, Hold::Negative, out);
        }
        Node::Call(function, arguments) => {
            out.push_str(function.info().name);
            list(arguments, ['(', ')'], out);
        }
        Node::Vector(entries) => list(entries, ['[', ']'], out),
        Node::Broken(parts) => list(parts, ['(', ')'], out),
        Node::If(branch) => choice(branch, out),
        Node::Over(over) => {
            let ends = [&over.from, &over.to, &over.body];
            out.push_str(over.fold.info().name);
            out.push('(');
            out.push_str(&over.index);
            for argument in ends {
                out.push_str(", ");
                write(argument, Hold::Sum, out);
            }
            out.push(')');
        }
    }
}

fn choice(branch: &Branch, out: &mut String) {
    out.push_str(IF.name);
    out.push('(');
    write(&branch.left, Hold::Sum, out);
    out.push(' ');
    out.push_str(branch.relation.sign());
    for (between, part) in [
        (" ", &branch.right),
        (", ", &branch.holds),
        (", ", &branch.fails),
    ] {
        out.push_str(between);
        write(part, Hold::Sum, out);
    }
    out.push(')');
}

fn list(items: &[Expr], [opening, closing]: [char; 2], out: &mut String) {
    out.push(opening);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        write(item, Hold::Sum, out);
    }
    out.push(closing);
}

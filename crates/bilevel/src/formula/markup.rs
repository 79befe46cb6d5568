//! Prints a tree in the markup of the app's texts, for the typeset formula beneath the typed one.

use super::print::{Hold, number};
use super::tree::{Expr, Factor, Function, Node, Over, TermSign};

/// The formula as maths, without the dollar signs.
pub fn maths(formula: &Expr) -> String {
    let mut out = String::new();
    write(formula, Hold::Sum, &mut out);
    out
}

/// A name as maths: Greek letters by their words, digits at the end and the part after `_` as an index, other words
/// upright.
pub fn name_as_maths(name: &str) -> String {
    let (stem, index) = parts(name);
    match index {
        Some(index) => format!("{stem}_{{{index}}}"),
        None => stem,
    }
}

/// An entry of a vector as maths, by its index as maths.
pub(super) fn element_as_maths(name: &str, index: &str) -> String {
    match parts(name) {
        (stem, Some(own)) => format!("{stem}_{{{own},{index}}}"),
        (stem, None) => format!("{stem}_{{{index}}}"),
    }
}

/// A name without its index, and the index.
fn parts(name: &str) -> (String, Option<String>) {
    let (stem, index) = if let Some((stem, index)) = name.split_once('_') {
        (stem, index.replace('_', ","))
    } else {
        let stem = name.trim_end_matches(|one: char| one.is_ascii_digit());
        (stem, name[stem.len()..].to_owned())
    };
    (letter(stem), (!index.is_empty()).then_some(index))
}

const GREEK: [(&str, &str); 24] = [
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
];

fn letter(stem: &str) -> String {
    if let Some((_, letter)) = GREEK.iter().find(|(word, _)| *word == stem) {
        (*letter).to_owned()
    } else if stem.chars().count() > 1 && stem.is_ascii() {
        format!("\\{stem}")
    } else {
        stem.to_owned()
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
        Node::Name(name) => out.push_str(&name_as_maths(name)),
        Node::Element(name, index) => {
            let mut inner = String::new();
            write(index, Hold::Sum, &mut inner);
            out.push_str(&element_as_maths(name, &inner.replace(' ', "")));
        }
        Node::Negative(of) => {
            out.push('−');
            write(of, Hold::Product, out);
        }
        Node::Sum(first, rest) => {
            write(first, Hold::Product, out);
            for (sign, term) in rest {
                out.push_str(match sign {
                    TermSign::Plus => " + ",
                    TermSign::Minus => " − ",
                });
                let is_signed = matches!(term.node, Node::Negative(_));
                write(
                    term,
                    if is_signed { Hold::Atom } else { Hold::Product },
                    out,
                );
            }
        }
        Node::Product(first, rest) => product(first, rest, out),
        Node::Power(base, exponent) => {
            write(base, Hold::Atom, out);
            out.push_str("^{");
            write(exponent, Hold::Sum, out);
            out.push('}');
        }
        Node::Call(function, arguments) => call(*function, arguments, out),
        Node::Over(over) => sum(over, out),
    }
}

fn product(first: &Expr, rest: &[(Factor, Expr)], out: &mut String) {
    write(first, Hold::Negative, out);
    for (sign, factor) in rest {
        let begins_with_digit = match &factor.node {
            Node::Number(_) => true,
            Node::Power(base, _) => matches!(base.node, Node::Number(_)),
            _ => false,
        };
        out.push_str(match sign {
            Factor::Times if begins_with_digit => " · ",
            Factor::Times => "\\,",
            Factor::Over => "\\,/\\,",
        });
        write(factor, Hold::Power, out);
    }
}

fn call(function: Function, arguments: &[Expr], out: &mut String) {
    let (before, after) = match function {
        Function::Sqrt => ("√(".to_owned(), ")"),
        Function::Abs => ("|".to_owned(), "|"),
        Function::Norm2 => ("‖".to_owned(), "‖"),
        Function::Dot => ("⟨".to_owned(), "⟩"),
        other => (format!("\\{}(", other.info().name), ")"),
    };
    out.push_str(&before);
    for (place, argument) in arguments.iter().enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        write(argument, Hold::Sum, out);
    }
    out.push_str(after);
}

fn sum(over: &Over, out: &mut String) {
    let compact = |part: &Expr| maths(part).replace(' ', "");
    out.push_str("Σ_{");
    out.push_str(&name_as_maths(&over.index));
    out.push('=');
    out.push_str(&compact(&over.from));
    out.push('…');
    out.push_str(&compact(&over.to));
    out.push_str("} ");
    write(&over.body, Hold::Product, out);
}

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
                let is_signed = match &term.node {
                    Node::Negative(_) => true,
                    Node::Product(first, _) => matches!(first.node, Node::Negative(_)),
                    _ => false,
                };
                write(
                    term,
                    if is_signed { Hold::Atom } else { Hold::Product },
                    out,
                );
            }
        }
        Node::Product(first, rest) => product(first, rest, out),
        Node::Power(base, exponent) => power(base, exponent, out),
        Node::Call(function, arguments) => call(*function, arguments, out),
        Node::Over(over) => sum(over, out),
    }
}

fn power(base: &Expr, exponent: &Expr, out: &mut String) {
    // the square of a sine is sin²
    let named = match &base.node {
        Node::Call(function, arguments) if has_name(*function) => Some((*function, arguments)),
        _ => None,
    };
    match named {
        Some((function, _)) => out.push_str(&name_of(function)),
        None => write(base, Hold::Atom, out),
    }
    out.push_str("^{");
    write(exponent, Hold::Sum, out);
    out.push('}');
    if let Some((_, arguments)) = named {
        out.push('(');
        list(arguments, out);
        out.push(')');
    }
}

/// Fractions that are one character, by their denominators.
const FRACTIONS: [(f64, &str); 3] = [(2.0, "½"), (3.0, "⅓"), (4.0, "¼")];

fn product(first: &Expr, rest: &[(Factor, Expr)], out: &mut String) {
    if let Node::Negative(of) = &first.node {
        out.push('−');
        product(of, rest, out);
        return;
    }
    if let Some((fraction, factors)) = with_fraction(first, rest) {
        out.push_str(fraction);
        let mut before = None;
        for factor in factors {
            out.push_str(between(before, factor));
            write(factor, Hold::Power, out);
            before = Some(factor);
        }
        return;
    }
    write(first, Hold::Power, out);
    let mut before = first;
    for (sign, factor) in rest {
        out.push_str(match sign {
            Factor::Times => between(Some(before), factor),
            Factor::Over => "\\,/\\,",
        });
        write(factor, Hold::Power, out);
        before = factor;
    }
}

/// The sign or the space between two factors: none after a number or a letter before another letter.
fn between(before: Option<&Expr>, factor: &Expr) -> &'static str {
    let is_short = |part: &Expr| match &part.node {
        Node::Number(_) => true,
        Node::Name(name) => letter(name).chars().count() == 1,
        _ => false,
    };
    match before {
        Some(_) if begins_with_digit(factor) => " · ",
        Some(before) if is_short(before) && begins_with_letter(factor) => "",
        _ => "\\,",
    }
}

/// The factors of a product that is divided by a small number only, with the fraction to be written before them.
fn with_fraction<'a>(
    first: &'a Expr,
    rest: &'a [(Factor, Expr)],
) -> Option<(&'static str, Vec<&'a Expr>)> {
    let mut fraction = None;
    let mut factors = vec![first];
    for (sign, factor) in rest {
        match (sign, &factor.node) {
            (Factor::Times, _) => factors.push(factor),
            (Factor::Over, Node::Number(value)) if fraction.is_none() => {
                let mut known = FRACTIONS.iter();
                fraction = Some(known.find(|(denominator, _)| denominator == value)?.1);
            }
            (Factor::Over, _) => return None,
        }
    }
    let is_plain = |factor: &&Expr| !begins_with_digit(factor);
    let fraction = fraction?;
    factors.iter().all(is_plain).then_some((fraction, factors))
}

fn begins_with_digit(factor: &Expr) -> bool {
    match &factor.node {
        Node::Number(_) => true,
        Node::Power(base, _) => matches!(base.node, Node::Number(_)),
        _ => false,
    }
}

/// True for a variable of one letter, its entry or a power of it.
fn begins_with_letter(factor: &Expr) -> bool {
    match &factor.node {
        Node::Name(name) | Node::Element(name, _) => parts(name).0.chars().count() == 1,
        Node::Power(base, _) => begins_with_letter(base),
        _ => false,
    }
}

/// True for a function that is written by its name.
fn has_name(function: Function) -> bool {
    use Function::{Abs, Dot, Norm2, Sqrt};
    !matches!(function, Sqrt | Abs | Norm2 | Dot)
}

fn name_of(function: Function) -> String {
    match function {
        Function::Log => "\\ln".to_owned(),
        other => format!("\\{}", other.info().name),
    }
}

fn call(function: Function, arguments: &[Expr], out: &mut String) {
    if let (Function::Exp, [exponent]) = (function, arguments)
        && is_low(exponent)
    {
        out.push_str("e^{");
        out.push_str(&maths(exponent).replace(' ', ""));
        out.push('}');
        return;
    }
    let (before, after) = match function {
        Function::Sqrt => ("√(".to_owned(), ")"),
        Function::Abs => ("|".to_owned(), "|"),
        Function::Norm2 => ("‖".to_owned(), "‖"),
        Function::Dot => ("⟨".to_owned(), "⟩"),
        other => (format!("{}(", name_of(other)), ")"),
    };
    out.push_str(&before);
    list(arguments, out);
    out.push_str(after);
}

/// True if a formula needs one line only, so that it can be an exponent.
fn is_low(part: &Expr) -> bool {
    match &part.node {
        Node::Number(_) | Node::Name(_) => true,
        Node::Negative(of) => is_low(of),
        Node::Sum(first, rest) => is_low(first) && rest.iter().all(|(_, term)| is_low(term)),
        Node::Product(first, rest) => {
            is_low(first) && rest.iter().all(|(_, factor)| is_low(factor))
        }
        Node::Element(..) | Node::Power(..) | Node::Call(..) | Node::Over(_) => false,
    }
}

fn list(arguments: &[Expr], out: &mut String) {
    for (place, argument) in arguments.iter().enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        write(argument, Hold::Sum, out);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parse;

    #[test]
    fn formulas_are_typeset_as_they_are_written_by_hand() {
        for (typed, typeset) in [
            ("(y - x)^2/2", "½\\,(y − x)^{2}"),
            ("-x*y^2/2 - y^4/4", "−½\\,xy^{2} − ¼\\,y^{4}"),
            ("0.1*y*z + 2*pi*y", "0.1yz + 2πy"),
            ("x^3*y + x[1]*y", "x^{3}\\,y + x_{1}\\,y"),
            ("2/15*(1 - x)*y^3", "2\\,/\\,15\\,(1 − x)\\,y^{3}"),
            ("3*x/2", "3x\\,/\\,2"),
            ("x/(2*y)", "x\\,/\\,(2y)"),
            ("x*2^y*3", "x · 2^{y} · 3"),
            ("a - -x*y", "a − (−xy)"),
            ("sin(x + y)^2", "\\sin^{2}(x + y)"),
            ("exp(2 - 4*x)", "e^{2−4x}"),
            ("exp(-x^2)*exp(x)^2", "\\exp(−x^{2})\\,\\exp^{2}(x)"),
            ("log(x)/2 + sqrt(x)", "½\\,\\ln(x) + √(x)"),
            ("price*x", "\\price\\,x"),
        ] {
            let tree = parse(typed).expect("the formula is right");
            assert_eq!(maths(&tree), typeset, "{typed}");
        }
    }
}

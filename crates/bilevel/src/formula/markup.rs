//! Prints a tree in the markup of the app's texts, for the typeset formula beneath the typed one.

use super::print::{Hold, number};
use super::tree::{Branch, Expr, Factor, Fold, Function, Node, Over, Relation, TermSign};

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
        Node::Entry(name, indices) => {
            let mut inner = String::new();
            list_of(indices.iter().map(|index| &**index), &mut inner);
            out.push_str(&element_as_maths(name, &inner.replace(' ', "")));
        }
        Node::Negative(of) => {
            out.push('−');
            let is_signed = matches!(of.node, Node::Negative(_));
            write(of, if is_signed { Hold::Atom } else { Hold::Product }, out);
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
        Node::Vector(entries) => {
            out.push('[');
            list(entries, out);
            out.push(']');
        }
        Node::If(branch) => choice(branch, out),
        Node::Over(over) => joined(over, out),
        Node::Broken(parts) => list(parts, out),
    }
}

fn power(base: &Expr, exponent: &Expr, out: &mut String) {
    if !is_low(exponent) {
        // there is no exponent of an exponent in the markup
        out.push_str("\\pow(");
        write(base, Hold::Sum, out);
        out.push_str(", ");
        write(exponent, Hold::Sum, out);
        out.push(')');
        return;
    }
    let raised = maths(exponent).replace(' ', "");
    match &base.node {
        // the square of a sine is sin²
        Node::Call(function, arguments) if is_raised_by_name(*function) => {
            out.push_str(&name_of(*function));
            out.push_str("^{");
            out.push_str(&raised);
            out.push_str("}(");
            list(arguments, out);
            out.push(')');
            return;
        }
        Node::Call(Function::Exp | Function::Sqrt, _) => {
            out.push('(');
            write(base, Hold::Sum, out);
            out.push(')');
        }
        _ => write(base, Hold::Atom, out),
    }
    out.push_str("^{");
    out.push_str(&raised);
    out.push('}');
}

/// Fractions that are one character, by numerator and denominator.
const FRACTIONS: [([f64; 2], &str); 4] = [
    ([1.0, 2.0], "½"),
    ([1.0, 3.0], "⅓"),
    ([1.0, 4.0], "¼"),
    ([3.0, 4.0], "¾"),
];

/// Writes a product as a fraction: numbers first, then the other factors, then the denominators.
fn product(first: &Expr, rest: &[(Factor, Expr)], out: &mut String) {
    if let Node::Negative(of) = &first.node {
        out.push('−');
        product(of, rest, out);
        return;
    }
    let of_sign = |wanted: Factor| {
        let factors = rest.iter().filter(move |(sign, _)| *sign == wanted);
        factors.map(|(_, factor)| factor)
    };
    let mut tops: Vec<&Expr> = std::iter::once(first)
        .chain(of_sign(Factor::Times))
        .collect();
    let mut unders: Vec<&Expr> = of_sign(Factor::Over).collect();
    let value = |part: &Expr| match part.node {
        Node::Number(value) => Some(value),
        _ => None,
    };
    let top = value(first);
    if let ([under], false) = (&unders[..], tops.len() == 1 && top.is_some())
        && let Some(under) = value(under)
    {
        // a fraction of numbers is a factor of its own
        let known = FRACTIONS
            .iter()
            .find(|(of, _)| *of == [top.unwrap_or(1.0), under]);
        if let Some((_, fraction)) = known {
            out.push_str(fraction);
        } else {
            out.push_str(&number(top.unwrap_or(1.0)));
            out.push('/');
            out.push_str(&number(under));
        }
        if top.is_some() {
            tops.remove(0);
        }
        unders.clear();
        out.push_str("\\,");
    } else if top == Some(1.0) && tops.len() > 1 && !unders.is_empty() {
        tops.remove(0);
    }
    let mut before = None;
    for factor in tops {
        if let Some(before) = before {
            out.push_str(between(before, factor));
        }
        write(factor, Hold::Power, out);
        before = Some(factor);
    }
    for under in unders {
        out.push_str("\\,/\\,");
        write(under, Hold::Power, out);
    }
}

/// The sign or the space between two factors: none after a number or a letter before another letter.
fn between(before: &Expr, factor: &Expr) -> &'static str {
    let is_short = match &before.node {
        Node::Number(_) => true,
        Node::Name(name) => letter(name).chars().count() == 1,
        _ => false,
    };
    if begins_with_digit(factor) {
        " · "
    } else if is_short && begins_with_letter(factor) {
        ""
    } else {
        "\\,"
    }
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
        Node::Name(name) | Node::Element(name, _) | Node::Entry(name, _) => {
            parts(name).0.chars().count() == 1
        }
        Node::Power(base, _) => begins_with_letter(base),
        _ => false,
    }
}

/// True for a function of one number that is written by its name, which an exponent follows.
fn is_raised_by_name(function: Function) -> bool {
    use Function::{Abs, Cols, Dot, Exp, LogSumExp, Max, Min, Norm1, Norm2, Rows, Sqrt};
    !matches!(
        function,
        Sqrt | Abs | Norm1 | Norm2 | Dot | Exp | Min | Max | LogSumExp | Rows | Cols
    )
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
        Function::Norm1 => ("‖".to_owned(), "‖_{1}"),
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
        Node::Element(..)
        | Node::Entry(..)
        | Node::Power(..)
        | Node::Call(..)
        | Node::Vector(_)
        | Node::If(_)
        | Node::Over(_)
        | Node::Broken(_) => false,
    }
}

fn list(arguments: &[Expr], out: &mut String) {
    list_of(arguments.iter(), out);
}

fn list_of<'e>(arguments: impl Iterator<Item = &'e Expr>, out: &mut String) {
    for (place, argument) in arguments.enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        write(argument, Hold::Sum, out);
    }
}

/// Writes a choice between two formulas.
fn choice(branch: &Branch, out: &mut String) {
    out.push_str("\\if(");
    write(&branch.left, Hold::Sum, out);
    out.push_str(match branch.relation {
        Relation::Less => " < ",
        Relation::LessEqual => " ≤ ",
        Relation::Greater => " > ",
        Relation::GreaterEqual => " ≥ ",
    });
    write(&branch.right, Hold::Sum, out);
    for part in [&branch.holds, &branch.fails] {
        out.push_str(", ");
        write(part, Hold::Sum, out);
    }
    out.push(')');
}

fn joined(over: &Over, out: &mut String) {
    let compact = |part: &Expr| maths(part).replace(' ', "");
    out.push_str(match over.fold {
        Fold::Sum => "Σ_{",
        Fold::Product => "Π_{",
    });
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
            ("2/15*(1 - x)*y^3", "2/15\\,(1 − x)\\,y^{3}"),
            ("3*x/2 + 3*x/4 + x/5", "3/2\\,x + ¾\\,x + 1/5\\,x"),
            ("1/2*x*y + 1/x*y + 1/3", "½\\,xy + y\\,/\\,x + 1\\,/\\,3"),
            ("1/(x*y) + x*y/z*w", "1\\,/\\,(xy) + xyw\\,/\\,z"),
            ("x^y^2 + 2^exp(x)", "\\pow(x, y^{2}) + \\pow(2, e^{x})"),
            ("-(-x) + sqrt(x)^2", "−(−x) + (√(x))^{2}"),
            ("max(x, y)^2", "\\max(x, y)^{2}"),
            ("x/(2*y)", "x\\,/\\,(2y)"),
            ("x*2^y*3", "x · 2^{y} · 3"),
            ("a - -x*y", "a − (−xy)"),
            ("sin(x + y)^2", "\\sin^{2}(x + y)"),
            ("exp(2 - 4*x)", "e^{2−4x}"),
            ("exp(-x^2)*exp(x)^2", "\\exp(−x^{2})\\,(e^{x})^{2}"),
            ("log(x)/2 + sqrt(x)", "½\\,\\ln(x) + √(x)"),
            ("price*x", "\\price\\,x"),
        ] {
            let tree = parse(typed).expect("the formula is right");
            assert_eq!(maths(&tree), typeset, "{typed}");
        }
    }
}

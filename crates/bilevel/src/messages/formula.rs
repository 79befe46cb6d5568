//! Errors in typed formulas: in their grammar, names, sizes and levels; and notes on right ones.

use super::excerpt::{brief_number, excerpt, plain_excerpt};

// the form of many errors

pub(crate) fn expected(expected: &str, found: &str) -> String {
    format!("expected {expected}, found {found}")
}

pub(crate) fn none() -> &'static str {
    "none"
}

pub(crate) fn nothing() -> &'static str {
    "nothing"
}

pub(crate) fn quoted(text: &str) -> String {
    format!("`{text}`")
}

// tokens

pub(crate) fn formula_too_long(most: usize) -> String {
    format!("a formula has at most {most} characters")
}

pub(crate) fn name_too_long(most: usize) -> String {
    format!("a name has at most {most} characters")
}

pub(crate) fn number_too_large(written: &str) -> String {
    format!("`{written}` is too large a number")
}

pub(crate) fn digit_beside_the_point() -> &'static str {
    "a digit beside the point"
}

pub(crate) fn any_token() -> &'static str {
    "a number, a name or one of + - * / ^ ( ) [ ] ,"
}

pub(crate) fn control_character() -> &'static str {
    "a control character"
}

pub(crate) fn the_number(number: f64) -> String {
    let number = brief_number(number);
    format!("the number {number}")
}

pub(crate) fn power_of_stars() -> &'static str {
    "a power is written with `^`, such as x^2"
}

/// An error on a sign that other languages have; the rest is one of the sentences below.
pub(crate) fn written_instead(sign: char, instead: &str) -> String {
    format!("`{sign}` is no sign of formulas: {instead}")
}

pub(crate) fn comparison_outside() -> &'static str {
    "a comparison stands only in if(a < b, u, v); there are no constraints but `bounds`, and a penalty such as \
     100*max(0, a - b)^2 stands for a constraint a <= b"
}

pub(crate) fn comparison(call: &str) -> String {
    format!("<, <=, > or >=, as in {call}")
}

pub(crate) fn two_formulas(call: &str) -> String {
    format!("two formulas after the comparison, as in {call}")
}

/// The form in which a formula has the meaning of a sign.
pub(crate) fn sign_instead(sign: char) -> Option<&'static str> {
    Some(match sign {
        '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '⁻' => {
            "a power is written with `^`, such as x^2"
        }
        '=' | '≠' | '!' | ':' => {
            "there are no equations; if(...) compares by `<`, `<=`, `>` or `>=`, and a penalty such as 100*(a - b)^2 stands for a constraint a = b"
        }
        '√' => "a root is written sqrt(x)",
        '|' => "an absolute value is written abs(x)",
        '‖' => "a norm is written norm2(u)",
        'Σ' | '∑' => "a sum is written sum(i, 1, n, x[i])",
        '∏' => "a product is written prod(i, 1, n, x[i])",
        '{' | '}' => "brackets are ( and )",
        '÷' => "a quotient is written with `/`",
        '%' => "a share is written as a number, such as 0.05",
        '∞' => "bounds may be inf, and formulas have finite numbers",
        ';' => "arguments are parted by commas",
        '\'' | '’' | '′' => "there is no transpose; dot(u, v) multiplies vectors",
        '"' => "names stand without quotes",
        '\\' => "functions have no backslash, such as sin(x)",
        '$' => "a formula stands without dollar signs",
        _ => return None,
    })
}

// grammar

pub(crate) fn empty_vector() -> &'static str {
    "a vector has an entry at least, such as [1, 2]"
}

pub(crate) fn beginning_of_term() -> &'static str {
    "a number, a name or `(`"
}

pub(crate) fn continuation_of_term() -> &'static str {
    "one of + - * / ^"
}

pub(crate) fn the_end() -> &'static str {
    "the end"
}

pub(crate) fn unmatched_bracket(closing: char, opening: char) -> String {
    format!("this `{closing}` has no matching `{opening}`")
}

pub(crate) fn unclosed_bracket(closing: char) -> String {
    format!("`{closing}` to this bracket")
}

pub(crate) fn bracket_or_continuation(closing: char) -> String {
    format!("`{closing}` or {}", continuation_of_term())
}

pub(crate) fn bracket_of_call(call: &str) -> String {
    format!("`(` as in {call}")
}

pub(crate) fn comma_outside_arguments() -> &'static str {
    "a comma separates function arguments only; write decimals with a point"
}

pub(crate) fn index_without_name() -> &'static str {
    "only a name can be indexed, such as x[1]"
}

/// An error that may come from a product without its sign.
pub(crate) fn product_without_sign(error: &str) -> String {
    format!("{error}; a product is written with `*`")
}

pub(crate) fn too_deep(most: usize) -> String {
    format!("the formula is nested more than {most} deep; move a part of it to a definition")
}

pub(crate) fn one_argument(call: &str) -> String {
    format!("one argument, as in {call}")
}

pub(crate) fn two_arguments(call: &str) -> String {
    format!("two arguments, as in {call}")
}

pub(crate) fn two_arguments_or_more(call: &str) -> String {
    format!("two arguments or more, as in {call}")
}

pub(crate) fn four_arguments(call: &str) -> String {
    format!("four arguments, as in {call}")
}

pub(crate) fn name_of_index() -> &'static str {
    "the name of the index, such as i"
}

pub(crate) fn a_formula() -> &'static str {
    "a formula"
}

// names

pub(crate) fn unknown_function(name: &str) -> String {
    format!("there is no function `{name}`")
}

pub(crate) fn written(error: &str, instead: &str) -> String {
    format!("{error}; {instead}")
}

/// The form in which a formula has the meaning of a function of other languages.
pub(crate) fn function_instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "ln" => "the natural logarithm is log(x)",
        "log10" => "the decimal logarithm is log(x)/log(10)",
        "log2" => "the binary logarithm is log(x)/log(2)",
        "log1p" => "write log(1 + x)",
        "expm1" => "write exp(x) - 1",
        "exp2" => "write 2^x",
        "pow" | "power" => "a power is written x^2",
        "sqr" | "square" => "a square is written x^2",
        "cbrt" => "a cube root is written x^(1/3)",
        "relu" | "ReLU" => "write max(x, 0)",
        "clip" | "clamp" => "write min(max(x, 0), 1)",
        "sgn" | "signum" => "write sign(x)",
        "ceil" | "ceiling" => "write -floor(-x)",
        "round" => "write floor(x + 1/2)",
        "mod" => "write x - y*floor(x/y)",
        "erfc" => "write 1 - erf(x)",
        "tg" => "write tan(x)",
        "arcsin" | "arccos" | "arctan" => "inverse functions are asin, acos and atan",
        "norm" => "write norm2(u) or norm1(u)",
        "lse" => "write logsumexp(a, b)",
        "mean" => "write sum(i, 1, n, x[i])/n",
        "product" => "write prod(i, 1, n, x[i])",
        "where" | "ifelse" | "piecewise" | "iif" => "a choice is written if(x < 1, u, v)",
        _ => return None,
    })
}

/// The form in which a formula has the meaning of a name of other languages.
pub(crate) fn name_instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "π" | "Pi" | "PI" => "the number is written pi",
        "inf" | "Inf" | "infinity" | "Infinity" | "nan" => "formulas have finite numbers",
        _ => return None,
    })
}

pub(crate) fn unknown_name(name: &str) -> String {
    format!("there is no variable, constant or definition `{name}`")
}

/// A name in a formula that has a place for fixed constants alone.
pub(crate) fn no_fixed_constant(name: &str) -> String {
    format!("there is no fixed constant `{name}`, and only these have a place here")
}

pub(crate) fn open_side() -> &'static str {
    "an open side is inf or -inf, without quotes"
}

/// An error on an unknown name, with some of the known ones.
pub(crate) fn with_known_names(error: &str, known: &[&str]) -> String {
    format!("{error}; there are {}", known.join(", "))
}

pub(crate) fn index_is_taken(name: &str) -> String {
    format!("the name of the index `{name}` is taken; choose another")
}

pub(crate) fn broken_declaration(name: &str) -> String {
    format!("the declaration of `{name}` has an error; fix it first")
}

pub(crate) fn circular_definitions(names: &[&str]) -> String {
    format!("circular definitions: {}", names.join(", "))
}

pub(crate) fn wrong_characters_of_name(text: &str) -> String {
    let text = excerpt(text);
    format!("a name is made of letters, digits and _ and begins with a letter, unlike {text}")
}

pub(crate) fn reserved_name(name: &str) -> String {
    let meaning = match name {
        "e" => " for the number 2.718…",
        "pi" => " for the number 3.141…",
        _ => "",
    };
    format!("`{name}` is reserved{meaning}; choose another name")
}

pub(crate) fn declared_twice(name: &str) -> String {
    format!("`{name}` is declared twice; choose another name")
}

// numbers, vectors and counts

pub(crate) fn a_number() -> &'static str {
    "a number"
}

pub(crate) fn one_number() -> &'static str {
    "one number"
}

pub(crate) fn a_vector() -> &'static str {
    "a vector, such as a variable that is declared as x[3]"
}

pub(crate) fn vector_of(size: usize) -> String {
    format!("a vector of {size}")
}

/// A vector where one of another size is expected.
pub(crate) fn another_vector_of(size: usize) -> String {
    format!("one of {size}")
}

/// A formula with its value, such as `i + 1` = 4.
pub(crate) fn value_of(formula: &str, value: &str) -> String {
    format!("`{formula}` = {value}")
}

/// An error on a vector in place of a number, with the names of its entries.
pub(crate) fn with_entries(error: &str, name: &str) -> String {
    format!("{error}; its entries are `{name}[1]` and so on")
}

pub(crate) fn a_matrix() -> &'static str {
    "a matrix"
}

pub(crate) fn only_indexed() -> &'static str {
    "a matrix is used by its rows, such as A[1], and entries, such as A[1, 2]"
}

pub(crate) fn name_of_array(call: &str) -> String {
    format!("{call} takes the name of a matrix or a vector")
}

pub(crate) fn vector_has_one_index(name: &str) -> String {
    format!("`{name}` is a vector, and its entries have one index")
}

pub(crate) fn number_has_no_entries(name: &str) -> String {
    format!("`{name}` is one number and has no entries")
}

pub(crate) fn index_from_1(last: usize, name: &str) -> String {
    format!("an index from 1 to {last} for `{name}`")
}

pub(crate) fn product_of_vectors() -> &'static str {
    "two vectors are multiplied by `dot(u, v)`"
}

pub(crate) fn whole_number() -> &'static str {
    "a whole number made of numbers, indices and constants without a range"
}

pub(crate) fn slider_as_fixed_number(name: &str) -> String {
    format!("`{name}` has a slider and may change; only fixed constants have a place here")
}

pub(crate) fn no_finite_number() -> &'static str {
    "this is no finite number"
}

pub(crate) fn count_too_large() -> &'static str {
    "this number is too large for a count"
}

pub(crate) fn slider_as_count(name: &str) -> String {
    format!(
        "`{name}` cannot be a count: write a whole number, or a constant with a whole value and no range"
    )
}

pub(crate) fn sum_too_long(terms: i64, most: usize) -> String {
    format!(
        "a sum of {terms} terms is too long: all formulas together have at most {most} operations"
    )
}

pub(crate) fn too_many_operations(most: usize) -> String {
    format!("the formulas have more than {most} operations once their sums are written out")
}

// levels, their variables, and constants

pub(crate) fn too_few_levels(levels: usize) -> String {
    format!("a problem has two levels at least, the leader first; this one has {levels}")
}

pub(crate) fn too_many_levels(count: usize, most: usize) -> String {
    format!("there are {count} levels, and at most {most} are possible")
}

pub(crate) fn too_many_constants(count: usize, most: usize) -> String {
    format!("there are {count} constants, and at most {most} are possible")
}

pub(crate) fn too_many_definitions(count: usize, most: usize) -> String {
    format!("there are {count} definitions, and at most {most} are possible")
}

pub(crate) fn level_without_variables(level: usize) -> String {
    format!("level {level} has no variables")
}

pub(crate) fn a_variable() -> &'static str {
    "a variable, written x or x[3]"
}

pub(crate) fn whole_number_up_to(most: usize) -> String {
    format!("a whole number from 1 to {most}")
}

pub(crate) fn too_many_variables(most: usize) -> String {
    format!("all levels together have at most {most} variables")
}

pub(crate) fn wrong_constant(name: &str, [low, high]: [f64; 2], value: f64) -> String {
    let [low, value, high] = [low, value, high].map(brief_number);
    let name = plain_excerpt(name);
    format!(
        "`{name}` must have finite numbers with min <= value <= max, not {low}, {value} and {high}"
    )
}

pub(crate) fn wrong_number_of_pairs([names, numbers]: [usize; 2], pairs: usize) -> String {
    let or_each = if numbers == names {
        String::new()
    } else {
        format!(", or one for each number, {numbers} in all")
    };
    format!(
        "one pair for each name in `variables` is expected, {names} in all{or_each}, not {pairs}"
    )
}

pub(crate) fn wrong_bounds([low, high]: [f64; 2]) -> String {
    format!("a number and a greater one are expected, not [{low}, {high}]")
}

pub(crate) fn wrong_range([low, high]: [f64; 2]) -> String {
    format!("a finite number and a greater one are expected, not [{low}, {high}]")
}

pub(crate) fn wrong_size_of_start(entries: usize, given: usize) -> String {
    format!("a start has a number for each variable of its level, {entries} in all, not {given}")
}

pub(crate) fn infinite_start() -> &'static str {
    "a start is made of finite numbers"
}

// notes on right formulas

/// Formulas with functions that have kinks or jumps, by their names.
pub(crate) fn kinks_or_jumps(functions: &[&str]) -> String {
    let named = match functions {
        [] => String::new(),
        [one] => format!(" ({one})"),
        [one, other] => format!(" ({one} and {other})"),
        [one, other, rest @ ..] => format!(" ({one}, {other} and {} more)", rest.len()),
    };
    format!("These formulas have kinks or jumps{named}, where derivatives are one-sided.")
}

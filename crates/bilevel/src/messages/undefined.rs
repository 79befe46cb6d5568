//! Explanations of a typed formula without a finite value or derivative at a point.

/// The sentence on a part of a formula. `what` is a predicate, such as [`is_undefined`]; `values` are those of the names
/// in the part.
pub(crate) fn part(part: &str, place: &str, what: &str, values: &[String], reason: &str) -> String {
    let at = if values.is_empty() {
        String::new()
    } else {
        format!(" at {}", values.join(", "))
    };
    format!("`{part}` in {place} {what}{at}: {reason}")
}

pub(crate) fn in_definition(name: &str) -> String {
    format!("the definition of `{name}`")
}

pub(crate) fn in_objective(level: usize) -> String {
    format!("the objective of level {level}")
}

// predicates

pub(crate) fn is_undefined() -> &'static str {
    "is undefined"
}

pub(crate) fn has_infinite_slope() -> &'static str {
    "has an infinite slope"
}

pub(crate) fn has_infinite_second_derivative() -> &'static str {
    "has an infinite second derivative"
}

pub(crate) fn has_infinite_higher_derivative() -> &'static str {
    "has an infinite derivative of higher order"
}

// reasons

pub(crate) fn division_by_0() -> &'static str {
    "a division by 0"
}

pub(crate) fn too_large() -> &'static str {
    "it is too large for a number"
}

pub(crate) fn negative_power_of_0() -> &'static str {
    "a negative power of 0"
}

pub(crate) fn real_power_of_negative() -> &'static str {
    "a real power of a negative number"
}

pub(crate) fn real_power_of_0() -> &'static str {
    "a real power of 0"
}

pub(crate) fn logarithm_of_negative() -> &'static str {
    "the logarithm of a negative number"
}

pub(crate) fn logarithm_of_0() -> &'static str {
    "the logarithm of 0"
}

pub(crate) fn root_of_negative() -> &'static str {
    "the square root of a negative number"
}

pub(crate) fn root_of_0() -> &'static str {
    "the square root of 0"
}

pub(crate) fn outside_closed_interval() -> &'static str {
    "an argument outside of [-1, 1]"
}

pub(crate) fn outside_open_interval() -> &'static str {
    "an argument outside of (-1, 1)"
}

pub(crate) fn edge_of_interval() -> &'static str {
    "an argument at the edge of [-1, 1]"
}

pub(crate) fn argument_below_1() -> &'static str {
    "an argument below 1"
}

pub(crate) fn argument_of_1() -> &'static str {
    "an argument of 1"
}

//! Rounding to significant digits, for numbers that people read or write down.

/// Rounds a value to `digits` significant decimal digits; a value that is not finite is returned unchanged.
///
/// ```
/// use bilevel::numerics::rounded;
///
/// assert_eq!(rounded(0.012_345, 2), 0.012);
/// assert_eq!(rounded(-98_760.0, 3), -98_800.0);
/// ```
///
/// # Panics
/// If `digits` is 0.
pub fn rounded(value: f64, digits: usize) -> f64 {
    assert!(digits > 0, "a number has at least one digit");
    let text = format!("{value:.*e}", digits - 1);
    text.parse().unwrap_or(value)
}

/// A number in at most `digits` significant digits, with a power of ten where it is very large or small.
///
/// ```
/// use bilevel::numerics::short_number;
///
/// assert_eq!(short_number(-0.012_345, 3), "-0.0123");
/// assert_eq!(short_number(1.234_5e-15, 3), "1.23e-15");
/// ```
///
/// # Panics
/// If `digits` is 0.
pub fn short_number(value: f64, digits: usize) -> String {
    let short = rounded(value, digits);
    if (1e-4..1e7).contains(&short.abs()) || short == 0.0 {
        short.to_string()
    } else {
        format!("{short:e}")
    }
}

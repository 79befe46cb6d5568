//! Symbols of terms in the variables of a problem. Methods call the blocks x and y, or `x_k` by their level.

use bilevel::problem::{Coordinate, Metadata};

/// The symbol of a level's block: its variable, or the symbol of several.
pub(super) fn block_name(metadata: &Metadata, level: usize) -> String {
    if metadata.shape().size(level) == 1 {
        return metadata.variable(Coordinate { level, index: 0 });
    }
    let symbols = &metadata.symbols;
    let own = symbols.get(level - 1).copied().unwrap_or("x");
    if symbols.iter().filter(|symbol| **symbol == own).count() > 1 {
        format!("{own}_{level}")
    } else {
        own.to_owned()
    }
}

/// A symbol of a method with the problem's own blocks in it.
pub(super) fn in_symbols(metadata: &Metadata, symbol: &str) -> String {
    let levels = metadata.shape().levels();
    let mut found = String::new();
    let mut rest = symbol;
    while let Some(first) = rest.chars().next() {
        if let Some(command) = rest.strip_prefix('\\') {
            let letters = command.chars().take_while(char::is_ascii_alphabetic);
            let length = 1 + letters.count();
            found.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let after = &rest[first.len_utf8()..];
        let number = after.strip_prefix('_').and_then(|it| it.chars().next());
        let number = number.and_then(|digit| digit.to_digit(10));
        let (level, length) = match (first, number) {
            ('x', Some(level)) => (level as usize, 3),
            ('x', None) if levels == 2 => (1, 1),
            ('y', None) if levels == 2 => (2, 1),
            _ => (0, first.len_utf8()),
        };
        if (1..=levels).contains(&level) {
            found.push_str(&block_name(metadata, level));
        } else {
            found.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{block_name, in_symbols};
    use bilevel::problem;

    #[test]
    fn methods_speak_of_the_variables_of_the_problem() {
        let symbols = |id: &str, symbol: &str| {
            let problem = problem::find(id).expect("it ships").instance();
            in_symbols(problem.metadata(), symbol)
        };
        assert_eq!(symbols("pbgd", "∇_y g(x, y^{(t)})"), "∇_y g(x, y^{(t)})");
        assert_eq!(symbols("coreset", "∇^2_{xy} g\\, u"), "∇^2_{vθ} g\\, u");
        assert_eq!(symbols("coreset", "∂F_1/∂x_1"), "∂F_1/∂v");
        assert_eq!(
            symbols("tri-sin", "x_3^{(t)} \\exp x_k"),
            "z^{(t)} \\exp x_k"
        );
        assert_eq!(symbols("stackelberg", "∂F_2/∂x_2"), "∂F_2/∂x_2");
    }

    #[test]
    fn blocks_of_several_variables_have_the_symbol_of_their_level() {
        let coreset = problem::find("coreset").expect("it ships").instance();
        assert_eq!(block_name(coreset.metadata(), 1), "v");
        assert_eq!(block_name(coreset.metadata(), 2), "θ");
    }
}

//! The layout of rich text.

use super::*;

fn faces(markup: &str) -> Vec<(String, Face)> {
    let runs = RichText::parse(markup).runs;
    runs.into_iter().map(|run| (run.text, run.face)).collect()
}

#[test]
fn bold_words_stay_bold_in_the_next_line() {
    let lines = RichText::wrap("BOME (**two bold words**), ITD", 8.0);
    let bold: String = lines
        .iter()
        .flat_map(|line| &line.runs)
        .filter(|run| run.face == Face::SansBold)
        .map(|run| run.text.as_str())
        .collect();
    assert!(lines.len() > 1);
    assert_eq!(bold.replace(' ', ""), "twoboldwords");
}

#[test]
fn commands_of_latex_set_their_characters() {
    assert_eq!(
        RichText::parse("$\\varphi \\le \\min α$"),
        RichText::parse("$φ ≤ \\min α$")
    );
}

#[test]
fn accents_lie_over_their_letters_and_have_no_width() {
    for (plain, accented) in [
        ("$q$", "$q\u{302}$"),
        ("$F_1$", "$F\u{303}_1$"),
        ("$x = y$", "$x\u{304} = y$"),
    ] {
        let (plain, accented) = (RichText::parse(plain), RichText::parse(accented));
        assert_eq!(plain.width, accented.width);
        let accent = accented.runs.iter().find(|run| "ˆ˜¯".contains(&run.text));
        let accent = accent.expect("the accent is a run of its own");
        let letter = &accented.runs[0];
        let middle = accent.offset + 0.5 * accent.width();
        assert!(letter.offset < middle && middle < letter.offset + letter.width() + 0.1);
    }
    let lone = RichText::parse("$\u{302}$");
    assert!(lone.runs.is_empty());
    let rules = bilevel::method::METHODS
        .iter()
        .flat_map(|method| method.rule);
    for line in rules {
        let runs = RichText::parse(line).runs;
        let characters = runs.iter().flat_map(|run| run.text.chars());
        assert_eq!(
            characters
                .filter(|one| ('\u{300}'..='\u{36f}').contains(one))
                .count(),
            0,
            "{line}"
        );
    }
}

#[test]
fn an_exponent_in_a_sentence_is_raised() {
    let text = RichText::parse("above the optimum 3.2 × 10^{−16}, at **10^{2}** x^{");
    assert_eq!(
        text.characters(),
        "above the optimum 3.2 × 10−16, at 102 x^{"
    );
    let raised: Vec<&str> = text
        .runs
        .iter()
        .filter(|run| run.rise > 0.0)
        .map(|run| run.text.as_str())
        .collect();
    assert_eq!(raised, ["−16", "2"]);
}

#[test]
fn variables_are_italic_and_numbers_upright() {
    let expected = [
        ("at ", Face::Sans),
        ("2", Face::Serif),
        ("θ", Face::SerifItalic),
        ("1", Face::Serif),
    ];
    assert_eq!(
        faces("at $2θ_1$"),
        expected.map(|(text, face)| (text.to_owned(), face))
    );
}

#[test]
fn groups_words_and_unfinished_markup_are_all_read() {
    assert_eq!(
        RichText::parse("$\\min_v x^{(t+1)}$").characters(),
        "minvx(t+1)"
    );
    assert_eq!(RichText::parse("a $ b").characters(), "a b");
    assert_eq!(RichText::parse("$x_$").characters(), "x");
    assert_eq!(RichText::parse("$x_{a$").characters(), "xa");
    assert_eq!(RichText::parse("").width, 0.0);
}

#[test]
fn a_percentage_stays_with_its_sign() {
    for width in [4.0, 6.0, 8.0, 12.0] {
        for line in RichText::wrap("share with its 95 % interval of all starts", width) {
            let plain = line.characters();
            assert!(!plain.starts_with('%'), "{plain}");
            assert!(!plain.ends_with("95"), "{plain}");
        }
    }
}

#[test]
fn formulas_break_before_operators_and_lose_no_sign() {
    let mut formulas: Vec<String> = Vec::new();
    for entry in bilevel::problem::all() {
        formulas.extend(entry.instance().metadata().formulas.clone());
    }
    assert!(formulas.len() > 40);
    for formula in &formulas {
        let whole = RichText::parse(formula);
        for width in [12.0, 18.0, 24.0] {
            let lines = RichText::wrap_formula(formula, width, width - 1.0);
            let words: String = lines.iter().map(RichText::characters).collect();
            assert_eq!(words, whole.characters(), "{formula}");
            assert!(
                lines.len() > 1 || whole.width <= width || width < 24.0,
                "{formula}"
            );
            for line in &lines {
                let plain = line.characters();
                assert!(!plain.ends_with(['+', '−', '=', '∈', '(']), "{plain}");
            }
        }
    }
    let lines = RichText::wrap_formula("$(a + b)^2 + (c + d)^2 + e^{x + y}$", 5.2, 5.2);
    let plain: Vec<String> = lines.iter().map(RichText::characters).collect();
    assert_eq!(plain, ["(a+b)2", "+(c+d)2", "+ex+y"]);
}

#[test]
fn a_superscript_clears_the_ascender_before_it() {
    let gap = |markup: &str| {
        let runs = RichText::parse(markup).runs;
        runs[1].offset - (runs[0].offset + runs[0].width())
    };
    assert!(gap("$f^*$") > 0.1);
    assert!(gap("$x^*$").abs() < 1e-6);
    let closed = RichText::parse("$x_4$;").runs;
    assert!(closed[2].offset > closed[1].offset + closed[1].width());
}

#[test]
fn wrapping_keeps_every_word_and_breaks_no_maths() {
    let lines = RichText::wrap("one two $a + b + c$ three four five", 6.0);
    assert!(lines.len() > 2);
    assert!(lines.iter().any(|line| line.characters().contains("a+b+c")));
    assert!(lines.iter().all(|line| line.width < 8.0));
}

#[test]
fn symbols_of_the_terms_of_steps_are_maths_of_the_bundled_faces() {
    let token = bilevel::numerics::WorkToken::default();
    let mut symbols = std::collections::BTreeSet::new();
    for method in bilevel::method::METHODS {
        let problem = if method.needs.two_levels {
            "quadratic"
        } else {
            "stackelberg"
        };
        let problem = bilevel::problem::find(problem).expect("it ships");
        let spec = bilevel::run::RunSpec::new(&problem.instance(), method);
        let mut replay = bilevel::run::StepReplay::new(spec);
        for iteration in [1, 2] {
            let step = replay.step(iteration, &token).expect("it has steps");
            symbols.extend(step.terms.all().iter().map(|term| term.info.symbol));
        }
    }
    assert!(symbols.len() > 50, "{}", symbols.len());
    for symbol in symbols {
        assert!(!symbol.contains('$'), "{symbol}");
        let text = RichText::parse(&format!("${symbol}$"));
        assert!(text.width > 0.1, "{symbol}");
        for run in &text.runs {
            for character in run.text.chars() {
                let is_plain = !('\u{300}'..='\u{36f}').contains(&character) && character != '\\';
                assert!(is_plain, "{symbol}");
                assert!(
                    run.face.advance(character).is_some(),
                    "{character} of {symbol}"
                );
            }
        }
    }
}

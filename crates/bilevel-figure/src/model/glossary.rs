//! The glossary: terms of the field with their definitions, for the page in the documents and for the words under the
//! pointer.

use std::ops::Range;

use super::markup::RichText;

/// A term with its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The term.
    pub name: &'static str,
    /// Other forms that stand for it in sentences.
    pub forms: &'static [&'static str],
    /// The definition, as markup, in one or two sentences.
    pub definition: &'static str,
}

const fn term(
    name: &'static str,
    forms: &'static [&'static str],
    definition: &'static str,
) -> Term {
    Term {
        name,
        forms,
        definition,
    }
}

/// All terms, in alphabetical order.
pub static GLOSSARY: &[Term] = &[
    term(
        "basin",
        &["basins"],
        "The starts from which a method ends at one minimum.",
    ),
    term(
        "best response",
        &[
            "reaction curve",
            "lower-level solution",
            "follower's answer",
            "follower's solution",
            "follower's answers",
            "lower-level solutions",
        ],
        "The follower's solution $y^*(x)$ for a given $x$, a minimizer of $g(x, ·)$. Drawn over $x$, it is the reaction curve.",
    ),
    term(
        "bilevel problem",
        &["bilevel", "bilevel optimization"],
        "An optimization problem in which some variables solve another optimization problem: minimize $f(x, y^*(x))$ over $x$, where $y^*(x)$ minimizes $g(x, ·)$.",
    ),
    term(
        "branch",
        &["branches"],
        "A continuous piece of the lower-level solutions. Where another branch becomes the better one, the solution jumps.",
    ),
    term(
        "condition number",
        &[
            "conditioning",
            "well-conditioned",
            "ill-conditioned",
            "well conditioned",
            "ill conditioned",
        ],
        "The largest eigenvalue of a Hessian divided by the smallest. The larger it is, the more gradient steps a method needs.",
    ),
    term(
        "convex hull",
        &["hull"],
        "The smallest convex set that contains some points: all their weighted means with weights that are positive and sum to 1.",
    ),
    term(
        "diverged",
        &["diverges", "divergence"],
        "Said of a run whose variables have left every reasonable bound, or are no longer numbers.",
    ),
    term(
        "dynamic barrier",
        &["barrier"],
        "BOME's condition on a step: the value gap must decrease at a given rate. Where following $f$ alone does not achieve that, a multiple of the gap's gradient is added.",
    ),
    term(
        "follower",
        &["followers", "lower level"],
        "The lower level: it sees the leader's $x$ and chooses $y$ to minimize its own objective $g(x, ·)$.",
    ),
    term(
        "Hessian",
        &["Hessians"],
        "The matrix of second derivatives. Its eigenvalues are curvatures; all are positive at a strict minimum.",
    ),
    term(
        "hypergradient",
        &["hypergradients"],
        "The gradient of the reduced objective, $∇φ(x)$: it includes the change of the follower's solution with $x$.",
    ),
    term(
        "implicit differentiation",
        &[
            "implicit function theorem",
            "implicit method",
            "implicit methods",
        ],
        "The derivative of the follower's solution from its optimality condition $∇_y g = 0$: it takes the solution of a linear system with the Hessian of $g$ in $y$.",
    ),
    term(
        "infeasible",
        &["feasible", "infeasible point", "infeasible points"],
        "Said of a point whose lower level is not optimal: its value gap is positive beyond the tolerance. A small $f$ there is no result.",
    ),
    term(
        "inner step",
        &["inner steps", "inner loop"],
        "A step on the follower's variable between two steps of the leader.",
    ),
    term(
        "jump",
        &["jumps"],
        "A value of $x$ at which the follower's solution changes to another branch, so that $φ$ is discontinuous.",
    ),
    term(
        "kink",
        &["kinks"],
        "A value of $x$ at which $φ$ is continuous and its slope is not.",
    ),
    term(
        "leader",
        &["leaders", "upper level"],
        "The upper level: it chooses $x$ to minimize $f(x, y)$, knowing how the follower will respond.",
    ),
    term(
        "local minimum",
        &["local minima", "local optimum"],
        "A point that is better than all near it, and not the best of all.",
    ),
    term(
        "momentum",
        &[],
        "A share of the last step that is added to the next one.",
    ),
    term(
        "non-stationary point",
        &["non-stationary points", "spurious", "spurious point"],
        "A point at which a method stops although $φ$ still has a slope there: the method's direction is biased. Files call it spurious, and an infeasible end at rest, too.",
    ),
    term(
        "optimistic solution",
        &["optimistic", "optimistic solutions"],
        "Among solutions that are equally good for the follower, the one that is best for the leader.",
    ),
    term(
        "oracle call",
        &["oracle calls", "calls"],
        "One evaluation of a gradient, or of a product of a second derivative with a vector. Calls measure cost independently of the machine.",
    ),
    term(
        "outer iteration",
        &["outer iterations", "outer step", "outer steps"],
        "One step of the leader, with all the steps of the follower that belong to it.",
    ),
    term(
        "penalty",
        &["penalty method", "penalty methods"],
        "A multiple of the value gap, or of the follower's gradient, that is added to $f$ in place of the lower level.",
    ),
    term(
        "reduced objective",
        &["true objective"],
        "$φ(x) = f(x, y^*(x))$: what the leader gets for $x$ once the follower has responded.",
    ),
    term(
        "referee",
        &["reference solver"],
        "The part of the app that solves the lower levels accurately, independently of all methods, and judges where runs end.",
    ),
    term(
        "saddle point",
        &["saddle", "saddles"],
        "A stationary point that is a minimum in some directions and a maximum in others.",
    ),
    term(
        "stationary point",
        &["stationary", "stationary points"],
        "A point at which a gradient is zero.",
    ),
    term(
        "unrolling",
        &[
            "unrolled",
            "unrolled loop",
            "unrolled loops",
            "iterative differentiation",
        ],
        "Differentiation through the inner steps as they were taken, as if the last of them were the follower's solution.",
    ),
    term(
        "value function",
        &[],
        "The follower's best value $\\min g(x, ·)$ as a function of $x$.",
    ),
    term(
        "value gap",
        &["gap", "value gaps"],
        "$q(x, y) = g(x, y) − \\min g(x, ·)$: how much better the follower could do. It is 0 exactly where the lower level is solved.",
    ),
    term(
        "warm start",
        &["warm-started", "warm starts"],
        "The start of an inner loop at the point at which the last one ended.",
    ),
];

/// The places of terms in a plain text, in order and without overlaps; of two terms at one place the longer one.
pub fn terms_in(text: &str) -> Vec<(Range<usize>, &'static Term)> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, &'static Term)> = Vec::new();
    for term in GLOSSARY {
        let forms = std::iter::once(&term.name).chain(term.forms);
        for form in forms {
            let form = form.to_lowercase();
            let places = lower
                .match_indices(&form)
                .map(|(at, _)| at..at + form.len());
            found.extend(
                places
                    .filter(|at| is_whole(&lower, at))
                    .map(|at| (at, term)),
            );
        }
    }
    found.sort_by_key(|(at, _)| (at.start, usize::MAX - at.end));
    let mut end = 0;
    found.retain(|(at, _)| {
        let is_free = at.start >= end;
        if is_free {
            end = at.end;
        }
        is_free
    });
    found
}

/// True if a place is not a part of a longer word.
fn is_whole(text: &str, at: &Range<usize>) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric();
    !text[..at.start].ends_with(is_letter) && !text[at.end..].starts_with(is_letter)
}

/// The left and right end of a part of a text, at size 1; the part is a range of bytes of [`RichText::characters`].
pub fn extent(text: &RichText, part: &Range<usize>) -> [f32; 2] {
    let mut ends = [f32::NAN; 2];
    let mut at = 0;
    for run in &text.runs {
        let mut right = run.offset;
        for letter in run.text.chars() {
            if at == part.start {
                ends[0] = right;
            }
            right += run.face.advance(letter).unwrap_or(0.5) * run.scale;
            at += letter.len_utf8();
            if at == part.end {
                ends[1] = right;
            }
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_in_order_and_no_form_stands_for_two() {
        let names: Vec<String> = GLOSSARY.iter().map(|it| it.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{names:?}");
        let mut forms: Vec<&str> = GLOSSARY
            .iter()
            .flat_map(|term| std::iter::once(term.name).chain(term.forms.iter().copied()))
            .collect();
        forms.sort_unstable();
        let count = forms.len();
        forms.dedup();
        assert_eq!(forms.len(), count);
    }

    #[test]
    fn the_longest_term_is_found_and_no_part_of_a_word() {
        let text = "The Value gap closes; gaping followers of a hypergradient jump.";
        let found: Vec<(&str, &str)> = terms_in(text)
            .into_iter()
            .map(|(at, term)| (&text[at], term.name))
            .collect();
        let expected = [
            ("Value gap", "value gap"),
            ("followers", "follower"),
            ("hypergradient", "hypergradient"),
            ("jump", "jump"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_part_has_the_width_of_its_own_text() {
        let text = RichText::parse("The follower's Hessian is $2I$");
        let plain = text.characters();
        let parts: Vec<[f32; 2]> = terms_in(&plain)
            .iter()
            .map(|(part, _)| extent(&text, part))
            .collect();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|[left, right]| left < right), "{parts:?}");
        let text = RichText::parse("$φ^*$ has a **hypergradient** here");
        let plain = text.characters();
        let (part, _) = terms_in(&plain)[0].clone();
        let [left, right] = extent(&text, &part);
        let bold = RichText::bold("hypergradient").width;
        assert!((right - left - bold).abs() < 1e-3, "{left} {right} {bold}");
        assert!(left > 0.0 && right < text.width);
    }
}

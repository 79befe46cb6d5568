//! The document: each claim with its word, what was measured, and how to open it.

use std::fmt::Write as _;

use super::finding::{Finding, Size};
use super::list::{CLAIMS, Claim, Paper};

/// What stands above all claims.
const HEAD: &str = "\
Each claim of two papers' abstracts and figure captions, beside what runs here measure. This page, its tables and its pictures are
made by `bilevel-lab claims --out docs`; a second run changes nothing but [`times.csv`](claims/times.csv), which holds ratios of
times. The verdicts *holds*, *holds when* and *does not hold here* follow from the numbers by rules in `crates/bilevel-claims/src/`. In the
window the key `P` opens the same list, with a button that opens each experiment.

How a run ended is one of ten words, and the referee's: `global` or `local`, a minimum of the reduced objective φ; `boundary`, one
that only the edge of the box makes; `jump`, at a jump of the follower's answer; `saddle`, a saddle or maximum of φ; `spurious`, at rest
where φ still slopes, which is no minimum at all; `moving`, not yet at rest; `unknown`; `failed`; `diverged`. A *local minimum* traps
whoever goes down φ, however exactly. A *spurious* point traps only a method that goes down something else. The two are kept apart
throughout.

Shares are over regular grids of starts, methods of chance with three seeds; intervals are Wilson's, at 95 %, as if the starts had
been drawn at random. *Tuned* means the best of equally many step sizes for every method, judged by the referee.
";

/// The whole page.
pub(super) fn page(findings: &[Finding], size: Size) -> String {
    let mut out = String::from("# What two papers claim, and what is measured here\n\n");
    if size == Size::Quick {
        out.push_str("*At reduced size: few starts, few iterations. The numbers say that the command works, and no more.*\n\n");
    }
    out.push_str(HEAD);
    out.push_str("\n| claim | paper | verdict | opens with |\n| --- | --- | --- | --- |\n");
    let both = || {
        CLAIMS
            .iter()
            .filter_map(|claim| Some((claim, of(findings, claim)?)))
    };
    for (claim, finding) in both() {
        let paper = claim.paper.source().split(" (").next().unwrap_or_default();
        // a string cannot refuse to be written to
        let _infallible = writeln!(
            out,
            "| [\"{}\"](#{}) | {paper} | **{}** | `bilevel-lab {}` |",
            claim.phrase,
            claim.id,
            finding.word.text(),
            claim.preset
        );
    }
    for paper in Paper::ALL {
        let _infallible = write!(
            out,
            "\n## {}\n\n{}. {}\n",
            paper.subject(),
            paper.source(),
            paper.settings()
        );
        for (claim, finding) in both().filter(|(claim, _)| claim.paper == paper) {
            out.push_str(&section(claim, finding));
        }
    }
    out
}

fn of<'a>(findings: &'a [Finding], claim: &Claim) -> Option<&'a Finding> {
    findings.iter().find(|finding| finding.id == claim.id)
}

fn section(claim: &Claim, finding: &Finding) -> String {
    let mut out = format!(
        "\n<a id=\"{}\"></a>\n\n### \"{}\"\n\n**{}**: {}.\n\n",
        claim.id,
        claim.phrase,
        capital(finding.word.text()),
        reason(claim, finding)
    );
    for sentence in &finding.sentences {
        let _infallible = writeln!(out, "- {sentence}");
    }
    for sheet in &finding.sheets {
        let _infallible = write!(
            out,
            "\n{} [`{name}.csv`](claims/{name}.csv)\n",
            sheet.caption,
            name = sheet.name
        );
        if sheet.is_shown {
            let _infallible = write!(out, "\n{}", sheet.table.markdown());
        }
    }
    for picture in &finding.pictures {
        let _infallible = write!(
            out,
            "\n![{caption}](claims/{name})\n\n{caption}\n",
            caption = picture.caption,
            name = picture.name
        );
    }
    let _infallible = write!(
        out,
        "\nTo see it: `bilevel-lab {}`, or *Open* beside it on the page of papers (`P`). {}\n",
        claim.preset, claim.watch_for
    );
    out
}

/// What the word rests on, where it is the word of the list.
fn reason(claim: &Claim, finding: &Finding) -> String {
    if finding.word == claim.word {
        claim.reason.to_owned()
    } else {
        format!(
            "the list in the window says \"{}\", and is to be looked at",
            claim.word.text()
        )
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

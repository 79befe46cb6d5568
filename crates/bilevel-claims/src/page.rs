//! The document: each claim with its verdict, the measurements, and the command that opens it.

use std::fmt::Write as _;

use super::finding::{Finding, Size};
use super::list::{CLAIMS, Claim, Publication};

/// The introduction above all claims.
const HEAD: &str = "\
Each claim of two papers' abstracts and figure captions, beside what runs here measure. This page, its tables and its pictures are
made by `bilevel-lab claims --out docs`; a second run changes nothing but [`times.csv`](claims/times.csv), which holds ratios of
times. The verdicts *holds*, *holds when* and *does not hold here* follow from the numbers by rules in `crates/bilevel-claims/src/`. In the
window the key `P` opens the same list, with a button that opens each experiment.

How a run ended is one of ten words, by the reference solver: `global` or `local`, a minimum of the reduced objective φ; `boundary`, one
that only the edge of the box makes; `jump`, at a jump of the follower's answer; `saddle`, a saddle or maximum of φ; `spurious`,
a non-stationary point of φ, which is no minimum at all; `moving`, not converged; `unknown`; `failed`; `diverged`. A *local minimum* traps
any method that descends φ, however exactly. A *non-stationary* point traps only a method whose hypergradient is biased. The two are kept apart
throughout.

Every difference, share and median stands with a 95 % interval: Wilson's for shares, that of Bonett and Price for differences of shares
from the same starts, the sign test's for medians, all as if the starts had been drawn at random; each holds on its own, without a
correction for their number. Shares of a claim with
an atlas are over regular grids of starts, methods of chance with three seeds.

Where methods are compared at equal cost, each gets the same trials: 40 settings, the points of one scrambled Sobol sequence (Burley
2020) over all of its declared parameters, steps per level, momentum, schedules and the treatment of bounds included, each over the
range of its slider, parameters that are off or follow another one left so in half of the settings. Each is tried from 16 starts with
13,000 weighted calls, and the one that solves most of them is reported on 60 other starts. Starts are points of another such sequence,
over every variable's box or, where that is open, its picture. Held fixed are these ranges, the budget, exact gradients without noise,
no stopping rule, and the seed of a run, which is the number of its start. `scripts/recompute-shares.py` computes three of the shares
anew, from the definitions alone.
";

/// Returns the whole page.
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
        let publication = claim
            .publication
            .source()
            .split(" (")
            .next()
            .unwrap_or_default();
        // writing to a string cannot fail
        let _infallible = writeln!(
            out,
            "| [\"{}\"](#{}) | {publication} | **{}** | `bilevel-lab {}` |",
            claim.phrase,
            claim.id,
            finding.word.text(),
            claim.preset
        );
    }
    for publication in Publication::ALL {
        let _infallible = write!(
            out,
            "\n## {}\n\n{}. {}\n",
            publication.subject(),
            publication.source(),
            publication.settings()
        );
        for (claim, finding) in both().filter(|(claim, _)| claim.publication == publication) {
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
        "\n<a id=\"{}\"></a>\n\n### \"{}\"\n\n({}, {})\n\n**{}**, judged {}: {}.\n\n",
        claim.id,
        claim.phrase,
        claim.publication.source(),
        claim.source.text(),
        capital(finding.word.text()),
        claim.scope,
        reason(claim, finding)
    );
    for sentence in &finding.sentences {
        let _infallible = writeln!(out, "- {sentence}");
    }
    for page in &finding.sheets {
        let _infallible = write!(
            out,
            "\n{} [`{name}.csv`](claims/{name}.csv)\n",
            page.caption,
            name = page.name
        );
        if page.is_shown {
            let _infallible = write!(out, "\n{}", page.table.markdown());
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

/// Grounds of the verdict, if it is that of the list.
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

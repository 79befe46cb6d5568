//! The claims of two papers' abstracts and captions, each with the preset that shows it and a verdict.
//!
//! The window's page of papers and `docs/claims.md` are both made from this list. The verdicts here are for the window;
//! the document takes its own from the measurements, and `bilevel-lab claims` fails if the two differ.

use bilevel_files::Preset;
use bilevel_files::presets;

/// A verdict: the extent to which runs here confirm a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Confirmed in everything that was tried.
    Holds,
    /// Confirmed in a part that can be stated.
    HoldsWhen,
    /// Confirmed in nothing that was tried.
    DoesNotHold,
}

impl Word {
    /// The words in documents, tables and the window.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsWhen => "holds when",
            Self::DoesNotHold => "does not hold here",
        }
    }
}

/// A paper whose claims are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// The paper on BOME, two levels.
    Bome,
    /// The paper on exact implicit gradients, any number of levels.
    Multilevel,
}

impl Publication {
    /// Both papers, in the order of pages.
    pub const ALL: [Self; 2] = [Self::Bome, Self::Multilevel];

    /// The paper's subject, in a few words.
    pub const fn subject(self) -> &'static str {
        match self {
            Self::Bome => "Two levels by first-order gradients",
            Self::Multilevel => "n levels by exact implicit gradients",
        }
    }

    /// Authors, year and link.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Bome => "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
            Self::Multilevel => "Gu, Chen 2024 (arXiv 2410.11312)",
        }
    }

    /// The known settings of its experiments, and the reconstructed ones.
    pub const fn settings(self) -> &'static str {
        match self {
            Self::Bome => {
                "The toys have the constants of the published code. Tables and curves of the paper were not at hand, and \
                 data sets that cannot be shipped are replaced: those experiments are reconstructions."
            }
            Self::Multilevel => {
                "No code is public, and of the paper only the abstract could be read. Every experiment below is a \
                 reconstruction: problems, starts, step sizes and numbers of inner steps are ours."
            }
        }
    }
}

/// The place of a claim in its paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimSource {
    /// The abstract of the paper.
    Abstract,
    /// A figure's caption; the quotation identifies the figure.
    Caption,
}

impl ClaimSource {
    /// The name in the document.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Abstract => "from the abstract",
            Self::Caption => {
                "from a figure's caption; the paper itself could not be read here, so the figure's number is not known"
            }
        }
    }
}

/// A claim of a paper, with its verdict.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The id in files and links.
    pub id: &'static str,
    /// The paper that makes the claim.
    pub publication: Publication,
    /// The claim in a few of the paper's words.
    pub phrase: &'static str,
    /// The place of these words in the paper.
    pub source: ClaimSource,
    /// Name of the preset that shows the claim.
    pub preset: &'static str,
    /// The feature to watch once the preset is open.
    pub watch_for: &'static str,
    /// The problems that the claim is judged on.
    pub scope: &'static str,
    /// The verdict.
    pub word: Word,
    /// Grounds of the verdict, or the condition under which the claim holds.
    pub reason: &'static str,
}

impl Claim {
    /// Grounds of the verdict, with the problems that it is judged on.
    pub fn grounds(&self) -> String {
        format!("{} (judged {})", self.reason, self.scope)
    }

    /// The preset that shows the claim.
    pub fn shown_by(&self) -> Option<&'static Preset> {
        presets::find(self.preset)
    }
}

/// The claim with that id.
pub fn find(id: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.id == id)
}

/// All claims, paper by paper.
pub const CLAIMS: &[Claim] = &[
    Claim {
        id: "first-order",
        publication: Publication::Bome,
        phrase: "depends only on first-order gradient information",
        source: ClaimSource::Abstract,
        preset: "first-order",
        watch_for: "The columns gradients and products of the results: BOME's products stay at 0 to the end. So do those of \
                    BSG-1 and BVFSM: being first-order is not BOME's alone.",
        scope: "on the problems of all presets that run BOME",
        word: Word::Holds,
        reason: "BOME asks for no product of second derivatives, on any problem",
    },
    Claim {
        id: "no-implicit",
        publication: Publication::Bome,
        phrase: "no implicit differentiation",
        source: ClaimSource::Abstract,
        preset: "degenerate",
        watch_for: "AID-CG's card: it stops with the reason that the follower's Hessian is singular. BOME inverts nothing and goes \
                    on to f = 0; ITD stops where one variable has never moved.",
        scope: "on two problems with a singular lower Hessian",
        word: Word::Holds,
        reason: "it reaches the optimum where there is no Hessian to invert",
    },
    Claim {
        id: "practical",
        publication: Publication::Bome,
        phrase: "superior practical performance",
        source: ClaimSource::Abstract,
        preset: "equal-effort",
        watch_for: "Press U, tune, and use the best: with as many step sizes tried for each, ITD and AID-CG come at least as near as \
                    BOME here. Then choose another benchmark at the top left and do it again.",
        scope: "on the paper's toys and five others, at equal cost, and on reconstructions of its learning tasks",
        word: Word::HoldsWhen,
        reason: "the follower's Hessian is singular or its answers are many, and on wrong labels; on two of eight toys others solve more",
    },
    Claim {
        id: "non-convex",
        publication: Publication::Bome,
        phrase: "non-convex",
        source: ClaimSource::Abstract,
        preset: "pbgd-atlas",
        watch_for: "BOME's map: coloured all over, so from every start it ends at a true minimum of φ, the best one or not. Then \
                    open mirrlees-atlas: where the answer jumps, white hatches say that BOME stops at non-stationary points of φ.",
        scope: "on five small problems chosen here",
        word: Word::HoldsWhen,
        reason: "the follower has one answer without jumps and enough inner steps; then it finds minima, not always the best",
    },
    Claim {
        id: "accuracy",
        publication: Publication::Multilevel,
        phrase: "improves accuracy and convergence speed",
        source: ClaimSource::Abstract,
        preset: "stackelberg",
        watch_for: "Where the lines turn flat: loops and differences rest at an error that their length decides, the exact method \
                    goes on to rounding. The thin lines in the columns are what each has left unanswered.",
        scope: "on three games and a chain, not on the paper's own tasks",
        word: Word::HoldsWhen,
        reason: "demand is exponential or levels are many; on the linear game of three, random trials and loops of one Newton step are as accurate",
    },
    Claim {
        id: "faster",
        publication: Publication::Multilevel,
        phrase: "converges significantly faster than all the alternatives",
        source: ClaimSource::Caption,
        preset: "stackelberg-cost",
        watch_for: "The left end of the race over cost: which method is first below an error of 0.1, and which below 0.0001? Then \
                    switch the horizontal axis to iterations.",
        scope: "on three games and a chain, not on the paper's own tasks",
        word: Word::HoldsWhen,
        reason: "much accuracy is asked for; for little, random trials get there with fewer calls on two of the games",
    },
    Claim {
        id: "only-method",
        publication: Publication::Multilevel,
        phrase: "the only method that does not fall into local minima",
        source: ClaimSource::Caption,
        preset: "tri-sin-atlas",
        watch_for: "The strip of the exact method: two hues, so two valleys, parted where φ has its ridge. From more than half of \
                    the starts it ends in the worse one. Random trial steps leave it more often.",
        scope: "on two problems of three levels with several valleys, not on the paper's own task",
        word: Word::DoesNotHold,
        reason: "true local minima trap it as often as long loops; only chance leaves them",
    },
    Claim {
        id: "local-minima",
        publication: Publication::Multilevel,
        phrase: "both FD and ITD tend to converge to local minima",
        source: ClaimSource::Caption,
        preset: "tri-sin",
        watch_for: "The verdicts on the cards of ITD: short loops stop at non-stationary points of φ. That is no local \
                    minimum, and it goes away with more inner steps; a local minimum would stay.",
        scope: "on two problems of three levels with several valleys, not on the paper's own task",
        word: Word::HoldsWhen,
        reason: "loops are short, and then they stop at points that are no minima of φ at all",
    },
    Claim {
        id: "complexity",
        publication: Publication::Multilevel,
        phrase: "complexity",
        source: ClaimSource::Abstract,
        preset: "four-levels",
        watch_for: "The bars beneath the columns: how often each level was asked, on a logarithmic scale. Loops multiply from level \
                    to level; the exact method's calls grow less, but they are more expensive.",
        scope: "on games and a chain, not on the paper's own tasks",
        word: Word::HoldsWhen,
        reason: "loops have to be long for their accuracy; loops of one step are cheaper still",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_has_a_name_of_its_own_and_a_preset_that_opens() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../presets");
        presets::register_folder(&folder).expect("the folder of presets");
        for (place, claim) in CLAIMS.iter().enumerate() {
            assert!(CLAIMS[..place].iter().all(|other| other.id != claim.id));
            let preset = claim.shown_by().expect(claim.preset);
            assert!(preset.read().is_ok(), "{}", claim.id);
        }
        assert_eq!(
            find("complexity").map(|claim| claim.publication),
            Some(Publication::Multilevel)
        );
        assert!(find("nothing").is_none());
    }

    #[test]
    fn claims_come_paper_by_paper() {
        let mut publications: Vec<Publication> =
            CLAIMS.iter().map(|claim| claim.publication).collect();
        publications.dedup();
        assert_eq!(publications, Publication::ALL);
    }
}

//! What has been published on a benchmark or a method, ready to be cited.

/// A published text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The key in a BibTeX file: first author, year, first word; the same text always has the same key.
    pub key: &'static str,
    /// The authors, each as `Family, Given`.
    pub authors: &'static [&'static str],
    /// The title.
    pub title: &'static str,
    /// When it appeared.
    pub year: u16,
    /// Where it appeared.
    pub venue: Venue,
    /// Its number on arXiv, where it is there.
    pub arxiv: Option<&'static str>,
}

/// Where a text appeared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Venue {
    /// In the proceedings of a conference.
    Proceedings(&'static str),
    /// In a journal.
    Journal(&'static str),
    /// As a book of a publisher.
    Book(&'static str),
    /// As a report of an institution.
    Report(&'static str),
    /// On arXiv only.
    Preprint,
}

/// The text that several methods and benchmarks come from.
pub const BOME: Reference = Reference {
    key: "liu2022bome",
    authors: &[
        "Liu, Bo",
        "Ye, Mao",
        "Wright, Stephen",
        "Stone, Peter",
        "Liu, Qiang",
    ],
    title: "BOME! Bilevel Optimization Made Easy: A Simple First-Order Approach",
    year: 2022,
    venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
    arxiv: Some("2209.08709"),
};

/// The text that a value function under a logarithmic barrier comes from.
pub const VALUE_FUNCTION: Reference = Reference {
    key: "liu2021value",
    authors: &[
        "Liu, Risheng",
        "Liu, Xuan",
        "Zeng, Shangzhi",
        "Zhang, Jin",
        "Zhang, Yixuan",
    ],
    title: "Value-Function-based Sequential Minimization for Bi-level Optimization",
    year: 2021,
    venue: Venue::Preprint,
    arxiv: Some("2110.04974"),
};

/// The text that V-PBGD and its example come from.
pub const PENALTY_DESCENT: Reference = Reference {
    key: "shen2023penalty",
    authors: &["Shen, Han", "Chen, Tianyi"],
    title: "On Penalty-based Bilevel Gradient Descent Method",
    year: 2023,
    venue: Venue::Proceedings("International Conference on Machine Learning"),
    arxiv: Some("2302.05185"),
};

/// The text that momentum and variance reduction on both levels come from.
pub const SINGLE_LOOP: Reference = Reference {
    key: "yang2021provably",
    authors: &["Yang, Junjie", "Ji, Kaiyi", "Liang, Yingbin"],
    title: "Provably Faster Algorithms for Bilevel Optimization",
    year: 2021,
    venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
    arxiv: Some("2106.04692"),
};

/// The text that unrolling n nested levels comes from.
pub const UNROLLING: Reference = Reference {
    key: "sato2021gradient",
    authors: &["Sato, Ryo", "Tanaka, Mirai", "Takeda, Akiko"],
    title: "A Gradient Method for Multilevel Optimization",
    year: 2021,
    venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
    arxiv: Some("2105.13954"),
};

/// The text that implicit differentiation by conjugate gradients and by fixed-point steps come from.
pub const HYPERGRADIENTS: Reference = Reference {
    key: "grazzi2020iteration",
    authors: &[
        "Grazzi, Riccardo",
        "Franceschi, Luca",
        "Pontil, Massimiliano",
        "Salzo, Saverio",
    ],
    title: "On the Iteration Complexity of Hypergradient Computation",
    year: 2020,
    venue: Venue::Proceedings("International Conference on Machine Learning"),
    arxiv: Some("2006.16218"),
};

impl Reference {
    /// The entry of a BibTeX file.
    pub fn bibtex(&self) -> String {
        let (kind, place) = match self.venue {
            Venue::Proceedings(name) => ("inproceedings", Some(("booktitle", name))),
            Venue::Journal(name) => ("article", Some(("journal", name))),
            Venue::Book(publisher) => ("book", Some(("publisher", publisher))),
            Venue::Report(institution) => ("techreport", Some(("institution", institution))),
            Venue::Preprint => ("misc", None),
        };
        let year = self.year.to_string();
        let authors = self.authors.join(" and ");
        // doubled braces keep the title's capitals
        let title = format!("{{{}}}", self.title);
        let mut fields = vec![("author", authors.as_str()), ("title", title.as_str())];
        fields.extend(place);
        fields.push(("year", &year));
        if let Some(number) = self.arxiv {
            fields.extend([("eprint", number), ("archiveprefix", "arXiv")]);
        }
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, value)| format!("  {name} = {{{value}}},\n"))
            .collect();
        format!("@{kind}{{{},\n{}}}\n", self.key, fields.concat())
    }

    /// The family name of the first author.
    pub fn first_author(&self) -> &'static str {
        let name = self.authors.first().copied().unwrap_or_default();
        name.split_once(',').map_or(name, |(family, _)| family)
    }
}

/// The entries of several texts, as a BibTeX file has them.
pub fn bibliography(references: &[Reference]) -> String {
    let entries: Vec<String> = references.iter().map(Reference::bibtex).collect();
    entries.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_what_its_kind_asks_for() {
        assert_eq!(
            BOME.bibtex(),
            "@inproceedings{liu2022bome,\n  \
             author = {Liu, Bo and Ye, Mao and Wright, Stephen and Stone, Peter and Liu, Qiang},\n  \
             title = {{BOME! Bilevel Optimization Made Easy: A Simple First-Order Approach}},\n  \
             booktitle = {Advances in Neural Information Processing Systems},\n  \
             year = {2022},\n  eprint = {2209.08709},\n  archiveprefix = {arXiv},\n}\n"
        );
        for (venue, begins, field) in [
            (Venue::Journal("A"), "@article{", "journal = {A}"),
            (Venue::Book("B"), "@book{", "publisher = {B}"),
            (Venue::Report("C"), "@techreport{", "institution = {C}"),
            (Venue::Preprint, "@misc{", "eprint = {"),
        ] {
            let entry = Reference { venue, ..BOME }.bibtex();
            assert!(
                entry.starts_with(begins) && entry.contains(field),
                "{entry}"
            );
        }
    }
}

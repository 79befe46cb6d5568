//! Publications on benchmarks and methods, ready to be cited.

/// A publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The key in a BibTeX file: first author, year, first word; the same text always has the same key.
    pub key: &'static str,
    /// The authors, each as `Family, Given`.
    pub authors: &'static [&'static str],
    /// The title.
    pub title: &'static str,
    /// The year of publication.
    pub year: u16,
    /// The venue of publication.
    pub venue: Venue,
    /// The number on arXiv, if there is one.
    pub arxiv: Option<&'static str>,
}

/// The venue of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Venue {
    /// Proceedings of a conference.
    Proceedings(&'static str),
    /// A journal.
    Journal(&'static str),
    /// A book, with its publisher.
    Book(&'static str),
    /// A report, with its institution.
    Report(&'static str),
    /// arXiv only.
    Preprint,
}

/// The source of BOME, and of several benchmarks and other methods.
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

/// The source of the value-function method with a logarithmic barrier.
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

/// The source of V-PBGD and its example.
pub const PENALTY_DESCENT: Reference = Reference {
    key: "shen2023penalty",
    authors: &["Shen, Han", "Chen, Tianyi"],
    title: "On Penalty-based Bilevel Gradient Descent Method",
    year: 2023,
    venue: Venue::Proceedings("International Conference on Machine Learning"),
    arxiv: Some("2302.05185"),
};

/// The source of momentum and variance reduction on both levels.
pub const SINGLE_LOOP: Reference = Reference {
    key: "yang2021provably",
    authors: &["Yang, Junjie", "Ji, Kaiyi", "Liang, Yingbin"],
    title: "Provably Faster Algorithms for Bilevel Optimization",
    year: 2021,
    venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
    arxiv: Some("2106.04692"),
};

/// The source of unrolling for n nested levels.
pub const UNROLLING: Reference = Reference {
    key: "sato2021gradient",
    authors: &["Sato, Ryo", "Tanaka, Mirai", "Takeda, Akiko"],
    title: "A Gradient Method for Multilevel Optimization",
    year: 2021,
    venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
    arxiv: Some("2105.13954"),
};

/// The source of implicit differentiation by conjugate gradients and by fixed-point steps.
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
    /// The BibTeX entry of the publication.
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

/// The BibTeX entries of several publications.
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

//! `claims`: the claims of two papers beside measurements, as documents with tables and pictures, all from one command.
//!
//! A verdict follows from the numbers alone; it is compared with the list that the window shows.

mod accuracy;
mod complexity;
mod contest;
mod finding;
mod first_order;
mod guide;
mod interval;
mod learning;
mod list;
mod messages;
mod non_convex;
mod page;
mod practical;
mod search;
mod survey;
mod traps;

pub use learning::{Documents, sentences};
pub use list::{CLAIMS, Claim, ClaimSource, Publication, Word, find};

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bilevel::run::Executor;
use bilevel_files::{FileSet, Table};

use self::finding::{Finding, Picture, Size, text};

/// Options of the command.
pub struct ClaimsRequest {
    /// The folder of the documents.
    pub out: PathBuf,
    /// True for the reduced size, as a test.
    pub is_quick: bool,
    /// The number of worker threads; `None` for all cores.
    pub threads: Option<usize>,
    /// The quoted documents.
    pub documents: Documents,
}

/// All that was measured, with the folder that its documents go to.
pub struct Measured {
    files: [FileSet; 3],
    findings: Vec<Finding>,
    times: Table,
    guide: String,
    lessons: Vec<Picture>,
    size: Size,
}

/// Measures everything. No file is written before [`Measured::write`].
pub fn measure(call: &ClaimsRequest) -> Result<Measured> {
    let folders = ["", "claims", "guide"].map(|name| call.out.join(name));
    // fail before the work, not after it, if a folder cannot be written to
    let files = [sets(&folders[0])?, sets(&folders[1])?, sets(&folders[2])?];
    let size = if call.is_quick {
        Size::Quick
    } else {
        Size::Full
    };
    let threads = call.threads.unwrap_or_else(Executor::default_threads);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.context(messages::no_workers())?;
    let (findings, times) = pool.install(|| findings(size, call.documents))?;
    let (guide, lessons) = guide::guide(size)?;
    Ok(Measured {
        files,
        findings,
        times,
        guide,
        lessons,
        size,
    })
}

impl Measured {
    /// Writes the documents; the report has a line for each claim and marks differences from the list.
    pub fn write(self) -> Result<Report> {
        let [mut pages, mut tables, mut guide_files] = self.files;
        let findings = &self.findings;
        add_text(&mut pages, "claims.md", &page::page(findings, self.size))?;
        add_text(&mut pages, "guide.md", &self.guide)?;
        for finding in findings {
            for page in &finding.sheets {
                add_text(
                    &mut tables,
                    &format!("{}.csv", page.name),
                    &page.table.csv()?,
                )?;
            }
            add_pictures(&mut tables, &finding.pictures)?;
        }
        add_text(&mut tables, "verdicts.csv", &verdicts(findings).csv()?)?;
        add_text(&mut tables, "times.csv", &self.times.csv()?)?;
        add_pictures(&mut guide_files, &self.lessons)?;
        for files in [tables, guide_files, pages] {
            files.finish()?;
        }
        Ok(Report::new(findings))
    }
}

fn sets(folder: &Path) -> Result<FileSet> {
    let files = FileSet::new(folder)?;
    files.probe()?;
    Ok(files)
}

fn add_text(files: &mut FileSet, name: &str, words: &str) -> Result<()> {
    files.add(name, |writer| writer.write_all(words.as_bytes()))?;
    Ok(())
}

fn add_pictures(files: &mut FileSet, pictures: &[Picture]) -> Result<()> {
    for picture in pictures {
        files.add(&picture.name, |writer| writer.write_all(&picture.bytes))?;
    }
    Ok(())
}

/// Measures all claims; also returns the ratios of times.
fn findings(size: Size, documents: Documents) -> Result<(Vec<Finding>, Table)> {
    let mut found = vec![
        first_order::first_order(size)?,
        first_order::no_implicit(size)?,
    ];
    let (practical, mut times) = practical::practical(size, documents)?;
    found.push(practical);
    found.push(non_convex::non_convex(size)?);
    let (accuracy, more) = accuracy::accuracy(size)?;
    found.extend(accuracy);
    found.extend(traps::traps(size)?);
    found.push(complexity::complexity(size)?);
    times.rows.extend(more.rows);
    times.head[2] = "time of an outer iteration over that of the paper's method";
    Ok((found, times))
}

/// The table of verdicts, for programs.
fn verdicts(findings: &[Finding]) -> Table {
    let row = |finding: &Finding| {
        let claim = find(finding.id);
        let preset = claim.map_or("", |claim| claim.preset);
        vec![text(finding.id), text(finding.word.text()), text(preset)]
    };
    Table {
        head: vec!["claim", "verdict", "preset"],
        rows: findings.iter().map(row).collect(),
    }
}

/// The verdicts of all claims.
#[derive(Clone, Debug)]
pub struct Report {
    /// A line for each claim, as text.
    pub lines: Vec<String>,
    /// True if every verdict is the one in [`CLAIMS`].
    pub agrees: bool,
}

impl Report {
    fn new(findings: &[Finding]) -> Self {
        let mut lines = Vec::new();
        let mut agrees = true;
        for finding in findings {
            let listed = find(finding.id).map(|claim| claim.word);
            let is_listed = listed == Some(finding.word);
            agrees &= is_listed;
            let remark = match listed {
                _ if is_listed => String::new(),
                Some(word) => messages::other_verdict_listed(word.text()),
                None => messages::not_listed().to_owned(),
            };
            let word = finding.word.text();
            lines.push(messages::verdict_of_claim(finding.id, word, &remark));
        }
        Self { lines, agrees }
    }
}

//! An experiment as one line of text, to be sent, pasted and scanned.
//!
//! The line is `bilevel1:` and, in the alphabet of URLs (RFC 4648, section 5, without padding), the first eight bytes of a
//! SHA-256 digest and the file of the experiment, compressed with DEFLATE. The digest covers the mark and the compressed
//! file, so that a changed or missing character is noticed.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bilevel::problem::ParameterValue;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::file::document::ReadError;
use super::model::Experiment;
use crate::messages;

/// The beginning of a line: the name of the program and the version of the format.
const MARK: &str = "bilevel1:";
/// The beginning of the lines of all versions.
const NAME: &str = "bilevel";
/// The name of the text in errors.
const ORIGIN: &str = "line";
/// The bytes of the digest that a line keeps: a wrong line passes once in 2⁶⁴ times.
const DIGEST: usize = 8;
/// The most bytes of the unpacked file.
const LARGEST: u64 = 256 << 10;

/// An error of a line, or the reason why an experiment has none.
#[derive(Debug, Error)]
pub enum ShareError {
    /// The text does not begin as a line does.
    #[error("{}", messages::share::no_shared_line())]
    NoLine,
    /// The line is of another version.
    #[error("{}", messages::share::other_shared_version(.0))]
    OtherVersion(String),
    /// A part of the line is missing or changed.
    #[error("{}", messages::share::damaged_line())]
    Damaged,
    /// The unpacked file is too large.
    #[error("{}", messages::share::shared_too_large(LARGEST))]
    TooLarge,
    /// The experiment reads data from a file, which a line does not hold.
    #[error("{}", messages::share::shared_needs_data(.0))]
    NeedsData(String),
    /// The unpacked file has an error.
    #[error(transparent)]
    Wrong(#[from] ReadError),
}

/// True for a text that is meant as a line of an experiment, whole or not.
pub fn is_shared_line(text: &str) -> bool {
    let text = text.trim_start();
    let rest = text.strip_prefix(NAME).unwrap_or_default();
    let version = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    version.len() < rest.len() && version.starts_with(':')
}

impl Experiment {
    /// The experiment as one line of text.
    ///
    /// # Errors
    /// If it reads data from a file, or its file is larger than 256 KiB.
    pub fn to_line(&self) -> Result<String, ShareError> {
        let mut values = self.problem.settings.iter_set();
        if let Some(name) = values.find_map(|(_, value)| match value {
            ParameterValue::Data(data) => Some(data.name()),
            _ => None,
        }) {
            return Err(ShareError::NeedsData(name.to_owned()));
        }
        let tables = self.problem.settings.model();
        let mut tables = tables.iter().flat_map(|model| &model.draft().tables);
        if let Some((_, constant)) = tables.find(|(_, constant)| !constant.table.is_shipped()) {
            let name = constant.table.name().to_owned();
            return Err(ShareError::NeedsData(name));
        }
        let text = self.write();
        if text.len() as u64 > LARGEST {
            return Err(ShareError::TooLarge);
        }
        let packed = packed(&text);
        let mut bytes = digest(&packed).to_vec();
        bytes.extend(packed);
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads an experiment from one line of text. Spaces and line breaks, which mail programs add, do not count.
    ///
    /// # Errors
    /// If the text is no line, is damaged, or holds a file with an error.
    pub fn from_line(line: &str) -> Result<Self, ShareError> {
        let line: String = line.split_whitespace().collect();
        let Some(code) = line.strip_prefix(MARK) else {
            let version = line.split(':').next().unwrap_or_default();
            return Err(if is_shared_line(&line) {
                ShareError::OtherVersion(version.to_owned())
            } else {
                ShareError::NoLine
            });
        };
        let bytes = URL_SAFE_NO_PAD
            .decode(code)
            .map_err(|_damage| ShareError::Damaged)?;
        let (kept, packed) = bytes.split_at_checked(DIGEST).ok_or(ShareError::Damaged)?;
        if digest(packed) != kept {
            return Err(ShareError::Damaged);
        }
        let mut text = String::new();
        let mut unpacked = DeflateDecoder::new(packed).take(LARGEST + 1);
        unpacked
            .read_to_string(&mut text)
            .map_err(|_damage| ShareError::Damaged)?;
        if text.len() as u64 > LARGEST {
            return Err(ShareError::TooLarge);
        }
        Ok(Self::read(ORIGIN, &text)?)
    }
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(text.as_bytes());
    // a vector takes all bytes
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

fn digest(packed: &[u8]) -> [u8; DIGEST] {
    let whole = Sha256::new()
        .chain_update(MARK)
        .chain_update(packed)
        .finalize();
    std::array::from_fn(|place| whole[place])
}

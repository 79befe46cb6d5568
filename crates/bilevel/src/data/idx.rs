//! The IDX format of MNIST: a magic number, the sizes, then bytes; plain or compressed with gzip.
//!
//! Source: Y. `LeCun`, C. Cortes, C. Burges, "The MNIST database of handwritten digits". All numbers in the header are
//! big-endian and have four bytes; the third byte of the magic number gives the type of the entries (here bytes), the
//! fourth the number of sizes that follow.

use std::io::{ErrorKind, Read};

use thiserror::Error;

use super::libsvm::SparseError;
use super::source::{GZIP, Unpacked};
use super::table::TableError;
use crate::messages;

/// The most bytes that a header may announce: about four times those of MNIST's 60,000 training images.
const MOST_BYTES: usize = 200_000_000;
/// The room that is reserved on the word of a header; more is reserved as bytes come.
const RESERVED: usize = 1 << 20;

/// An error that makes a data set unusable, as a sentence.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DataError {
    /// A file of the set is not in the folder.
    #[error("{}", messages::data::missing(folder, name))]
    Missing {
        /// The folder as given.
        folder: String,
        /// The file's name in the standard sets.
        name: String,
    },
    /// The system could not read the file.
    #[error("{}", messages::data::unreadable(file, reason))]
    Unreadable {
        /// The file.
        file: String,
        /// The system's message.
        reason: String,
    },
    /// The header is not that of the expected format.
    #[error("{}", messages::data::wrong_header(file, what))]
    Header {
        /// The file.
        file: String,
        /// "images" or "labels".
        what: &'static str,
    },
    /// The header announces more bytes than are read.
    #[error("{}", messages::data::too_many_bytes(file, *promised, MOST_BYTES))]
    TooLarge {
        /// The file.
        file: String,
        /// The product of its sizes.
        promised: usize,
    },
    /// The file is shorter or longer than its header says.
    #[error("{}", messages::data::wrong_length(file, fault, *promised, *found))]
    Length {
        /// The file.
        file: String,
        /// "truncated" or "too long".
        fault: &'static str,
        /// The product of its sizes.
        promised: usize,
        /// The bytes found; of a file that is too long, the bytes read.
        found: usize,
    },
    /// Two files do not belong together.
    #[error("{}", messages::data::mismatch(first, second, reason))]
    Mismatch {
        /// A file.
        first: String,
        /// Another.
        second: String,
        /// The reason, such as different numbers of samples.
        reason: String,
    },
    /// An error in a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// An error in a file of sparse samples.
    #[error(transparent)]
    Sparse(#[from] SparseError),
}

/// The contents of an IDX file.
#[derive(Debug)]
pub(super) struct Idx {
    /// The number of samples.
    pub(super) samples: usize,
    /// The entries of each sample.
    pub(super) entries: usize,
    /// The last of the sizes: for images the pixels per row.
    pub(super) width: usize,
    /// All entries, sample after sample.
    pub(super) bytes: Vec<u8>,
}

/// Reads an IDX file with `sizes` sizes; `file` and `what` are for errors.
pub(super) fn read(
    source: impl Read,
    file: &str,
    (sizes, what): (u8, &'static str),
) -> Result<Idx, DataError> {
    let mut start = [0; 2];
    let mut source = source;
    let got = fill(&mut source, &mut start).map_err(|error| unreadable(file, &error))?;
    let whole = start[..got].chain(source);
    if start == GZIP {
        read_plain(Unpacked::new(whole), file, (sizes, what))
    } else {
        read_plain(whole, file, (sizes, what))
    }
}

fn read_plain(
    mut source: impl Read,
    file: &str,
    (sizes, what): (u8, &'static str),
) -> Result<Idx, DataError> {
    let header = || DataError::Header {
        file: file.to_owned(),
        what,
    };
    let mut magic = [0; 4];
    let mut dimensions = vec![0; 4 * usize::from(sizes)];
    for part in [&mut magic[..], &mut dimensions[..]] {
        let length = part.len();
        if fill(&mut source, part).map_err(|error| unreadable(file, &error))? < length {
            return Err(header());
        }
    }
    if magic != [0, 0, 8, sizes] {
        return Err(header());
    }
    let dimensions: Vec<usize> = dimensions
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| u32::from_be_bytes(*bytes) as usize)
        .collect();
    let product = |sizes: &[usize]| {
        sizes
            .iter()
            .fold(1_usize, |product, size| product.saturating_mul(*size))
    };
    let promised = product(&dimensions);
    if promised > MOST_BYTES {
        return Err(DataError::TooLarge {
            file: file.to_owned(),
            promised,
        });
    }
    let mut bytes = Vec::with_capacity(promised.min(RESERVED));
    // one byte more reveals a file that is too long, whatever its length
    source
        .take(promised as u64 + 1)
        .read_to_end(&mut bytes)
        .or_else(|error| match error.kind() {
            // a truncated gzip stream: the bytes read so far are kept
            ErrorKind::UnexpectedEof => Ok(bytes.len()),
            _ => Err(unreadable(file, &error)),
        })?;
    if bytes.len() != promised {
        return Err(DataError::Length {
            file: file.to_owned(),
            fault: if bytes.len() < promised {
                messages::data::truncated()
            } else {
                messages::data::too_long()
            },
            promised,
            found: bytes.len(),
        });
    }
    Ok(Idx {
        samples: dimensions[0],
        entries: product(&dimensions[1..]),
        width: dimensions[1..].last().copied().unwrap_or(1),
        bytes,
    })
}

/// Reads until the buffer is full or the source ends; returns the number of bytes read.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

pub(super) fn unreadable(file: &str, reason: &impl ToString) -> DataError {
    DataError::Unreadable {
        file: file.to_owned(),
        reason: reason.to_string(),
    }
}

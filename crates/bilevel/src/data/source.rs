//! Files of data: regular ones only, bounded when they are unpacked, and decoded to text.

use std::cell::Cell;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use crate::messages;

/// The first bytes of a gzip file.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The bytes that may be unpacked, whatever the size of the file.
const FREE: u64 = 64 << 20;
/// The most unpacked bytes of a packed one beyond [`FREE`]; tables and sparse samples reach a fifth of it.
const MOST_RATIO: u64 = 100;
/// The packed bytes that may be read without unpacking at least a quarter as many.
const EMPTY: u64 = 1 << 20;

/// Opens a regular file; an error is its reason in words.
///
/// A pipe or a device would be waited for, or never end.
pub(super) fn open_regular(path: &str) -> Result<File, String> {
    if path.trim().is_empty() {
        return Err(messages::data::empty_path().to_owned());
    }
    let words = |error: io::Error| error.to_string();
    check_regular(&std::fs::metadata(path).map_err(words)?)?;
    let file = without_waiting().open(path).map_err(words)?;
    // what was opened may be another file than what was looked at
    check_regular(&file.metadata().map_err(words)?)?;
    Ok(file)
}

#[cfg(unix)]
fn without_waiting() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK);
    options
}

#[cfg(not(unix))]
fn without_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

fn check_regular(metadata: &Metadata) -> Result<(), String> {
    let kind = metadata.file_type();
    let reason = if kind.is_dir() {
        messages::data::is_folder()
    } else if !kind.is_file() {
        messages::data::is_not_regular()
    } else if metadata.len() == 0 {
        // files that the system makes up while they are read have no size
        messages::data::is_empty()
    } else {
        return Ok(());
    };
    Err(reason.to_owned())
}

/// The format of a file that is no text, by its first bytes, in words.
pub(super) fn foreign_format(start: &[u8]) -> Option<&'static str> {
    const FORMATS: [(&[u8], &str); 13] = [
        (b"PK\x03\x04", messages::data::zip()),
        (b"\xd0\xcf\x11\xe0", messages::data::old_workbook()),
        (b"\xfd7zXZ\x00", messages::data::xz()),
        (b"\x28\xb5\x2f\xfd", messages::data::zstd()),
        (b"BZh", messages::data::bzip2()),
        (b"PAR1", messages::data::parquet()),
        (b"\x89HDF", messages::data::hdf5()),
        (b"\x93NUMPY", messages::data::numpy()),
        (b"ARROW1", messages::data::arrow()),
        (b"%PDF", messages::data::pdf()),
        (b"\x89PNG", messages::data::picture()),
        (b"<!DOCTYPE", messages::data::web_page()),
        (b"<html", messages::data::web_page()),
    ];
    let found = FORMATS.iter().find(|(magic, _)| start.starts_with(magic));
    found.map(|(_, words)| *words)
}

/// A text with the format in which it was written, if that is worth a word.
#[derive(Debug)]
pub(super) struct DecodedText {
    pub(super) text: String,
    pub(super) remarks: Vec<&'static str>,
}

/// A reason why a file is not read as text.
#[derive(Debug)]
pub(super) enum TextError {
    /// The reason in words.
    Unreadable(String),
    /// There are more bytes than allowed.
    TooLong,
}

/// Reads a text of at most `most` bytes, packed with gzip or not, in UTF-8 or UTF-16.
pub(super) fn read_text(path: &str, most: u64) -> Result<DecodedText, TextError> {
    let file = open_regular(path).map_err(TextError::Unreadable)?;
    decode(file, most)
}

/// Decodes a text of at most `most` bytes.
pub(super) fn decode(source: impl Read, most: u64) -> Result<DecodedText, TextError> {
    let (mut bytes, mut remarks) = (Vec::new(), Vec::new());
    let unreadable = |error: io::Error| TextError::Unreadable(error.to_string());
    let mut source = io::BufReader::new(source);
    let is_packed = io::BufRead::fill_buf(&mut source)
        .map_err(unreadable)?
        .starts_with(&GZIP);
    if is_packed {
        remarks.push(messages::data::gzip());
        let read = Unpacked::new(source).take(most + 1).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
    } else {
        let read = source.take(most + 1).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
    }
    if let Some(format) = foreign_format(&bytes) {
        let reason = messages::data::foreign(format);
        return Err(TextError::Unreadable(reason));
    }
    if bytes.len() as u64 > most {
        return Err(TextError::TooLong);
    }
    let text = match wide_encoding(&bytes) {
        Some(encoding) => {
            remarks.push(messages::data::utf_16());
            let text = encoding.decode(&bytes);
            text.ok_or_else(|| TextError::Unreadable(messages::data::broken_utf_16().to_owned()))?
        }
        None => String::from_utf8(bytes).map_err(|error| {
            let end = error.utf8_error().valid_up_to();
            let lines = error.as_bytes()[..end].split(|byte| *byte == b'\n').count();
            TextError::Unreadable(messages::data::not_utf_8(error.as_bytes()[end], lines))
        })?,
    };
    let text = text
        .strip_prefix('\u{feff}')
        .map(ToOwned::to_owned)
        .unwrap_or(text);
    Ok(DecodedText { text, remarks })
}

/// The order of the two bytes of a character in UTF-16.
#[derive(Clone, Copy, Debug)]
enum WideEncoding {
    LowFirst,
    HighFirst,
}

impl WideEncoding {
    fn decode(self, bytes: &[u8]) -> Option<String> {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs
            .iter()
            .map(|pair| match self {
                Self::LowFirst => u16::from_le_bytes(*pair),
                Self::HighFirst => u16::from_be_bytes(*pair),
            })
            .collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    }
}

/// The encoding of a text in UTF-16, by its mark or, without one, by the zeros of its Latin letters.
fn wide_encoding(bytes: &[u8]) -> Option<WideEncoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(WideEncoding::LowFirst),
        [0xfe, 0xff, ..] => return Some(WideEncoding::HighFirst),
        _ => {}
    }
    let pairs = bytes.as_chunks::<2>().0;
    let first = &pairs[..pairs.len().min(32)];
    let zeros = |place: usize| first.iter().filter(|pair| pair[place] == 0).count();
    let is_wide = |empty: usize, full: usize| zeros(empty) * 2 > first.len() && zeros(full) == 0;
    if first.is_empty() {
        None
    } else if is_wide(1, 0) {
        Some(WideEncoding::LowFirst)
    } else {
        is_wide(0, 1).then_some(WideEncoding::HighFirst)
    }
}

/// The contents of a gzip file, refused where little that is packed becomes much, or much becomes nothing.
pub(super) struct Unpacked<R: Read> {
    decoder: MultiGzDecoder<Counted<R>>,
    counts: Rc<ByteCounts>,
}

#[derive(Default)]
struct ByteCounts {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
}

struct Counted<R> {
    source: R,
    counts: Rc<ByteCounts>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        let packed = self.counts.packed.get() + read as u64;
        self.counts.packed.set(packed);
        if packed > EMPTY && self.counts.unpacked.get() < packed / 4 {
            return Err(io::Error::other(messages::data::unpacks_to_nothing()));
        }
        Ok(read)
    }
}

impl<R: Read> Unpacked<R> {
    /// The contents of a source whose first bytes are those of gzip.
    pub(super) fn new(source: R) -> Self {
        let counts = Rc::new(ByteCounts::default());
        let source = Counted {
            source,
            counts: Rc::clone(&counts),
        };
        Self {
            decoder: MultiGzDecoder::new(source),
            counts,
        }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        let unpacked = self.counts.unpacked.get() + read as u64;
        self.counts.unpacked.set(unpacked);
        if unpacked > FREE && unpacked / MOST_RATIO > self.counts.packed.get() {
            return Err(io::Error::other(messages::data::unpacks_to_too_much(
                MOST_RATIO,
            )));
        }
        Ok(read)
    }
}

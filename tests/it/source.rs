//! A reader of Rust files as tokens, which lists the names that each file uses.
//!
//! Comments, strings, doc links, attributes and items under `#[cfg(test)]` do not count. Arguments of macros count like
//! other code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A source file of a crate with the names that it uses.
pub(crate) struct Source {
    /// The path, such as `src/method/bome.rs`.
    pub(crate) file: String,
    /// The path of its module: `["method", "bome"]`. Empty for `lib.rs` and `main.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) text: String,
    pub(crate) names: Vec<Name>,
}

/// A path of two segments or more, or any import.
pub(crate) struct Name {
    pub(crate) line: usize,
    /// The path from the crate's root if `is_ours`, else as written.
    pub(crate) path: Vec<String>,
    pub(crate) is_ours: bool,
    /// The name after an import; `None` if it is not one.
    pub(crate) import: Option<String>,
}

impl Source {
    /// # Panics
    /// If the text is not made of Rust tokens.
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let module = module_of(file);
        let tokens: TokenStream = text
            .parse()
            .unwrap_or_else(|error| panic!("{file} cannot be read: {error}"));
        let mut names = Vec::new();
        scan(tokens, &module, &mut names);
        Self {
            file: file.to_owned(),
            module,
            text: text.to_owned(),
            names,
        }
    }
}

fn module_of(file: &str) -> Vec<String> {
    let path = file.split_once("src/").map_or(file, |(_, path)| path);
    let path = path.trim_end_matches(".rs");
    let mut module: Vec<_> = path.split('/').map(str::to_owned).collect();
    if matches!(
        module.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        module.pop();
    }
    module
}

fn scan(tokens: TokenStream, module: &[String], names: &mut Vec<Name>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] if hash.as_char() == '#' => {
                at += 2;
                if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    at += item_length(&tokens[at..]);
                }
            }
            [
                TokenTree::Ident(word),
                TokenTree::Ident(name),
                TokenTree::Group(body),
                ..,
            ] if word == "mod" => {
                let inner = [module, &[name.to_string()]].concat();
                scan(body.stream(), &inner, names);
                at += 3;
            }
            [TokenTree::Ident(word), ..] if word == "use" => {
                at += 1;
                read_import(&tokens, &mut at, &[], module, names);
            }
            [TokenTree::Ident(_), ..] => {
                let (line, path) = read_path(&tokens, &mut at);
                if path.len() > 1 {
                    names.push(name(line, path, module, None));
                }
            }
            [TokenTree::Group(group), ..] => {
                scan(group.stream(), module, names);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// The number of tokens up to and including the item's closing brace or semicolon.
fn item_length(tokens: &[TokenTree]) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    tokens
        .iter()
        .position(is_end)
        .map_or(tokens.len(), |end| end + 1)
}

/// Reads `a::b::c` and stops after the last name.
fn read_path(tokens: &[TokenTree], at: &mut usize) -> (usize, Vec<String>) {
    let (mut line, mut path) = (0, Vec::new());
    while let Some(TokenTree::Ident(segment)) = tokens.get(*at) {
        line = segment.span().start().line;
        path.push(segment.to_string());
        *at += 1;
        if !(is_colons(tokens, *at) && matches!(tokens.get(*at + 2), Some(TokenTree::Ident(_)))) {
            break;
        }
        *at += 2;
    }
    (line, path)
}

/// Reads one tree of an import, including its groups.
fn read_import(
    tokens: &[TokenTree],
    at: &mut usize,
    prefix: &[String],
    module: &[String],
    names: &mut Vec<Name>,
) {
    if is_colons(tokens, *at) {
        *at += 2;
    }
    let (mut line, path) = read_path(tokens, at);
    let mut path = [prefix, &path].concat();
    if is_colons(tokens, *at) {
        *at += 2; // before a group or a star
    }
    match tokens.get(*at) {
        Some(TokenTree::Group(group)) => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            let mut inside = 0;
            while inside < inner.len() {
                read_import(&inner, &mut inside, &path, module, names);
                inside += 1; // the comma
            }
            *at += 1;
            return;
        }
        Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
            line = star.span().start().line;
            *at += 1;
            names.push(name(line, path, module, None));
            return;
        }
        _ => {}
    }
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let mut import = path.last().cloned();
    if let [TokenTree::Ident(word), TokenTree::Ident(alias), ..] = &tokens[*at..]
        && word == "as"
    {
        import = Some(alias.to_string());
        *at += 2;
    }
    names.push(name(line, path, module, import));
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))
}

/// A name with its path from the crate's root, if the path starts with `crate`, `self`, `super` or the crate's name.
fn name(line: usize, path: Vec<String>, module: &[String], import: Option<String>) -> Name {
    let mut base = module.to_vec();
    let mut rest = path.as_slice();
    let is_ours = match path[0].as_str() {
        "crate" | "bilevel_lab" => {
            base.clear();
            rest = &rest[1..];
            true
        }
        "self" => {
            rest = &rest[1..];
            true
        }
        "super" => {
            while let ["super", ..] = rest.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                base.pop();
                rest = &rest[1..];
            }
            true
        }
        _ => false,
    };
    let path = if is_ours {
        [&base, rest].concat()
    } else {
        path
    };
    Name {
        line,
        path,
        is_ours,
        import,
    }
}

//! Figures of a document in two themes: the same lines, with classes in place of the colours that differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The properties that have a colour.
const PROPERTIES: [&str; 2] = ["fill", "stroke"];

/// A colour with its opacity, as attributes have it.
type Paint<'a> = (&'a str, Option<&'a str>);

/// The pairs of colours of a document, each with the name of its class.
#[derive(Debug, Default)]
pub(super) struct ThemeColours {
    /// The number of each rule, by its declarations in the light and the dark theme.
    rules: BTreeMap<[String; 2], usize>,
}

impl ThemeColours {
    /// The lines of a figure with classes for its colours. A line of one theme alone, such as a casing, has the class `lt` or
    /// `dk`; if the themes differ in their structure, the lines are the light ones.
    pub(super) fn lines(&mut self, light: &[String], dark: &[String]) -> Vec<String> {
        let pairs = aligned(light, dark).into_iter();
        let themed: Option<Vec<String>> = pairs.map(|pair| self.line(pair)).collect();
        themed.unwrap_or_else(|| light.to_vec())
    }

    /// A line that both themes have, or one of them.
    fn line(&mut self, pair: [Option<&String>; 2]) -> Option<String> {
        let (own, other, only) = match pair {
            [Some(light), Some(dark)] => (light, dark, None),
            [Some(light), None] => (light, light, Some("lt")),
            [None, Some(dark)] => (dark, dark, Some("dk")),
            [None, None] => return None,
        };
        let is_structure = own.starts_with("<clipPath") || own.starts_with("<g clip-path");
        if only.is_some() && (is_structure || own == "</g>") {
            return None;
        }
        self.classed(own, other, only)
    }

    fn classed(&mut self, light: &str, dark: &str, only: Option<&str>) -> Option<String> {
        let mut rest = [light.to_owned(), dark.to_owned()];
        let mut classes = Vec::new();
        for property in PROPERTIES {
            let cut = [taken(&rest[0], property), taken(&rest[1], property)];
            let [Some((first, light)), Some((second, dark))] = cut else {
                continue;
            };
            let rules = [light, dark].map(|paint| declaration(property, paint));
            rest = [first, second];
            let next = self.rules.len();
            classes.push(format!("c{}", self.rules.entry(rules).or_insert(next)));
        }
        classes.extend(only.map(ToOwned::to_owned));
        let [own, other] = rest;
        if own != other {
            return None;
        }
        if classes.is_empty() {
            return Some(own);
        }
        // the class stands behind the name of the element
        let end = own.find([' ', '/', '>'])?;
        Some(format!(
            "{} class=\"{}\"{}",
            &own[..end],
            classes.join(" "),
            &own[end..]
        ))
    }

    /// The rules of all classes.
    pub(super) fn style(&self) -> String {
        let mut numbered: Vec<(&[String; 2], usize)> = self
            .rules
            .iter()
            .map(|(rule, number)| (rule, *number))
            .collect();
        numbered.sort_by_key(|(_, number)| *number);
        let mut style = String::new();
        // writing to a String cannot fail
        for ([light, _], number) in &numbered {
            let _ok = writeln!(style, ".c{number}{{{light}}}");
        }
        style.push_str("@media (prefers-color-scheme: dark) {\n");
        for ([light, dark], number) in &numbered {
            if light != dark {
                let _ok = writeln!(style, ".c{number}{{{dark}}}");
            }
        }
        style.push_str("}\n");
        style
    }
}

/// The lines of two themes in pairs: lines that differ in colours alone are one pair, others have no partner.
fn aligned<'a>(light: &'a [String], dark: &'a [String]) -> Vec<[Option<&'a String>; 2]> {
    let keys = |lines: &[String]| -> Vec<String> { lines.iter().map(|line| key(line)).collect() };
    let (light_keys, dark_keys) = (keys(light), keys(dark));
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < light.len() || j < dark.len() {
        let ahead = |keys: &[String], from: usize, key: Option<&String>| {
            let key = key?;
            keys[from..].iter().position(|other| other == key)
        };
        // the nearest partner of either line decides which one has none
        let in_light = ahead(&light_keys, i, dark_keys.get(j)).unwrap_or(usize::MAX);
        let in_dark = ahead(&dark_keys, j, light_keys.get(i)).unwrap_or(usize::MAX);
        if in_light == 0 {
            pairs.push([light.get(i), dark.get(j)]);
            (i, j) = (i + 1, j + 1);
        } else if i < light.len() && (in_light <= in_dark || j >= dark.len()) {
            pairs.push([light.get(i), None]);
            i += 1;
        } else {
            pairs.push([None, dark.get(j)]);
            j += 1;
        }
    }
    pairs
}

/// A line without its colours.
fn key(line: &str) -> String {
    let mut rest = line.to_owned();
    for property in PROPERTIES {
        if let Some((without, _)) = taken(&rest, property) {
            rest = without;
        }
    }
    rest
}

/// A line without a paint, and that paint.
fn taken<'a>(line: &'a str, property: &str) -> Option<(String, Paint<'a>)> {
    let before = format!(" {property}=\"#");
    let begin = line.find(&before)?;
    let value = &line[begin + before.len() - 1..];
    let (colour, mut after) = value.split_once('"')?;
    let mut opacity = None;
    if let Some(rest) = after.strip_prefix(&format!(" {property}-opacity=\"")) {
        let (share, rest) = rest.split_once('"')?;
        (opacity, after) = (Some(share), rest);
    }
    Some((format!("{}{after}", &line[..begin]), (colour, opacity)))
}

fn declaration(property: &str, (colour, opacity): Paint<'_>) -> String {
    match opacity {
        Some(opacity) => format!("{property}:{colour};{property}-opacity:{opacity}"),
        None => format!("{property}:{colour}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes_and_other_differences_keep_the_light_figure() {
        let lines = |text: &str| -> Vec<String> { text.lines().map(ToOwned::to_owned).collect() };
        let mut colours = ThemeColours::default();
        let light = "<path d=\"M0 0\" fill=\"none\" stroke=\"#111111\" stroke-width=\"2\"/>\n\
                     <g aria-label=\"a\" fill=\"#ffffff\" fill-opacity=\"0.5\" stroke=\"#000000\"><use/></g>";
        let dark = "<path d=\"M0 0\" fill=\"none\" stroke=\"#eeeeee\" stroke-width=\"2\"/>\n\
                    <g aria-label=\"a\" fill=\"#000000\" stroke=\"#ffffff\"><use/></g>";
        assert_eq!(
            colours.lines(&lines(light), &lines(dark)),
            [
                "<path class=\"c0\" d=\"M0 0\" fill=\"none\" stroke-width=\"2\"/>",
                "<g class=\"c1 c2\" aria-label=\"a\"><use/></g>",
            ]
        );
        let style = colours.style();
        assert!(
            style.starts_with(".c0{stroke:#111111}\n.c1{fill:#ffffff;fill-opacity:0.5}"),
            "{style}"
        );
        assert!(
            style.contains("dark) {\n.c0{stroke:#eeeeee}\n.c1{fill:#000000}"),
            "{style}"
        );
        let cased = format!("<path d=\"M9 9\" stroke=\"#123456\"/>\n{light}");
        let casing = "<path class=\"c3 lt\" d=\"M9 9\"/>";
        assert_eq!(colours.lines(&lines(&cased), &lines(dark))[0], casing);
        let casing = casing.replace("c3 lt", "c3 dk");
        let found = colours.lines(
            &lines(light),
            &lines(&format!(
                "{dark}\n{}",
                cased.lines().next().unwrap_or_default()
            )),
        );
        assert_eq!(found.last(), Some(&casing));
        let structure = format!("<g clip-path=\"url(#clip1)\">\n{dark}\n</g>");
        assert_eq!(
            colours.lines(&lines(light), &lines(&structure)).join("\n"),
            light
        );
    }
}

//! Tables of results as Markdown and LaTeX, in a chosen style.

use super::escapes::{escaped_markdown, latex_text};
use super::tables::{DIGITS, ratio};
use crate::{Table, TableCell, messages};

/// The style of a printed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableStyle {
    /// The significant digits of numbers, from 1.
    pub digits: usize,
    /// True if the best value of each column that has one is bold.
    pub is_bold: bool,
    /// True if numbers of LaTeX tables are in the columns `S` of the package siunitx.
    pub is_siunitx: bool,
    /// The caption of a LaTeX table, in plain words; with a caption or a label the table floats.
    pub caption: String,
    /// The label of a LaTeX table, for references.
    pub label: String,
}

impl Default for TableStyle {
    /// Four digits, nothing bold, without a caption.
    fn default() -> Self {
        Self {
            digits: DIGITS,
            is_bold: false,
            is_siunitx: false,
            caption: String::new(),
            label: String::new(),
        }
    }
}

/// The direction of better values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Less,
    Greater,
}

/// The columns whose values are better or worse. Costs and values of *f* are none: a run that fails at once has few calls,
/// and one with an unsolved lower level a low *f*.
const BETTER: [(&str, Better); 15] = [
    ("phi", Better::Less),
    ("phi - phi*", Better::Less),
    ("place", Better::Less),
    ("gap", Better::Less),
    ("largest gap", Better::Less),
    ("distance", Better::Less),
    ("median phi", Better::Less),
    ("median phi - phi*", Better::Less),
    ("mean phi", Better::Less),
    ("mean phi - phi*", Better::Less),
    ("median gap", Better::Less),
    ("median finish", Better::Less),
    ("solved", Better::Greater),
    ("reached", Better::Greater),
    ("global", Better::Greater),
];

impl Table {
    /// The table of some columns, in the order of their names.
    ///
    /// # Errors
    /// If a name is none of the table's, with those that there are.
    pub fn choose(&self, names: &[String]) -> Result<Self, String> {
        let place = |name: &String| {
            let place = self.head.iter().position(|head| head == name);
            place.ok_or_else(|| messages::files::no_column(name, &self.head.join(", ")))
        };
        let places = names.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let pick = |row: &Vec<TableCell>| places.iter().map(|&place| row[place].clone()).collect();
        Ok(Self {
            head: places.iter().map(|&place| self.head[place]).collect(),
            rows: self.rows.iter().map(pick).collect(),
        })
    }

    /// The table as Markdown.
    pub fn markdown(&self) -> String {
        self.markdown_in(&TableStyle::default())
    }

    /// The table as Markdown in a style.
    pub fn markdown_in(&self, style: &TableStyle) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let head = self.head.iter().map(|name| name.replace('|', "\\|"));
        let mut out = line(head.collect());
        let rules = (0..self.head.len())
            .map(|column| if self.is_text(column) { "---" } else { "---:" }.to_owned());
        out.push_str(&line(rules.collect()));
        let best = self.best(style);
        for (row, cells) in self.rows.iter().enumerate() {
            let cells = cells.iter().enumerate().map(|(column, cell)| {
                let text = match cell {
                    TableCell::Text(text) => escaped_markdown(text),
                    other => other.rounded(style.digits),
                };
                if best.contains(&[row, column]) {
                    format!("**{text}**")
                } else {
                    text
                }
            });
            out.push_str(&line(cells.collect()));
        }
        out
    }

    /// The table as a LaTeX `tabular`, with the rules of booktabs.
    pub fn latex(&self) -> String {
        self.latex_in(&TableStyle::default())
    }

    /// The table in LaTeX in a style, with the rules of booktabs.
    pub fn latex_in(&self, style: &TableStyle) -> String {
        let formats: Vec<Option<NumberFormat>> = (0..self.head.len())
            .map(|column| {
                style
                    .is_siunitx
                    .then(|| self.number_format(column, style))?
            })
            .collect();
        let columns = formats.iter().enumerate().map(|(column, format)| {
            let plain = if self.is_text(column) { "l" } else { "r" };
            let bold = if style.is_bold { ", detect-weight" } else { "" };
            format.map_or_else(|| plain.to_owned(), |format| format.column(bold))
        });
        let columns = columns.collect::<String>();
        let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
        let head = self.head.iter().zip(&formats).map(|(name, format)| {
            let name = latex_head(name);
            // a column of numbers takes words in braces
            format.map_or_else(|| name.clone(), |_| format!("{{{name}}}"))
        });
        let mut out = format!(
            "\\begin{{tabular}}{{{columns}}}\n\\toprule\n{}\\midrule\n",
            line(head.collect())
        );
        let best = self.best(style);
        for (row, cells) in self.rows.iter().enumerate() {
            let cells = cells.iter().zip(&formats).enumerate();
            let cells = cells.map(|(column, (cell, format))| {
                let is_best = best.contains(&[row, column]);
                match format {
                    Some(_) => siunitx_cell(cell, style.digits, is_best),
                    None => latex_cell(cell, style.digits, is_best),
                }
            });
            out.push_str(&line(cells.collect()));
        }
        out.push_str("\\bottomrule\n\\end{tabular}\n");
        floating(out, style)
    }

    /// The places of the best cells, by row and column; none unless the style wants them bold. In a table with places only runs
    /// with one take part, and runs are compared with those from the same start with the same seed.
    fn best(&self, style: &TableStyle) -> Vec<[usize; 2]> {
        let mut best = Vec::new();
        if !style.is_bold {
            return best;
        }
        let column_of = |name: &str| self.head.iter().position(|head| *head == name);
        let keys = ["start", "seed"].map(column_of);
        let key = |row: usize| keys.map(|column| column.map(|column| &self.rows[row][column]));
        let place = column_of("place");
        let takes_part =
            |row: usize| place.is_none_or(|column| self.rows[row][column] != TableCell::Unknown);
        for (column, head) in self.head.iter().enumerate() {
            let Some((_, better)) = BETTER.iter().find(|(name, _)| name == head) else {
                continue;
            };
            for row in (0..self.rows.len()).filter(|row| takes_part(*row)) {
                let Some(own) = value(&self.rows[row][column]) else {
                    continue;
                };
                let rivals = (0..self.rows.len())
                    .filter(|other| *other != row && takes_part(*other) && key(*other) == key(row));
                let rivals: Vec<f64> = rivals
                    .filter_map(|other| value(&self.rows[other][column]))
                    .collect();
                let is_best = rivals.iter().all(|rival| match better {
                    Better::Less => own <= *rival,
                    Better::Greater => own >= *rival,
                });
                // of equal values none is the best
                if is_best && rivals.iter().any(|rival| *rival != own) {
                    best.push([row, column]);
                }
            }
        }
        best
    }

    /// The format of a column of finite numbers; `None` for one with words, shares or signs.
    fn number_format(&self, column: usize, style: &TableStyle) -> Option<NumberFormat> {
        let mut format = NumberFormat::default();
        for row in &self.rows {
            match &row[column] {
                TableCell::Number(number) if number.is_infinite() => {}
                cell @ (TableCell::Number(_) | TableCell::Count(_)) => {
                    format.include(&cell.rounded(style.digits));
                }
                TableCell::Unknown => {}
                _ => return None,
            }
        }
        (format.whole > 0).then_some(format)
    }
}

/// A cell's value for comparisons.
fn value(cell: &TableCell) -> Option<f64> {
    match cell {
        TableCell::Number(number) if number.is_finite() => Some(*number),
        TableCell::Count(count) => Some(*count as f64),
        TableCell::Share { count, of } => Some(ratio(*count, *of)),
        _ => None,
    }
}

/// The digits of the numbers in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct NumberFormat {
    is_negative: bool,
    whole: usize,
    decimals: usize,
    has_negative_exponent: bool,
    exponent: usize,
}

impl NumberFormat {
    /// Makes room for a number as it is written.
    fn include(&mut self, text: &str) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, ""));
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        self.is_negative |= whole.starts_with('-');
        self.whole = self.whole.max(whole.trim_start_matches('-').len());
        self.decimals = self.decimals.max(decimals.len());
        self.has_negative_exponent |= exponent.starts_with('-');
        self.exponent = self.exponent.max(exponent.trim_start_matches('-').len());
    }

    /// The column of siunitx.
    fn column(self, bold: &str) -> String {
        let sign = |is_there: bool| if is_there { "-" } else { "" };
        let whole = format!("{}{}", sign(self.is_negative), self.whole);
        let decimals = match self.decimals {
            0 => String::new(),
            digits => format!(".{digits}"),
        };
        let exponent = match self.exponent {
            0 => String::new(),
            digits => format!("e{}{digits}", sign(self.has_negative_exponent)),
        };
        format!("S[table-format={whole}{decimals}{exponent}{bold}]")
    }
}

/// A cell of a column of siunitx.
fn siunitx_cell(cell: &TableCell, digits: usize, is_best: bool) -> String {
    let bold = if is_best { "\\bfseries " } else { "" };
    match cell {
        TableCell::Number(number) if number.is_infinite() => {
            format!("{{{}}}", latex_cell(cell, digits, false))
        }
        TableCell::Unknown => "{}".to_owned(),
        _ => format!("{bold}{}", cell.rounded(digits)),
    }
}

/// A cell of any other column.
fn latex_cell(cell: &TableCell, digits: usize, is_best: bool) -> String {
    let text = match cell {
        TableCell::Text(text) => latex_text(text),
        TableCell::Number(number) | TableCell::Difference(number) if number.is_infinite() => {
            format!("${}\\infty$", if *number < 0.0 { "-" } else { "" })
        }
        TableCell::Number(_) | TableCell::Difference(_) => {
            let text = cell.rounded(digits);
            let number = match text.split_once('e') {
                Some((mantissa, exponent)) => format!("{mantissa} \\times 10^{{{exponent}}}"),
                None => text,
            };
            if is_best {
                return format!("$\\mathbf{{{number}}}$");
            }
            format!("${number}$")
        }
        other => other.rounded(digits),
    };
    if is_best {
        format!("\\textbf{{{text}}}")
    } else {
        text
    }
}

/// The table with its caption and label, as a float if it has one of them.
fn floating(tabular: String, style: &TableStyle) -> String {
    if style.caption.is_empty() && style.label.is_empty() {
        return tabular;
    }
    let caption = match style.caption.as_str() {
        "" => String::new(),
        words => format!("\\caption{{{}}}\n", latex_text(words)),
    };
    let label = match style.label.as_str() {
        "" => String::new(),
        key => format!("\\label{{{key}}}\n"),
    };
    format!("\\begin{{table}}\n\\centering\n{caption}{label}{tabular}\\end{{table}}\n")
}

fn latex_head(name: &str) -> String {
    match name {
        "k" | "f" => format!("${name}$"),
        "phi" => "$\\varphi$".to_owned(),
        "phi - phi*" => "$\\varphi - \\varphi^*$".to_owned(),
        "median phi" => "median $\\varphi$".to_owned(),
        "mean phi" => "mean $\\varphi$".to_owned(),
        "median phi - phi*" => "median $\\varphi - \\varphi^*$".to_owned(),
        "mean phi - phi*" => "mean $\\varphi - \\varphi^*$".to_owned(),
        _ => latex_text(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |label: &str, place: Option<u64>, gap: f64| {
            vec![
                TableCell::Text(label.to_owned()),
                place.map_or(TableCell::Unknown, TableCell::Count),
                TableCell::Number(gap),
                TableCell::Share { count: 3, of: 5 },
            ]
        };
        Table {
            head: vec!["method", "place", "gap", "solved"],
            rows: vec![
                row("A_1", Some(2), 0.012_345),
                row("B", Some(1), 1.23e-9),
                row("C", None, -12.0),
                row("D", None, f64::INFINITY),
            ],
        }
    }

    #[test]
    fn the_best_value_among_runs_with_a_place_is_bold() {
        let style = TableStyle {
            digits: 2,
            is_bold: true,
            ..TableStyle::default()
        };
        let expected = "| method | place | gap | solved |\n| --- | ---: | ---: | ---: |\n\
                        | A\\_1 | 2 | 0.012 | 3 of 5 |\n| B | **1** | **1.2e-9** | 3 of 5 |\n\
                        | C |  | -12 | 3 of 5 |\n| D |  | inf | 3 of 5 |\n";
        assert_eq!(table().markdown_in(&style), expected);
    }

    #[test]
    fn columns_of_siunitx_have_room_for_all_their_numbers() {
        let style = TableStyle {
            is_bold: true,
            is_siunitx: true,
            caption: "Ends, 50 %".to_owned(),
            label: "tab:ends".to_owned(),
            ..TableStyle::default()
        };
        let text = table().latex_in(&style);
        let expected = "\\begin{table}\n\\centering\n\\caption{Ends, 50 \\%}\n\\label{tab:ends}\n\
            \\begin{tabular}{lS[table-format=1, detect-weight]S[table-format=-2.5e-1, detect-weight]r}\n\
            \\toprule\nmethod & {place} & {gap} & solved \\\\\n\\midrule\n\
            A\\_1 & 2 & 0.01235 & 3 of 5 \\\\\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains("B & \\bfseries 1 & \\bfseries 1.230e-9 & "),
            "{text}"
        );
        assert!(
            text.contains("D & {} & {$\\infty$} & 3 of 5 \\\\"),
            "{text}"
        );
    }

    #[test]
    fn columns_are_chosen_by_their_names() {
        let names = ["gap", "method"].map(str::to_owned);
        let chosen = table().choose(&names).expect("they are there");
        assert_eq!(chosen.head, ["gap", "method"]);
        assert_eq!(chosen.rows[1][0], TableCell::Number(1.23e-9));
        let error = table().choose(&["gaps".to_owned()]).expect_err("it is not");
        assert_eq!(
            error,
            "there is no column `gaps`; there are method, place, gap, solved"
        );
    }
}

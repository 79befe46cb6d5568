//! Parses tokens to a tree.
//!
//! ```text
//! formula = term { ("+" | "-") term }        term  = unary { ("*" | "/") unary }
//! unary   = "-" unary | "+" unary | power    power = atom [ "^" exponent ]
//! exponent = "-" exponent | power
//! atom    = number | name | name "[" formula [ "," formula ] "]" | name "(" formula { "," formula } ")" | "(" formula ")"
//!         | "[" formula { "," formula } "]" | "if" "(" formula relation formula "," formula "," formula ")"
//! relation = "<" | "<=" | ">" | ">="
//! ```
//!
//! So `^` is right-associative, and `-x^2` is `-(x^2)`. The depth of nested rules is limited.

use std::collections::BTreeSet;
use std::ops::Range;

use super::errors::SpanError;
use super::limits::DEEPEST;
use super::token::{Spanned, Token, tokens};
use super::tree::{Branch, Expr, Factor, Fold, Function, IF, LATER_NAMES, Node, Over, TermSign};
use crate::messages;

/// A formula with all its errors; without any it has a tree.
pub(super) struct ParsedFormula {
    /// The tree, in which parts with errors are [`Node::Broken`]; `None` if the grammar does not allow to go on.
    pub(super) tree: Option<Expr>,
    pub(super) errors: Vec<SpanError>,
}

/// Parses a formula; `declared` are names of functions that the problem declares by mistake, which is told there.
pub(super) fn parse(text: &str, declared: &BTreeSet<String>) -> ParsedFormula {
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(errors) => return ParsedFormula { tree: None, errors },
    };
    let end = text.chars().count();
    let mut parser = Parser {
        tokens,
        place: 0,
        end,
        depth: 0,
        declared,
        errors: Vec::new(),
    };
    let tree = parser.whole_formula();
    let mut errors = parser.errors;
    let tree = tree.map_err(|error| errors.push(error)).ok();
    ParsedFormula { tree, errors }
}

struct Parser<'d> {
    tokens: Vec<Spanned>,
    place: usize,
    /// The length of the text.
    end: usize,
    depth: usize,
    /// Names of functions that the problem declares by mistake.
    declared: &'d BTreeSet<String>,
    /// The errors after which the grammar allows to go on.
    errors: Vec<SpanError>,
}

impl Parser<'_> {
    /// A formula up to the end of the text.
    fn whole_formula(&mut self) -> Result<Expr, SpanError> {
        let formula = self.formula()?;
        match self.peek() {
            None => Ok(formula),
            Some(Token::Sign(closing @ (')' | ']'))) => {
                let opening = if *closing == ')' { '(' } else { '[' };
                let message = messages::formula::unmatched_bracket(*closing, opening);
                Err(SpanError::new(self.span(), message))
            }
            Some(Token::Sign(',')) => Err(SpanError::new(
                self.span(),
                messages::formula::comma_outside_arguments(),
            )),
            Some(_) => Err(self.juxtaposed(&formula)),
        }
    }

    /// Keeps an error; its part stands for a value of an unknown kind, and its own parts are checked all the same.
    fn broken(&mut self, error: SpanError, parts: Vec<Expr>) -> Node {
        self.errors.push(error);
        Node::Broken(parts)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place).map(|spanned| &spanned.token)
    }

    /// The span of the next token, or the end of the text.
    fn span(&self) -> Range<usize> {
        let next = self.tokens.get(self.place);
        next.map_or(self.end..self.end, |spanned| spanned.span.clone())
    }

    /// The end of the last token.
    fn last_end(&self) -> usize {
        self.tokens[self.place - 1].span.end
    }

    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| messages::formula::the_end().to_owned(), Token::described)
    }

    fn expected(&self, what: &str) -> SpanError {
        if let Some(Token::Relation(_)) = self.peek() {
            return SpanError::new(self.span(), messages::formula::comparison_outside());
        }
        SpanError::expected(self.span(), what, &self.found())
    }

    fn takes(&mut self, sign: char) -> bool {
        let is_next = self.peek() == Some(&Token::Sign(sign));
        self.place += usize::from(is_next);
        is_next
    }

    /// The error on a token that may not follow a term without a sign between.
    fn juxtaposed(&self, before: &Expr) -> SpanError {
        let wrong = self.expected(messages::formula::continuation_of_term());
        match (&before.node, self.peek()) {
            (_, Some(Token::Relation(_))) => wrong,
            (_, Some(Token::Sign('['))) => {
                SpanError::new(self.span(), messages::formula::index_without_name())
            }
            (Node::Number(_) | Node::Name(_) | Node::Element(..) | Node::Entry(..), _)
            | (_, Some(Token::Name(_))) => {
                let message = messages::formula::product_without_sign(&wrong.message);
                SpanError { message, ..wrong }
            }
            _ => wrong,
        }
    }

    /// Applies a rule one level deeper.
    fn deeper(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<Expr, SpanError>,
    ) -> Result<Expr, SpanError> {
        if self.depth == DEEPEST {
            return Err(SpanError::new(
                self.span(),
                messages::formula::too_deep(DEEPEST),
            ));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    fn formula(&mut self) -> Result<Expr, SpanError> {
        let first = self.term()?;
        let mut rest = Vec::new();
        loop {
            let sign = if self.takes('+') {
                TermSign::Plus
            } else if self.takes('-') {
                TermSign::Minus
            } else {
                break;
            };
            rest.push((sign, self.term()?));
        }
        Ok(self.joined(first, rest, Node::Sum))
    }

    fn term(&mut self) -> Result<Expr, SpanError> {
        let first = self.unary()?;
        let mut rest = Vec::new();
        loop {
            let sign = if self.takes('*') {
                Factor::Times
            } else if self.takes('/') {
                Factor::Over
            } else {
                break;
            };
            rest.push((sign, self.unary()?));
        }
        Ok(self.joined(first, rest, Node::Product))
    }

    fn joined<T>(
        &self,
        first: Expr,
        rest: Vec<(T, Expr)>,
        join: impl FnOnce(Box<Expr>, Vec<(T, Expr)>) -> Node,
    ) -> Expr {
        if rest.is_empty() {
            return first;
        }
        Expr {
            span: first.span.start..self.last_end(),
            node: join(Box::new(first), rest),
        }
    }

    fn unary(&mut self) -> Result<Expr, SpanError> {
        let start = self.span().start;
        if self.takes('-') {
            let of = self.deeper(Self::unary)?;
            return Ok(negative(start, of));
        }
        if self.takes('+') {
            return self.deeper(Self::unary);
        }
        self.power()
    }

    fn power(&mut self) -> Result<Expr, SpanError> {
        let base = self.atom()?;
        if !self.takes('^') {
            return Ok(base);
        }
        let exponent = self.deeper(Self::exponent)?;
        Ok(Expr {
            span: base.span.start..exponent.span.end,
            node: Node::Power(Box::new(base), Box::new(exponent)),
        })
    }

    fn exponent(&mut self) -> Result<Expr, SpanError> {
        let start = self.span().start;
        if self.takes('-') {
            let of = self.deeper(Self::exponent)?;
            return Ok(negative(start, of));
        }
        self.power()
    }

    fn atom(&mut self) -> Result<Expr, SpanError> {
        let span = self.span();
        match self.peek().cloned() {
            Some(Token::Number(number)) => {
                self.place += 1;
                Ok(Expr {
                    node: Node::Number(number),
                    span,
                })
            }
            Some(Token::Name(name)) => {
                self.place += 1;
                self.parse_name(name, span)
            }
            Some(Token::Sign('(')) => {
                self.place += 1;
                let mut inner = self.deeper(Self::formula)?;
                self.close(')', &span, &inner)?;
                inner.span = span.start..self.last_end();
                Ok(inner)
            }
            Some(Token::Sign('[')) => {
                self.place += 1;
                let entries = self.list_to(']', &span)?;
                if entries.is_empty() {
                    let message = messages::formula::empty_vector();
                    let whole = span.start..self.last_end();
                    let node = self.broken(SpanError::new(whole.clone(), message), Vec::new());
                    return Ok(Expr { node, span: whole });
                }
                Ok(Expr {
                    node: Node::Vector(entries),
                    span: span.start..self.last_end(),
                })
            }
            _ => Err(self.expected(messages::formula::beginning_of_term())),
        }
    }

    /// Reads the closing bracket for the opening one at `opening`.
    fn close(&mut self, sign: char, opening: &Range<usize>, inner: &Expr) -> Result<(), SpanError> {
        if self.takes(sign) {
            return Ok(());
        }
        if self.peek().is_none() {
            let wrong = SpanError::expected(
                opening.clone(),
                &messages::formula::unclosed_bracket(sign),
                messages::formula::none(),
            );
            return Err(wrong);
        }
        match self.peek() {
            Some(Token::Name(_) | Token::Number(_)) => Err(self.juxtaposed(inner)),
            _ => Err(self.expected(&messages::formula::bracket_or_continuation(sign))),
        }
    }

    /// Parses a part that begins with a name.
    fn parse_name(&mut self, name: String, span: Range<usize>) -> Result<Expr, SpanError> {
        let opening = self.span();
        if self.takes('[') {
            let index = Box::new(self.deeper(Self::formula)?);
            let has_column = self.takes(',');
            if !has_column {
                self.close(']', &opening, &index)?;
            }
            let second = self.span();
            let node = if has_column || self.takes('[') {
                let column = self.deeper(Self::formula)?;
                let opening = if has_column { opening } else { second };
                self.close(']', &opening, &column)?;
                Node::Entry(name, [index, Box::new(column)])
            } else {
                Node::Element(name, index)
            };
            return Ok(Expr {
                node,
                span: span.start..self.last_end(),
            });
        }
        let fold = Fold::find(&name);
        let function = Function::find(&name);
        let info = fold
            .map(Fold::info)
            .or_else(|| function.map(Function::info));
        if self.peek() != Some(&Token::Sign('(')) {
            let may_stand_alone =
                LATER_NAMES.contains(&name.as_str()) || self.declared.contains(&name);
            return match info.filter(|_| !may_stand_alone) {
                Some(info) => Err(self.expected(&messages::formula::bracket_of_call(info.call))),
                None => Ok(Expr {
                    node: Node::Name(name),
                    span,
                }),
            };
        }
        if name == IF.name {
            self.place += 1;
            return self.branch(&span, &opening);
        }
        self.place += 1;
        let arguments = self.list_to(')', &opening)?;
        let whole = span.start..self.last_end();
        let node = match (fold, function) {
            (Some(fold), _) => self.over(fold, arguments, &whole),
            (None, Some(function)) => self.call(function, arguments, &whole),
            (None, None) => {
                let parts = without_index(arguments);
                self.broken(unknown_function(&name, span), parts)
            }
        };
        Ok(Expr { node, span: whole })
    }

    /// Reads the arguments of a choice; its bracket is open.
    fn branch(&mut self, name: &Range<usize>, opening: &Range<usize>) -> Result<Expr, SpanError> {
        let left = self.deeper(Self::formula)?;
        let Some(Token::Relation(relation)) = self.peek().cloned() else {
            let message = messages::formula::comparison(IF.call);
            return Err(SpanError::expected(self.span(), &message, &self.found()));
        };
        self.place += 1;
        let right = self.deeper(Self::formula)?;
        if !self.takes(',') {
            let message = messages::formula::two_formulas(IF.call);
            return Err(SpanError::expected(self.span(), &message, &self.found()));
        }
        let formulas = self.list_to(')', opening)?;
        let whole = name.start..self.last_end();
        let node = match <[Expr; 2]>::try_from(formulas) {
            Ok([holds, fails]) => Node::If(Box::new(Branch {
                relation,
                left,
                right,
                holds,
                fails,
            })),
            Err(formulas) => {
                let message = messages::formula::two_formulas(IF.call);
                let count = formulas.len().to_string();
                let error = SpanError::expected(whole.clone(), &message, &count);
                let parts = [left, right].into_iter().chain(formulas);
                self.broken(error, parts.collect())
            }
        };
        Ok(Expr { node, span: whole })
    }

    /// A sum or a product of its arguments.
    fn over(&mut self, fold: Fold, arguments: Vec<Expr>, whole: &Range<usize>) -> Node {
        let count = arguments.len();
        if count != 4 {
            let expected = messages::formula::four_arguments(fold.info().call);
            let error = SpanError::expected(whole.clone(), &expected, &count.to_string());
            self.errors.push(error);
        }
        let mut arguments = arguments.into_iter();
        let Some(first) = arguments.next() else {
            return Node::Broken(Vec::new());
        };
        let Node::Name(index) = first.node else {
            if count == 4 {
                let expected = messages::formula::name_of_index();
                let found = messages::formula::a_formula();
                let error = SpanError::expected(first.span, expected, found);
                self.errors.push(error);
            }
            // names in the body may be meant as the index
            return Node::Broken(Vec::new());
        };
        let broken = |parts: Vec<Expr>| Expr {
            node: Node::Broken(parts),
            span: whole.clone(),
        };
        let parts: Vec<Expr> = arguments.collect();
        // the index is known in all parts, however many there are
        let unbounded = |parts| [broken(Vec::new()), broken(Vec::new()), broken(parts)];
        let [from, to, body] = <[Expr; 3]>::try_from(parts).unwrap_or_else(unbounded);
        Node::Over(Box::new(Over {
            fold,
            index,
            from,
            to,
            body,
        }))
    }

    /// A function of its arguments.
    fn call(&mut self, function: Function, arguments: Vec<Expr>, whole: &Range<usize>) -> Node {
        let (fewest, most) = function.arguments();
        let count = arguments.len();
        if count >= fewest && most.is_none_or(|most| count <= most) {
            return Node::Call(function, arguments);
        }
        let example = function.info().call;
        let expected = match (fewest, most) {
            (1, Some(_)) => messages::formula::one_argument(example),
            (2, Some(_)) => messages::formula::two_arguments(example),
            _ => messages::formula::two_arguments_or_more(example),
        };
        let error = SpanError::expected(whole.clone(), &expected, &count.to_string());
        self.broken(error, arguments)
    }

    /// Reads formulas with commas between them up to a closing bracket.
    fn list_to(&mut self, closing: char, opening: &Range<usize>) -> Result<Vec<Expr>, SpanError> {
        let mut items = Vec::new();
        if self.takes(closing) {
            return Ok(items);
        }
        loop {
            let item = self.deeper(Self::formula)?;
            if self.takes(',') {
                items.push(item);
                continue;
            }
            self.close(closing, opening, &item)?;
            items.push(item);
            return Ok(items);
        }
    }
}

/// The error on a function that does not exist: what to write instead, the nearest name, or a hint at a product.
fn unknown_function(name: &str, span: Range<usize>) -> SpanError {
    let message = messages::formula::unknown_function(name);
    if let Some(instead) = messages::formula::function_instead(name) {
        return SpanError::new(span, messages::formula::written(&message, instead));
    }
    let functions = Function::ALL.iter().map(|(_, known)| known.name);
    let folds = Fold::ALL.iter().map(|fold| fold.info().name);
    let names = functions.chain(folds).chain([IF.name]);
    let mut wrong = SpanError::unknown(span, message, name, names);
    if wrong.nearest.is_none() {
        wrong.message = messages::formula::product_without_sign(&wrong.message);
    }
    wrong
}

fn negative(start: usize, of: Expr) -> Expr {
    Expr {
        span: start..of.span.end,
        node: Node::Negative(Box::new(of)),
    }
}

/// The arguments of an unknown function; its first may be an index, which the others then do not know.
fn without_index(mut arguments: Vec<Expr>) -> Vec<Expr> {
    let index = match &arguments[..] {
        [
            Expr {
                node: Node::Name(index),
                ..
            },
            _,
            _,
            ..,
        ] => index.clone(),
        _ => return arguments,
    };
    arguments.remove(0);
    let unknown = |name: &str| (*name == index).then(|| Node::Broken(Vec::new()));
    let arguments = arguments.iter().map(|part| part.with_names(&unknown));
    arguments.collect()
}

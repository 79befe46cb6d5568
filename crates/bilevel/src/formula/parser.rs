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

use std::ops::Range;

use super::errors::SpanError;
use super::limits::DEEPEST;
use super::token::{Spanned, Token, tokens};
use super::tree::{Branch, Expr, Factor, Fold, Function, IF, LATER_NAMES, Node, Over, TermSign};
use crate::messages;

/// Parses a formula.
pub(super) fn parse(text: &str) -> Result<Expr, SpanError> {
    let tokens = tokens(text)?;
    let end = text.chars().count();
    let mut parser = Parser {
        tokens,
        place: 0,
        end,
        depth: 0,
    };
    let formula = parser.formula()?;
    match parser.peek() {
        None => Ok(formula),
        Some(Token::Sign(closing @ (')' | ']'))) => {
            let opening = if *closing == ')' { '(' } else { '[' };
            let message = messages::formula::unmatched_bracket(*closing, opening);
            Err(SpanError::new(parser.span(), message))
        }
        Some(Token::Sign(',')) => Err(SpanError::new(
            parser.span(),
            messages::formula::comma_outside_arguments(),
        )),
        Some(_) => Err(parser.juxtaposed(&formula)),
    }
}

struct Parser {
    tokens: Vec<Spanned>,
    place: usize,
    /// The length of the text.
    end: usize,
    depth: usize,
}

impl Parser {
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
                    return Err(SpanError::new(span.start..self.last_end(), message));
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
            return match info.filter(|_| !LATER_NAMES.contains(&name.as_str())) {
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
        if info.is_none() {
            return Err(unknown_function(&name, span));
        }
        self.place += 1;
        let arguments = self.list_to(')', &opening)?;
        let whole = span.start..self.last_end();
        let node = match (fold, function) {
            (Some(fold), _) => over(fold, arguments, &whole)?,
            (None, Some(function)) => call(function, arguments, &whole)?,
            (None, None) => return Err(unknown_function(&name, span)),
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
        let count = formulas.len();
        let Ok([holds, fails]) = <[Expr; 2]>::try_from(formulas) else {
            let message = messages::formula::two_formulas(IF.call);
            return Err(SpanError::expected(whole, &message, &count.to_string()));
        };
        Ok(Expr {
            node: Node::If(Box::new(Branch {
                relation,
                left,
                right,
                holds,
                fails,
            })),
            span: whole,
        })
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

fn over(fold: Fold, arguments: Vec<Expr>, whole: &Range<usize>) -> Result<Node, SpanError> {
    let count = arguments.len();
    let Ok([index, from, to, body]) = <[Expr; 4]>::try_from(arguments) else {
        return Err(SpanError::expected(
            whole.clone(),
            &messages::formula::four_arguments(fold.info().call),
            &count.to_string(),
        ));
    };
    let Node::Name(name) = index.node else {
        return Err(SpanError::expected(
            index.span,
            messages::formula::name_of_index(),
            messages::formula::a_formula(),
        ));
    };
    Ok(Node::Over(Box::new(Over {
        fold,
        index: name,
        from,
        to,
        body,
    })))
}

fn call(function: Function, arguments: Vec<Expr>, whole: &Range<usize>) -> Result<Node, SpanError> {
    let (fewest, most) = function.arguments();
    let count = arguments.len();
    if count < fewest || most.is_some_and(|most| count > most) {
        let example = function.info().call;
        let expected = match (fewest, most) {
            (1, Some(_)) => messages::formula::one_argument(example),
            (2, Some(_)) => messages::formula::two_arguments(example),
            _ => messages::formula::two_arguments_or_more(example),
        };
        return Err(SpanError::expected(
            whole.clone(),
            &expected,
            &count.to_string(),
        ));
    }
    Ok(Node::Call(function, arguments))
}

//! Errors of evaluation: what Terraform refuses as well. What is merely not followed is an unknown value, not an error.

use super::types::Type;
use super::value::Value;
use crate::location::Place;

/// An error that Terraform would report as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong, in words; never with a sensitive value in it.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// The type that the expression would have: a conditional is of one type even where the branch that is not taken fails.
    pub ty: Type,
    /// Whether that is its type for Terraform, too.
    pub exact: bool,
    /// Whether Terraform refuses it before it evaluates anything, so that neither `try` nor a branch that is not taken saves it.
    pub everywhere: bool,
}

/// What an expression gives. Boxed, since errors are rare.
pub type Evaluated = Result<Value, Box<Failure>>;

impl Failure {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Box<Failure> {
        Box::new(Failure { message: message.into(), place: None, ty: Type::Any, exact: true, everywhere: false })
    }

    /// An error in words, as a result.
    ///
    /// # Errors
    /// Always: that is what it is for.
    pub fn err<T>(message: impl Into<String>) -> Result<T, Box<Failure>> {
        Err(Failure::new(message))
    }

    /// The same at a place, if it has none yet.
    #[must_use]
    pub fn at(mut self: Box<Self>, place: &Place) -> Box<Failure> {
        self.place.get_or_insert_with(|| place.clone());
        self
    }

    /// The same, refused wherever it stands.
    #[must_use]
    pub fn everywhere(mut self: Box<Self>) -> Box<Failure> {
        self.everywhere = true;
        self
    }

    /// The same for an expression of which the type is not known.
    #[must_use]
    pub fn of_some_type(mut self: Box<Self>) -> Box<Failure> {
        self.exact = false;
        self
    }

    /// The same for an expression of a type.
    #[must_use]
    pub fn of_type(mut self: Box<Self>, ty: Type) -> Box<Failure> {
        self.ty = ty;
        self.exact = true;
        self
    }
}

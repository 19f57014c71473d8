//! Left and right, and what is held for each of them.

use std::ops::{Index, IndexMut, Not};

use serde::{Deserialize, Serialize};

/// One of the two systems of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first system that the engine was built with.
    Left,
    /// The second one.
    Right,
}

impl Side {
    /// Both, in order.
    pub const BOTH: [Self; 2] = [Self::Left, Self::Right];

    /// `left` or `right`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

impl Not for Side {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something for each side, indexed by [`Side`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Both<T> {
    /// The left one.
    pub left: T,
    /// The right one.
    pub right: T,
}

impl<T> Both<T> {
    /// Left, then right.
    pub const fn new(left: T, right: T) -> Self {
        Self { left, right }
    }

    /// Makes one for each side.
    pub fn from_fn(mut make: impl FnMut(Side) -> T) -> Self {
        Self {
            left: make(Side::Left),
            right: make(Side::Right),
        }
    }

    /// Converts each.
    pub fn map<U>(self, mut convert: impl FnMut(T) -> U) -> Both<U> {
        Both {
            left: convert(self.left),
            right: convert(self.right),
        }
    }

    /// Borrows each.
    pub const fn as_ref(&self) -> Both<&T> {
        Both {
            left: &self.left,
            right: &self.right,
        }
    }
}

impl Both<&str> {
    /// The engine's words with these names for the sides: it says `the left side`, `on the right
    /// side` of what is there, and `prefer left` of a rule.
    ///
    /// ```
    /// use sync_core::Both;
    /// let names = Both::new("GHL", "Insightly");
    /// let told = names.put_into("the left side shows `Ada`; it was deleted on the right side");
    /// assert_eq!(told, "GHL shows `Ada`; it was deleted in Insightly");
    /// assert_eq!(names.put_into("prefer left"), "prefer GHL");
    /// ```
    pub fn put_into(&self, words: &str) -> String {
        Side::BOTH
            .into_iter()
            .fold(words.to_owned(), |words, side| {
                let (place, name) = (format!("the {side} side"), self[side]);
                let words = words.replace(&format!("on {place}"), &format!("in {name}"));
                let words = words.replace(&place, name);
                words.replace(&format!("prefer {side}"), &format!("prefer {name}"))
            })
    }
}

impl<T> Index<Side> for Both<T> {
    type Output = T;

    fn index(&self, side: Side) -> &T {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

impl<T> IndexMut<Side> for Both<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }
}

//! What can go wrong in a kernel.

/// A kernel that could not run: which operation, which argument, and why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument's shape does not fit the others.
    #[error("{operation}: {argument} has shape {found:?}, but {expected} is needed")]
    Shape {
        /// The kernel's name.
        operation: &'static str,
        /// The argument that does not fit.
        argument: &'static str,
        /// What would fit, in words.
        expected: String,
        /// The shape that came.
        found: Vec<usize>,
    },
    /// An id points outside the table, or a target outside the classes.
    #[error("{operation}: index {found} in row {row} is outside 0..{limit}")]
    Index {
        /// The kernel's name.
        operation: &'static str,
        /// The row that holds the index.
        row: usize,
        /// The index that came.
        found: u32,
        /// The number of rows or classes that there are.
        limit: usize,
    },
    /// Every target of a cross-entropy is ignored, so its mean does not exist.
    #[error("cross_entropy: none of the {rows} rows has a target to score")]
    NoTarget {
        /// How many rows came.
        rows: usize,
    },
    /// A number outside its meaning, such as a dropout probability of 1.
    #[error("{operation}: {name} is {value}, but {expected} is needed")]
    Value {
        /// The kernel's name.
        operation: &'static str,
        /// The number's name.
        name: &'static str,
        /// The number that came.
        value: f64,
        /// What would fit, in words.
        expected: &'static str,
    },
    /// A backward pass asked for an input that its kernel does not read: a mistake of the kernel's.
    #[error("{operation}: input {input} was not kept for the backward pass")]
    NotKept {
        /// The kernel's name.
        operation: &'static str,
        /// The input's place among the arguments.
        input: usize,
    },
    /// candle's own walk met a kernel's result.
    #[error("{operation}: only episome_kernels::backward finds the way back through it")]
    CandlesWalk {
        /// The kernel's name.
        operation: &'static str,
    },
    /// The thread pool was started before its size was chosen.
    #[error("the number of threads must be set before the first kernel runs: {0}")]
    Threads(String),
    /// candle refused the operation.
    #[error(transparent)]
    Candle(#[from] candle_core::Error),
}

impl From<Error> for candle_core::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Candle(error) => error,
            other => candle_core::Error::wrap(other),
        }
    }
}

/// The result of a kernel.
pub type Result<T, E = Error> = std::result::Result<T, E>;

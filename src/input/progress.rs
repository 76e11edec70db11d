//! How far the reading of inputs is.

/// Who is told how far the reading is, from the thread that reads.
pub trait Progress: std::fmt::Debug + Send + Sync {
    /// So many directories were looked into, for inputs.
    fn looked_into(&self, directories: usize);

    /// The input with this number, from 0, of so many is read next.
    fn reads(&self, number: usize, of: usize, path: &str);
}

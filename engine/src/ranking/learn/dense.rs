//! A small symmetric positive definite matrix, kept as its lower triangle.
//!
//! - For some twenty dimensions, where a factorisation takes some microseconds: a linear-algebra crate would be more
//!   code to trust than this file.

use serde::{Deserialize, Serialize};

/// A symmetric matrix: entries `(row, column)` with `column <= row`, by rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Symmetric(Vec<f64>);

/// The lower triangular `L` with `L·Lᵀ` = the matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor(Vec<f64>);

/// Where `(row, column)` stands; `column <= row`.
const fn place(row: usize, column: usize) -> usize {
    row * (row + 1) / 2 + column
}

impl Symmetric {
    /// A matrix with this diagonal, and zero elsewhere.
    #[must_use]
    pub fn diagonal(values: &[f64]) -> Self {
        let mut entries = vec![0.0; place(values.len(), 0)];
        for (idx, value) in values.iter().enumerate() {
            entries[place(idx, idx)] = *value;
        }
        Self(entries)
    }

    /// Whether it has this many rows.
    #[must_use]
    pub fn has_dimension(&self, n: usize) -> bool {
        self.0.len() == place(n, 0)
    }

    /// Whether every entry is a number.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.0.iter().all(|value| value.is_finite())
    }

    /// Adds `weight·x·xᵀ`.
    pub fn add_outer(&mut self, x: &[f64], weight: f64) {
        assert!(self.has_dimension(x.len()), "one number per row");
        for row in 0..x.len() {
            for column in 0..=row {
                self.0[place(row, column)] += weight * x[row] * x[column];
            }
        }
    }

    /// The product with a vector.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        assert!(self.has_dimension(x.len()), "one number per row");
        let entry = |row: usize, column: usize| self.0[place(row.max(column), row.min(column))];
        let row_sum = |row: usize| (0..x.len()).map(|column| entry(row, column) * x[column]).sum();
        (0..x.len()).map(row_sum).collect()
    }

    /// The Cholesky factor; `None` when the matrix is not positive definite.
    #[must_use]
    pub fn factor(&self) -> Option<Factor> {
        let mut factor = self.0.clone();
        let mut row = 0;
        while place(row, 0) < factor.len() {
            for column in 0..=row {
                let known: f64 = (0..column)
                    .map(|k| factor[place(row, k)] * factor[place(column, k)])
                    .sum();
                let rest = factor[place(row, column)] - known;
                if column < row {
                    factor[place(row, column)] = rest / factor[place(column, column)];
                } else if rest > 0.0 && rest.is_finite() {
                    factor[place(row, row)] = rest.sqrt();
                } else {
                    return None;
                }
            }
            row += 1;
        }
        Some(Factor(factor))
    }
}

impl Factor {
    /// Solves `L·y = b`.
    #[must_use]
    pub fn solve_lower(&self, b: &[f64]) -> Vec<f64> {
        let mut y = b.to_vec();
        for row in 0..y.len() {
            let known: f64 = (0..row).map(|k| self.0[place(row, k)] * y[k]).sum();
            y[row] = (y[row] - known) / self.0[place(row, row)];
        }
        y
    }

    /// Solves `Lᵀ·x = y`.
    #[must_use]
    pub fn solve_upper(&self, y: &[f64]) -> Vec<f64> {
        let mut x = y.to_vec();
        for row in (0..x.len()).rev() {
            let known: f64 = (row + 1..x.len()).map(|k| self.0[place(k, row)] * x[k]).sum();
            x[row] = (x[row] - known) / self.0[place(row, row)];
        }
        x
    }

    /// Solves `L·Lᵀ·x = b`.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.solve_upper(&self.solve_lower(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(rows: &[Vec<f64>], n: usize) -> Symmetric {
        let mut matrix = Symmetric::diagonal(&vec![0.5; n]);
        for row in rows {
            matrix.add_outer(row, 1.0);
        }
        matrix
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        assert_eq!(Symmetric::diagonal(&[1.0, 0.0]).factor(), None);
        assert_eq!(Symmetric::diagonal(&[1.0, f64::NAN]).factor(), None);
        assert!(Symmetric::diagonal(&[1.0, 4.0]).factor().is_some());
        assert!(Symmetric::diagonal(&[]).factor().is_some());
    }

    proptest! {
        #[test]
        fn the_solution_times_the_matrix_is_what_was_asked(
            rows in prop::collection::vec(prop::collection::vec(-2.0..2.0_f64, 6), 0..12),
            b in prop::collection::vec(-3.0..3.0_f64, 6),
        ) {
            let matrix = matrix(&rows, 6);
            let factor = matrix.factor().unwrap();
            let back = matrix.times(&factor.solve(&b));
            for (got, asked) in back.iter().zip(&b) {
                prop_assert!((got - asked).abs() < 1e-9, "{got} for {asked}");
            }
        }
    }
}

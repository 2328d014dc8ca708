//! Cross-validation: each list ranked by weights that were learnt without it.

use std::collections::BTreeSet;

use ndarray::Array1;

use super::{GradedList, Options, TrainError, fit};

/// The fold of each list: its place in the order of identifiers, counted off. Whole opportunities are held out, so no
/// pair of one list is both learnt from and measured; and neighbouring numbers, which tend to be of one kind, are
/// spread over the folds.
///
/// - returns one number below `n_folds` for each list, in the order of `ids`
#[must_use]
pub fn fold_of(ids: &[&str], n_folds: u32) -> Vec<u32> {
    let in_order: BTreeSet<&str> = ids.iter().copied().collect();
    let place = |id: &&str| in_order.range(..*id).count() as u32;
    ids.iter().map(|id| place(id) % n_folds.max(1)).collect()
}

/// Learns weights for each list from the lists of all other folds.
///
/// - returns one set of weights for each list, in the order of `lists`
///
/// # Errors
///
/// [`TrainError`], also where the other folds have nothing to learn from.
pub fn cross_validate(
    lists: &[&GradedList],
    prior: &Array1<f64>,
    options: &Options,
) -> Result<Vec<Array1<f64>>, TrainError> {
    options.check()?;
    if lists.len() < 2 {
        return Err(TrainError::TooFewLists { n_lists: lists.len() });
    }
    let ids: Vec<&str> = lists.iter().map(|list| list.id.as_str()).collect();
    let n_folds = options.folds.min(lists.len() as u32);
    let folds = fold_of(&ids, n_folds);
    let mut weights = vec![Array1::zeros(0); lists.len()];
    for fold in 0..n_folds {
        let others: Vec<&GradedList> = lists
            .iter()
            .zip(&folds)
            .filter(|(_, of_list)| **of_list != fold)
            .map(|(list, _)| *list)
            .collect();
        let learnt = fit(&others, prior, options)?;
        for (held_out, _) in weights
            .iter_mut()
            .zip(&folds)
            .filter(|(_, of_list)| **of_list == fold)
        {
            held_out.clone_from(&learnt);
        }
    }
    Ok(weights)
}

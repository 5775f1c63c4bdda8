//! The gradients of a batch, computed in as many parts as the device's memory asks for.

use crate::error::Error;
use candle_core::backprop::GradStore;

/// The loss of a batch and its gradients, where both are finite numbers.
pub(crate) type Gradients = (f64, Option<GradStore>);

/// What one part adds: its items, its share of the batch, and its place.
pub(crate) struct Part<'a, T> {
    pub items: &'a [T],
    /// What its mean loss counts in the batch's.
    pub share: f64,
    pub index: usize,
}

/// The mean loss of `items` and its gradients, computed over as many items as `limit` at a time and added up. Where memory
/// runs out, `limit` is halved and the batch begun anew: the sum is that of the whole batch, whatever the parts.
///
/// `compute` gives a part's mean loss, and its gradients times the part's share.
pub(crate) fn gradients<T>(
    items: &[T],
    limit: &mut usize,
    mut compute: impl FnMut(Part<'_, T>) -> Result<Gradients, Error>,
) -> Result<Gradients, Error> {
    loop {
        match sum(items, (*limit).max(1), &mut compute) {
            Err(error) if (*limit).min(items.len()) > 1 && kernels::is_out_of_memory(&error) => {
                *limit = (*limit).min(items.len()).div_ceil(2);
            }
            other => return other,
        }
    }
}

fn sum<T>(
    items: &[T],
    limit: usize,
    compute: &mut impl FnMut(Part<'_, T>) -> Result<Gradients, Error>,
) -> Result<Gradients, Error> {
    let (mut loss, mut total) = (0.0, None::<GradStore>);
    for (index, part) in items.chunks(limit).enumerate() {
        let share = part.len() as f64 / items.len() as f64;
        let (value, gradients) = compute(Part { items: part, share, index })?;
        loss += share * value;
        let Some(gradients) = gradients else {
            return Ok((value, None));
        };
        match &mut total {
            Some(total) => total.extend(gradients)?,
            None => total = Some(gradients),
        }
    }
    Ok((loss, total))
}

//! Less at a time where memory runs out.

use std::error::Error;

/// Whether an error says that a device's memory ran out.
pub fn is_out_of_memory(error: &(dyn Error + 'static)) -> bool {
    // The CUDA driver's name for it, cuBLAS's, and what Metal and people say.
    const SIGNS: [&str; 3] = ["out_of_memory", "alloc_failed", "out of memory"];
    let mut next = Some(error);
    while let Some(error) = next {
        let message = error.to_string().to_lowercase();
        if SIGNS.iter().any(|sign| message.contains(sign)) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Computes over `items` with as many as `limit` at a time, in their order. Where memory runs out, `limit` is halved, and
/// what had failed is computed again; a single item that does not fit is an error.
pub fn in_parts<T, R, E: Error + 'static>(
    items: &[T],
    limit: &mut usize,
    mut compute: impl FnMut(&[T]) -> Result<Vec<R>, E>,
) -> Result<Vec<R>, E> {
    let mut results = Vec::with_capacity(items.len());
    while results.len() < items.len() {
        let rest = &items[results.len()..];
        let part = &rest[..rest.len().min((*limit).max(1))];
        match compute(part) {
            Ok(more) if more.is_empty() => break,
            Ok(more) => results.extend(more),
            Err(error) if part.len() > 1 && is_out_of_memory(&error) => *limit = part.len().div_ceil(2),
            Err(error) => return Err(error),
        }
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Error;

    fn full() -> Error {
        Error::Msg("DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")".into())
    }

    #[test]
    fn parts_are_halved_until_they_fit_and_stay_small() {
        let (items, mut limit, mut sizes) = ([1, 2, 3, 4, 5, 6, 7, 8, 9], usize::MAX, Vec::new());
        let mut compute = |part: &[i32]| {
            sizes.push(part.len());
            if part.len() > 3 { Err(full()) } else { Ok(part.iter().map(|item| 10 * item).collect()) }
        };
        let results = in_parts(&items, &mut limit, &mut compute).unwrap();
        assert_eq!(results, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
        assert_eq!((limit, sizes), (3, vec![9, 5, 3, 3, 3]));
    }

    #[test]
    fn what_does_not_fit_alone_and_other_errors_are_told() {
        let mut limit = 4;
        let failed = in_parts(&[1, 2], &mut limit, |_| Err::<Vec<()>, _>(full())).unwrap_err();
        assert!(is_out_of_memory(&failed));
        let other = || Error::Msg("no".into());
        assert!(!is_out_of_memory(&other()));
        assert!(in_parts(&[1, 2], &mut limit, |_| Err::<Vec<()>, _>(other())).is_err());
    }
}

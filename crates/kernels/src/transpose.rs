//! A matrix with its rows and columns exchanged, moved by blocks that stay in the registers.

#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::simd;

/// The rows and columns of a block.
const SIDE: usize = 8;

/// out[(i, j)] = from[(j, i)] for i < rows and j < columns; the rows of each lie their strides apart.
pub(crate) fn transpose(
    out: &mut [f32],
    out_stride: usize,
    from: &[f32],
    from_stride: usize,
    rows: usize,
    columns: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!((rows - 1) * out_stride + columns <= out.len(), "the result lies outside its slice");
    assert!((columns - 1) * from_stride + rows <= from.len(), "the matrix lies outside its slice");
    for column in (0..columns).step_by(SIDE) {
        let wide = SIDE.min(columns - column);
        for row in (0..rows).step_by(SIDE) {
            let high = SIDE.min(rows - row);
            let (from, out) = (&from[column * from_stride + row..], &mut out[row * out_stride + column..]);
            #[cfg(target_arch = "x86_64")]
            if wide == SIDE && high == SIDE && simd::instructions() != simd::Instructions::Baseline {
                // SAFETY: AVX is part of AVX2; the block lies inside both slices by the assertions above.
                unsafe { x86::block(out.as_mut_ptr(), out_stride, from.as_ptr(), from_stride) };
                continue;
            }
            for i in 0..high {
                for j in 0..wide {
                    out[i * out_stride + j] = from[j * from_stride + i];
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::SIDE;
    use std::arch::x86_64::*;

    /// A whole block.
    ///
    /// # Safety
    /// Eight rows of eight elements, their strides apart, lie inside each buffer; nothing else uses `out`'s.
    #[target_feature(enable = "avx")]
    pub(super) unsafe fn block(out: *mut f32, out_stride: usize, from: *const f32, from_stride: usize) {
        // SAFETY: as the caller vouches.
        let rows: [__m256; SIDE] =
            std::array::from_fn(|row| unsafe { _mm256_loadu_ps(from.add(row * from_stride)) });
        // In each half of a register: pairs of rows interleaved, then fours; then the halves change places.
        let pairs: [__m256; SIDE] = std::array::from_fn(|index| {
            let (first, second) = (rows[index / 2 * 2], rows[index / 2 * 2 + 1]);
            if index % 2 == 0 { _mm256_unpacklo_ps(first, second) } else { _mm256_unpackhi_ps(first, second) }
        });
        let fours: [__m256; SIDE] = std::array::from_fn(|index| {
            let first = index / 4 * 4 + index % 4 / 2;
            let (first, second) = (pairs[first], pairs[first + 2]);
            if index % 2 == 0 {
                _mm256_shuffle_ps::<0b01_00_01_00>(first, second)
            } else {
                _mm256_shuffle_ps::<0b11_10_11_10>(first, second)
            }
        });
        for index in 0..SIDE {
            let (upper, lower) = (fours[index % 4], fours[index % 4 + 4]);
            let row = if index < 4 {
                _mm256_permute2f128_ps::<0x20>(upper, lower)
            } else {
                _mm256_permute2f128_ps::<0x31>(upper, lower)
            };
            // SAFETY: as the caller vouches.
            unsafe { _mm256_storeu_ps(out.add(index * out_stride), row) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_goes_to_its_place_and_none_elsewhere() {
        for (rows, columns) in [(1, 1), (8, 8), (9, 7), (16, 30), (33, 8)] {
            let (stride, out_stride) = (rows + 3, columns + 2);
            let from: Vec<f32> = (0..columns * stride).map(|index| index as f32).collect();
            let mut out = vec![-1.0; rows * out_stride];
            transpose(&mut out, out_stride, &from, stride, rows, columns);
            for (index, found) in out.iter().enumerate() {
                let (row, column) = (index / out_stride, index % out_stride);
                let expected = if column < columns { (column * stride + row) as f32 } else { -1.0 };
                assert_eq!(*found, expected, "{rows} × {columns}: ({row}, {column})");
            }
        }
    }
}

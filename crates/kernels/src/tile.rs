//! Small matrix products on one thread, for operands that lie in the cache: attention's, and the blocks of large ones.
//!
//! A block of rows and columns of the result stays in registers while the inner dimension runs by. The vector type is
//! chosen at run time; each instruction set adds in the same order.

#![allow(unsafe_code)]

use crate::simd;

/// What the columns of a right operand and a result must be padded to a multiple of.
pub(crate) const PAD: usize = 16;

/// `length` rounded up to a multiple of [`PAD`].
pub(crate) fn padded(length: usize) -> usize {
    length.next_multiple_of(PAD)
}

/// A left operand: element (i, j) at i·row_stride + j·column_stride.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}

/// The sizes of out (rows × columns) = left (rows × inner) · right (inner × columns).
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) rows: usize,
    pub(crate) inner: usize,
    /// A multiple of [`PAD`].
    pub(crate) columns: usize,
}

/// out = left·right, or added to it; the rows of `out` and `right` lie their strides apart.
pub(crate) fn multiply(
    (out, out_stride): (&mut [f32], usize),
    left: Left<'_>,
    (right, right_stride): (&[f32], usize),
    sizes: Sizes,
    add: bool,
) {
    let Sizes { rows, inner, columns } = sizes;
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(columns.is_multiple_of(PAD), "{columns} columns are no multiple of {PAD}");
    assert!((rows - 1) * out_stride + columns <= out.len(), "the result lies outside its slice");
    if inner > 0 {
        assert!(
            (inner - 1) * right_stride + columns <= right.len(),
            "the right operand lies outside its slice"
        );
        let last = (rows - 1) * left.row_stride + (inner - 1) * left.column_stride;
        assert!(last < left.data.len(), "the left operand lies outside its slice");
    }
    let call = Call {
        out: out.as_mut_ptr(),
        out_stride,
        left: left.data.as_ptr(),
        row_stride: left.row_stride,
        column_stride: left.column_stride,
        right: right.as_ptr(),
        right_stride,
        sizes,
        add,
    };
    // SAFETY: the assertions above bound every access.
    unsafe { call.run_here() }
}

/// A product whose operands are known by pointers.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) out: *mut f32,
    pub(crate) out_stride: usize,
    pub(crate) left: *const f32,
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
    pub(crate) right: *const f32,
    pub(crate) right_stride: usize,
    pub(crate) sizes: Sizes,
    pub(crate) add: bool,
}

/// A register of floats.
trait Vector: Copy {
    const LANES: usize;
    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    /// self·factor + term.
    unsafe fn fma(self, factor: Self, term: Self) -> Self;
}

impl Call {
    /// With the instructions of this machine.
    ///
    /// # Safety
    /// Every element that the sizes and strides name is inside its buffer, of which nothing else uses the result's;
    /// the columns are a multiple of [`PAD`].
    pub(crate) unsafe fn run_here(self) {
        // SAFETY: as the caller vouches; instructions() has seen that they are there.
        unsafe {
            match simd::instructions() {
                #[cfg(target_arch = "x86_64")]
                simd::Instructions::Avx512 if self.sizes.columns.is_multiple_of(48) => x86::avx512_wide(self),
                #[cfg(target_arch = "x86_64")]
                simd::Instructions::Avx512 => x86::avx512(self),
                #[cfg(target_arch = "x86_64")]
                simd::Instructions::Avx2 => x86::avx2(self),
                _ => self.run::<Four, 4, 2>(),
            }
        }
    }

    /// Blocks of `ROWS` rows and `WIDTH` vectors, then of fewer.
    ///
    /// # Safety
    /// Every element that the sizes and strides name is inside its slice; `V`'s instructions are there.
    #[inline(always)]
    unsafe fn run<V: Vector, const ROWS: usize, const WIDTH: usize>(self) {
        let mut column = 0;
        // SAFETY: as the caller vouches.
        unsafe {
            while column + WIDTH * V::LANES <= self.sizes.columns {
                self.column_block::<V, ROWS, WIDTH>(column);
                column += WIDTH * V::LANES;
            }
            while column < self.sizes.columns {
                self.column_block::<V, ROWS, 1>(column);
                column += V::LANES;
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn column_block<V: Vector, const ROWS: usize, const WIDTH: usize>(self, column: usize) {
        let mut row = 0;
        // SAFETY: as the caller vouches.
        unsafe {
            while row + ROWS <= self.sizes.rows {
                self.block::<V, ROWS, WIDTH>(row, column);
                row += ROWS;
            }
            if row + 4 <= self.sizes.rows {
                self.block::<V, 4, WIDTH>(row, column);
                row += 4;
            }
            if row + 2 <= self.sizes.rows {
                self.block::<V, 2, WIDTH>(row, column);
                row += 2;
            }
            while row < self.sizes.rows {
                self.block::<V, 1, WIDTH>(row, column);
                row += 1;
            }
        }
    }

    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn block<V: Vector, const ROWS: usize, const WIDTH: usize>(self, row: usize, column: usize) {
        // SAFETY: as the caller vouches.
        unsafe {
            let mut sums = [[V::splat(0.0); WIDTH]; ROWS];
            let left = self.left.add(row * self.row_stride);
            let right = self.right.add(column);
            for inner in 0..self.sizes.inner {
                let mut values = [V::splat(0.0); WIDTH];
                for (lane, value) in values.iter_mut().enumerate() {
                    *value = V::load(right.add(inner * self.right_stride + lane * V::LANES));
                }
                for (index, sums) in sums.iter_mut().enumerate() {
                    let factor = V::splat(*left.add(index * self.row_stride + inner * self.column_stride));
                    for (sum, value) in sums.iter_mut().zip(values) {
                        *sum = factor.fma(value, *sum);
                    }
                }
            }
            for (index, sums) in sums.iter().enumerate() {
                for (lane, sum) in sums.iter().enumerate() {
                    let out = self.out.add((row + index) * self.out_stride + column + lane * V::LANES);
                    let sum = if self.add { sum.fma(V::splat(1.0), V::load(out)) } else { *sum };
                    sum.store(out);
                }
            }
        }
    }
}

/// Four floats, for LLVM to make of what the target has.
#[derive(Clone, Copy)]
struct Four([f32; 4]);

impl Vector for Four {
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller vouches for four floats; an array needs a float's alignment.
        Self(unsafe { *from.cast() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: as for `load`.
        unsafe { *to.cast() = self.0 }
    }

    #[inline(always)]
    unsafe fn fma(self, factor: Self, term: Self) -> Self {
        let lane =
            |index: usize| simd::fma::<{ simd::BASELINE_FMA }>(self.0[index], factor.0[index], term.0[index]);
        Self([lane(0), lane(1), lane(2), lane(3)])
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Call, Vector};
    use std::arch::x86_64::*;

    /// # Safety
    /// As for [`Call::run`].
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    pub(super) unsafe fn avx512(call: Call) {
        // 8 × 2 sums of the 32 registers. SAFETY: as the caller vouches.
        unsafe { call.run::<Sixteen, 8, 2>() }
    }

    /// # Safety
    /// As for [`Call::run`].
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    pub(super) unsafe fn avx512_wide(call: Call) {
        // 8 × 3 sums of the 32 registers. SAFETY: as the caller vouches.
        unsafe { call.run::<Sixteen, 8, 3>() }
    }

    /// # Safety
    /// As for [`Call::run`].
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2(call: Call) {
        // 6 × 2 sums of the 16 registers. SAFETY: as the caller vouches.
        unsafe { call.run::<Eight, 6, 2>() }
    }

    macro_rules! vector {
        ($name:ident, $register:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $fma:ident) => {
            #[derive(Clone, Copy)]
            struct $name($register);

            // SAFETY of each: called only below the functions above, whose callers have the instructions; pointers
            // as the caller vouches.
            impl Vector for $name {
                const LANES: usize = $lanes;

                #[inline(always)]
                unsafe fn splat(value: f32) -> Self {
                    Self(unsafe { $splat(value) })
                }

                #[inline(always)]
                unsafe fn load(from: *const f32) -> Self {
                    Self(unsafe { $load(from) })
                }

                #[inline(always)]
                unsafe fn store(self, to: *mut f32) {
                    unsafe { $store(to, self.0) }
                }

                #[inline(always)]
                unsafe fn fma(self, factor: Self, term: Self) -> Self {
                    Self(unsafe { $fma(self.0, factor.0, term.0) })
                }
            }
        };
    }

    vector!(Sixteen, __m512, 16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_fmadd_ps);
    vector!(Eight, __m256, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    /// A level, and what runs on it.
    type Path = (&'static str, unsafe fn(Call));

    fn paths() -> Vec<Path> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "there is one path only"))]
        let mut paths: Vec<Path> = vec![("baseline", |call| unsafe { call.run::<Four, 4, 2>() })];
        #[cfg(target_arch = "x86_64")]
        {
            if simd::instructions() != simd::Instructions::Baseline {
                paths.push(("AVX2", |call| unsafe { x86::avx2(call) }));
            }
            if simd::instructions() == simd::Instructions::Avx512 {
                paths.push(("AVX-512", |call| unsafe { x86::avx512(call) }));
                paths.push(("AVX-512, three registers wide", |call| unsafe { x86::avx512_wide(call) }));
            }
        }
        paths
    }

    #[test]
    fn every_instruction_set_that_is_here_gives_the_product() {
        for (name, path) in paths() {
            for (rows, inner, columns, transposed) in
                [(1, 1, 16, false), (13, 7, 48, true), (30, 33, 80, false)]
            {
                let values =
                    |length, seed| check::random(&[length], seed).1.iter().map(|x| *x as f32).collect();
                let (left, right): (Vec<f32>, Vec<f32>) =
                    (values(rows * inner, 1), values(inner * columns, 2));
                let (row_stride, column_stride) = if transposed { (1, rows) } else { (inner, 1) };
                let mut out = vec![1.0; rows * columns];
                for add in [false, true] {
                    let call = Call {
                        out: out.as_mut_ptr(),
                        out_stride: columns,
                        left: left.as_ptr(),
                        row_stride,
                        column_stride,
                        right: right.as_ptr(),
                        right_stride: columns,
                        sizes: Sizes { rows, inner, columns },
                        add,
                    };
                    // SAFETY: the buffers have the sizes that the call names; paths() lists what this machine runs.
                    unsafe { path(call) }
                }
                for (index, out) in out.iter().enumerate() {
                    let (row, column) = (index / columns, index % columns);
                    let exact: f64 = (0..inner)
                        .map(|inner| {
                            let left = left[row * row_stride + inner * column_stride];
                            f64::from(left) * f64::from(right[inner * columns + column])
                        })
                        .sum();
                    // The first call wrote the product over the ones, the second added it.
                    assert!((f64::from(*out) - 2.0 * exact).abs() < 1e-4, "{name}: {out} {exact}");
                }
            }
        }
    }
}

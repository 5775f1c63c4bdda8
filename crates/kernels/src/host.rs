//! f32 tensors on the CPU as slices, and fresh buffers for results.

use crate::Result;
use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Storage, StorageRef, Tensor};
use rayon::prelude::*;
use std::{
    marker::PhantomData,
    mem::MaybeUninit,
    ops::Deref,
    sync::{Mutex, PoisonError},
};

/// Whether the fused kernels can run on these tensors; nothing is left to fuse where one is empty.
pub(crate) fn is_fused<'a>(tensors: impl IntoIterator<Item = &'a Tensor>) -> bool {
    tensors
        .into_iter()
        .all(|tensor| tensor.dtype() == DType::F32 && tensor.device().is_cpu() && tensor.elem_count() > 0)
}

/// A tensor whose elements lie in order.
pub(crate) fn in_order(tensor: &Tensor) -> Result<Tensor> {
    Ok(tensor.detach().contiguous()?)
}

/// The elements of a tensor that lies in order.
pub(crate) struct Values<'a> {
    storage: StorageRef<'a>,
    start: usize,
    length: usize,
}

impl<'a> Values<'a> {
    /// Of a tensor from [`in_order`].
    pub(crate) fn of(tensor: &'a Tensor) -> Result<Self> {
        let (storage, layout) = tensor.storage_and_layout();
        let (start, end) = layout.contiguous_offsets().ok_or_else(|| {
            candle_core::Error::Msg("a kernel was given a tensor whose elements do not lie in order".into())
        })?;
        match &*storage {
            Storage::Cpu(CpuStorage::F32(_)) => Ok(Self { storage, start, length: end - start }),
            _ => {
                Err(candle_core::Error::Msg("a kernel for f32 on the CPU was given another tensor".into())
                    .into())
            }
        }
    }
}

impl Deref for Values<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(CpuStorage::F32(values)) => &values[self.start..self.start + self.length],
            _ => &[], // `of` has seen that it is the other
        }
    }
}

/// Lets `change` write the elements of a tensor in place.
pub(crate) fn change_in_place(tensor: &Tensor, change: impl FnOnce(&mut [f32]) -> Result<()>) -> Result<()> {
    struct Change<F>(Mutex<Option<F>>);
    impl<F: FnOnce(&mut [f32]) -> Result<()>> InplaceOp1 for Change<F> {
        fn name(&self) -> &'static str {
            "change-in-place"
        }

        fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> candle_core::Result<()> {
            let change = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (storage, layout.contiguous_offsets(), change) {
                (CpuStorage::F32(values), Some((start, end)), Some(change)) => {
                    Ok(change(&mut values[start..end])?)
                }
                _ => Err(candle_core::Error::Msg("only f32 that lies in order can change in place".into())),
            }
        }
    }
    Ok(tensor.inplace_op1(&Change(Mutex::new(Some(change))))?)
}

/// The elements that one task works on: 32 KiB, so that a task's output stays in the first-level cache or near it
/// between being zeroed and being written.
pub(crate) const TASK: usize = 8 * 1024;

/// The number of rows of this many columns that make one task.
pub(crate) fn rows_of_a_task(columns: usize) -> usize {
    (TASK / columns.max(1)).max(1)
}

/// Splits `out` into tasks of `chunk` elements and runs them on all threads. The split is the same whatever the
/// number of threads, and so is every result.
pub(crate) fn for_each_task(out: &mut [f32], chunk: usize, task: impl Fn(usize, &mut [f32]) + Sync + Send) {
    if out.len() <= chunk {
        if !out.is_empty() {
            task(0, out);
        }
        return;
    }
    out.par_chunks_mut(chunk).enumerate().for_each(|(index, out)| task(index, out));
}

/// A new buffer whose elements are yet to be written: by the tasks, so that no thread sweeps it with zeros before and
/// the system hands out its pages to all threads.
pub(crate) struct Fresh(Box<[MaybeUninit<f32>]>);

impl Fresh {
    pub(crate) fn new(length: usize) -> Self {
        Self(Box::new_uninit_slice(length))
    }

    pub(crate) fn pointer(&mut self) -> *mut f32 {
        self.0.as_mut_ptr().cast()
    }

    pub(crate) fn scatter(&mut self) -> Scatter<'_> {
        Scatter { start: self.pointer(), length: self.0.len(), buffer: PhantomData }
    }

    /// Hands `task` pieces of `chunk` elements, zeroed; they are in the cache then.
    #[allow(unsafe_code)]
    pub(crate) fn for_each_task(&mut self, chunk: usize, task: impl Fn(usize, &mut [f32]) + Sync + Send) {
        self.0.par_chunks_mut(chunk.max(1)).enumerate().for_each(|(index, out)| {
            // SAFETY: all-zero bytes are a valid f32, and the pointer and length are those of `out`.
            let out = unsafe {
                let start = out.as_mut_ptr().cast::<f32>();
                start.write_bytes(0, out.len());
                std::slice::from_raw_parts_mut(start, out.len())
            };
            task(index, out);
        });
    }

    /// The buffer, complete.
    ///
    /// # Safety
    /// Every element has been written.
    #[allow(unsafe_code)]
    pub(crate) unsafe fn written(self) -> Vec<f32> {
        // SAFETY: as the caller vouches.
        unsafe { self.0.assume_init() }.into_vec()
    }
}

/// A new buffer of `length` elements, written by tasks of `chunk` elements each, which find it zeroed.
#[allow(unsafe_code)]
pub(crate) fn filled(
    length: usize,
    chunk: usize,
    task: impl Fn(usize, &mut [f32]) + Sync + Send,
) -> Vec<f32> {
    let mut buffer = Fresh::new(length);
    buffer.for_each_task(chunk, task);
    // SAFETY: the chunks cover the buffer, and each has been zeroed.
    unsafe { buffer.written() }
}

/// A new buffer by an element-wise task over pieces of 32 KiB.
pub(crate) fn mapped(length: usize, task: impl Fn(usize, &mut [f32]) + Sync + Send) -> Vec<f32> {
    filled(length, TASK, |index, out| task(index * TASK, out))
}

/// A buffer that several tasks write at once, each its own elements.
pub(crate) struct Scatter<'a> {
    start: *mut f32,
    length: usize,
    buffer: PhantomData<&'a mut [f32]>,
}

// SAFETY: the tasks share nothing but the right to write; `write` says under which condition.
#[allow(unsafe_code)]
unsafe impl Sync for Scatter<'_> {}

impl<'a> Scatter<'a> {
    pub(crate) fn new(buffer: &'a mut [f32]) -> Self {
        Self { start: buffer.as_mut_ptr(), length: buffer.len(), buffer: PhantomData }
    }

    /// Writes `values` from element `start` on.
    ///
    /// # Safety
    /// No other task writes these elements.
    #[allow(unsafe_code)]
    pub(crate) unsafe fn write(&self, start: usize, values: &[f32]) {
        assert!(start + values.len() <= self.length, "a task writes outside its buffer");
        // SAFETY: inside the buffer by the assertion; borrowed for 'a; no other writer, as the caller vouches.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), self.start.add(start), values.len()) }
    }
}

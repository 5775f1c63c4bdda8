//! No card: the program was built without the code for one.

use super::{Argument, Grid, Program, product::Gemm};
use crate::Result;
use candle_core::{DType, Device, Error, Storage, Tensor};

pub(super) fn is_card(_: &Device) -> bool {
    false
}

pub(super) fn fresh(_: &Device, _: DType, _: usize) -> Result<Storage> {
    Err(Error::NotCompiledWithCudaSupport.into())
}

pub(super) fn launch(
    _: &Device,
    _: (&'static Program, &'static str),
    _: DType,
    _: Grid,
    _: &mut [Argument<'_>],
) -> Result<()> {
    Err(Error::NotCompiledWithCudaSupport.into())
}

pub(super) fn gemm(_: &Device, _: &Gemm, _: &Tensor, _: &Tensor, _: &mut Storage) -> Result<()> {
    Err(Error::NotCompiledWithCudaSupport.into())
}

//! Kernels compiled by NVRTC, and cuBLAS, on the stream of candle's device.

use super::{Argument, COMMON, Grid, Program, element, product::Gemm};
use crate::Result;
use candle_core::{
    CudaDevice, DType, Device, Error, Shape, Storage, StorageRef, Tensor,
    backend::BackendDevice,
    cuda_backend::{
        CudaStorageSlice, WrapErr,
        cudarc::{
            cublas::{self, sys as blas},
            driver::{
                CudaSlice, CudaStream, DevicePtr, DevicePtrMut, DeviceRepr, LaunchArgs, LaunchConfig,
                PushKernelArg, SyncOnDrop, sys::CUfunction_attribute,
            },
            nvrtc::{CompileOptions, compile_ptx_with_opts},
        },
    },
};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

const DEVICE: &str = include_str!("device.cuh");

/// The oldest cards that the sources are compiled for. The driver makes code for newer ones of it.
const ARCHITECTURE: &str = "compute_80";

/// The shared memory that a block may have without asking, in bytes.
const SHARED: u32 = 48 << 10;

pub(super) fn is_card(device: &Device) -> bool {
    device.is_cuda()
}

#[allow(unsafe_code)]
pub(super) fn fresh(device: &Device, dtype: DType, length: usize) -> Result<Storage> {
    // SAFETY: whoever asks for it has a kernel write it before it is read.
    Ok(Storage::Cuda(unsafe { card(device)?.alloc_uninit(&Shape::from(length), dtype)? }))
}

pub(super) fn launch(
    device: &Device,
    (program, kernel): (&'static Program, &'static str),
    dtype: DType,
    grid: Grid,
    arguments: &mut [Argument<'_>],
) -> Result<()> {
    let card = card(device)?;
    let module = format!("{}_{}", program.name, dtype.as_str());
    let function = card.get_or_load_custom_func(kernel, &module, &compiled(program, dtype)?)?;
    if grid.shared > SHARED {
        let attribute = CUfunction_attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        function.set_attribute(attribute, grid.shared as i32).w()?;
    }
    let stream = card.cuda_stream();
    let tensors = arguments.iter().filter_map(Argument::tensor);
    let storages: Vec<_> = tensors.map(Tensor::storage_and_layout).collect();
    let mut places =
        storages.iter().map(|(storage, layout)| address(storage, layout.start_offset(), &stream));
    // What orders several streams is told of the use when it is over.
    let mut uses = Vec::with_capacity(arguments.len());
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(match argument {
            Argument::Read(_) | Argument::Change(_) => {
                let (address, usage) = places.next().transpose()?.ok_or_else(not_there)?;
                uses.push(usage);
                Value::Address(address)
            }
            Argument::Write(storage) => {
                let (address, usage) = address_to_write(storage, &stream)?;
                uses.push(usage);
                Value::Address(address)
            }
            Argument::U32(value) => Value::U32(*value),
            Argument::U64(value) => Value::U64(*value),
            Argument::F32(value) => Value::F32(*value),
            Argument::Mask(mask) => Value::Mask(MaskBits(*mask)),
        });
    }
    let mut call = function.builder();
    for value in &values {
        match value {
            Value::Address(value) | Value::U64(value) => call.arg(value),
            Value::U32(value) => call.arg(value),
            Value::F32(value) => call.arg(value),
            Value::Mask(value) => call.arg(value),
        };
    }
    let config = LaunchConfig {
        grid_dim: (grid.blocks.0, grid.blocks.1, 1),
        block_dim: (grid.threads, 1, 1),
        shared_mem_bytes: grid.shared,
    };
    start(&mut call, config)
}

#[allow(unsafe_code)]
fn start(call: &mut LaunchArgs<'_>, config: LaunchConfig) -> Result<()> {
    // SAFETY: the kernels read and write nothing but the card's memory, inside the tensors and results that they are
    // given: the emulation, which checks the types of the arguments too, and its guards see to that.
    unsafe { call.launch(config) }.w()?;
    Ok(())
}

enum Value {
    Address(u64),
    U32(u32),
    U64(u64),
    F32(f32),
    Mask(MaskBits),
}

/// `Mask` in common.cuh.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct MaskBits([u32; 6]);

// SAFETY: six words, as the struct of the sources has them.
#[allow(unsafe_code)]
unsafe impl DeviceRepr for MaskBits {}

fn card(device: &Device) -> Result<&CudaDevice> {
    match device {
        Device::Cuda(card) => Ok(card),
        _ => Err(not_there().into()),
    }
}

fn not_there() -> Error {
    Error::Msg("a kernel for cards was given a tensor that is on none".into())
}

/// The code of a source for one element type, made once.
fn compiled(program: &'static Program, dtype: DType) -> Result<Arc<str>> {
    type Codes = HashMap<(&'static str, DType), Arc<str>>;
    static CODES: LazyLock<Mutex<Codes>> = LazyLock::new(Mutex::default);
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(code) = codes.get(&(program.name, dtype)) {
        return Ok(code.clone());
    }
    let element = element(dtype).ok_or_else(not_there)?;
    let source = format!("#define ELEMENT {element}\n{DEVICE}{COMMON}{}", program.source);
    let options = CompileOptions {
        arch: Some(ARCHITECTURE),
        name: Some(format!("{}.cu", program.name)),
        ..CompileOptions::default()
    };
    let code: Arc<str> = compile_ptx_with_opts(source, options).map_err(Error::wrap)?.to_src().into();
    codes.insert((program.name, dtype), code.clone());
    Ok(code)
}

/// Where an element lies on the card. For reading, and for a change in place of what nothing else uses.
fn address<'a>(
    storage: &'a StorageRef<'_>,
    start: usize,
    stream: &'a CudaStream,
) -> Result<(u64, SyncOnDrop<'a>)> {
    fn of<'a, T>(slice: &'a CudaSlice<T>, start: usize, stream: &'a CudaStream) -> (u64, SyncOnDrop<'a>) {
        let (address, usage) = slice.device_ptr(stream);
        (address + (start * size_of::<T>()) as u64, usage)
    }
    let Storage::Cuda(storage) = &**storage else {
        return Err(not_there().into());
    };
    Ok(match &storage.slice {
        CudaStorageSlice::F32(slice) => of(slice, start, stream),
        CudaStorageSlice::BF16(slice) => of(slice, start, stream),
        CudaStorageSlice::F16(slice) => of(slice, start, stream),
        CudaStorageSlice::U32(slice) => of(slice, start, stream),
        _ => return Err(not_there().into()),
    })
}

fn address_to_write<'a>(storage: &'a mut Storage, stream: &'a CudaStream) -> Result<(u64, SyncOnDrop<'a>)> {
    let Storage::Cuda(storage) = storage else {
        return Err(not_there().into());
    };
    Ok(match &mut storage.slice {
        CudaStorageSlice::F32(slice) => slice.device_ptr_mut(stream),
        CudaStorageSlice::BF16(slice) => slice.device_ptr_mut(stream),
        CudaStorageSlice::F16(slice) => slice.device_ptr_mut(stream),
        CudaStorageSlice::F64(slice) => slice.device_ptr_mut(stream),
        _ => return Err(not_there().into()),
    })
}

#[allow(unsafe_code)]
pub(super) fn gemm(device: &Device, gemm: &Gemm, a: &Tensor, b: &Tensor, c: &mut Storage) -> Result<()> {
    let card = card(device)?;
    let stream = card.cuda_stream();
    stream.context().bind_to_thread().w()?;
    let handle = card.cublas_handle();
    let ((a, a_layout), (b, b_layout)) = (a.storage_and_layout(), b.storage_and_layout());
    let (a, _a_usage) = address(&a, a_layout.start_offset(), &stream)?;
    let (b, _b_usage) = address(&b, b_layout.start_offset(), &stream)?;
    let (c, _c_usage) = address_to_write(c, &stream)?;
    let kind = match gemm.dtype {
        DType::F32 => blas::cudaDataType_t::CUDA_R_32F,
        DType::BF16 => blas::cudaDataType_t::CUDA_R_16BF,
        DType::F16 => blas::cudaDataType_t::CUDA_R_16F,
        _ => return Err(not_there().into()),
    };
    let operation = |transposed| match transposed {
        true => blas::cublasOperation_t::CUBLAS_OP_T,
        false => blas::cublasOperation_t::CUBLAS_OP_N,
    };
    // SAFETY: `product` has seen that the sizes are those of the matrices, which live until the call has been queued on
    // the stream that they are freed on; alpha and beta are read before it returns.
    unsafe {
        cublas::result::gemm_ex(
            *handle.handle(),
            operation(gemm.transpose_a),
            operation(gemm.transpose_b),
            gemm.m,
            gemm.n,
            gemm.k,
            (&raw const gemm.alpha).cast(),
            a as *const _,
            kind,
            gemm.stride_a,
            b as *const _,
            kind,
            gemm.stride_b,
            (&raw const gemm.beta).cast(),
            c as *mut _,
            kind,
            gemm.stride_c,
            blas::cublasComputeType_t::CUBLAS_COMPUTE_32F,
            blas::cublasGemmAlgo_t::CUBLAS_GEMM_DEFAULT,
        )
    }
    .w()?;
    Ok(())
}

/// Runs `work` with a card, the same for all tests; says aloud where there is none.
#[cfg(test)]
pub(crate) fn with_card(work: impl Fn(&Device)) {
    static CARD: std::sync::OnceLock<candle_core::Result<Device>> = std::sync::OnceLock::new();
    match CARD.get_or_init(|| crate::Accelerator::Cuda.open()) {
        Ok(device) => work(device),
        Err(error) => eprintln!("no card, nothing was run on one ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::PROGRAMS, compiled};
    use candle_core::DType;

    #[test]
    fn every_source_compiles_and_has_its_kernels() {
        for program in PROGRAMS {
            for dtype in [DType::F32, DType::BF16, DType::F16] {
                let code = compiled(program, dtype).unwrap();
                for kernel in program.kernels {
                    assert!(code.contains(&format!(".entry {kernel}(")), "{kernel} of {}", program.name);
                }
            }
        }
    }
}

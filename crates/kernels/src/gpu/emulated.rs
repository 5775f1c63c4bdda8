//! A card that is the processor, for tests: the sources compiled as C++ for it, with `emulation.hpp` in CUDA's place. Within
//! [`with_card`] the operations take every way that they take on a card, over tensors of the CPU.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "only tests have this")]

use super::{Argument, COMMON, Grid, PROGRAMS, Program, element, product::Gemm};
use crate::Result;
use candle_core::{CpuStorage, DType, Device, Error, Storage, Tensor};
use half::{bf16, f16};
use libloading::Library;
use std::{
    cell::Cell,
    ffi::{CStr, c_char, c_void},
    process::Command,
    sync::{Mutex, OnceLock, PoisonError},
};

const EMULATION: &str = include_str!("emulation.hpp");

/// Elements behind each result that no kernel may write.
const GUARD: usize = 64;

thread_local! {
    static ON: Cell<bool> = const { Cell::new(false) };
    static BACKWARDS: Cell<bool> = const { Cell::new(false) };
    static LAUNCHES: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work` with the CPU as a card, twice: the threads of a block take turns in one order, then in the other.
pub(crate) fn with_card(work: impl Fn(&Device)) {
    struct Restored;
    impl Drop for Restored {
        fn drop(&mut self) {
            ON.set(false);
        }
    }
    if compiler().is_none() {
        eprintln!("no C++ compiler on Linux: NOT RUN, the kernels for cards on the processor");
        return;
    }
    for backwards in [false, true] {
        let _restored = Restored;
        ON.set(true);
        BACKWARDS.set(backwards);
        LAUNCHES.set(0);
        work(&Device::Cpu);
        assert!(LAUNCHES.get() > 0, "nothing was started on a card");
    }
}

pub(super) fn is_card(device: &Device) -> bool {
    ON.get() && device.is_cpu()
}

/// Full of NaN.
pub(super) fn fresh(_: &Device, dtype: DType, length: usize) -> Result<Storage> {
    let length = length + GUARD;
    Ok(Storage::Cpu(match dtype {
        DType::F32 => CpuStorage::F32(vec![f32::NAN; length]),
        DType::BF16 => CpuStorage::BF16(vec![bf16::NAN; length]),
        DType::F16 => CpuStorage::F16(vec![f16::NAN; length]),
        DType::F64 => CpuStorage::F64(vec![f64::NAN; length]),
        _ => return Err(Error::Msg(format!("no kernel writes {dtype:?}")).into()),
    }))
}

/// Whether nothing was written behind a result.
fn is_guarded(storage: &Storage) -> bool {
    fn tail<T>(values: &[T], is_nan: impl Fn(&T) -> bool) -> bool {
        values.len() < GUARD || values[values.len() - GUARD..].iter().all(is_nan)
    }
    match storage {
        Storage::Cpu(CpuStorage::F32(values)) => tail(values, |value| value.is_nan()),
        Storage::Cpu(CpuStorage::BF16(values)) => tail(values, |value| value.is_nan()),
        Storage::Cpu(CpuStorage::F16(values)) => tail(values, |value| value.is_nan()),
        Storage::Cpu(CpuStorage::F64(values)) => tail(values, |value| value.is_nan()),
        _ => false,
    }
}

type Launch = unsafe extern "C" fn(*mut *mut c_void, usize, *const u32) -> *const c_char;
type Letters = unsafe extern "C" fn() -> *const c_char;

#[allow(unsafe_code)]
pub(super) fn launch(
    _: &Device,
    (program, kernel): (&'static Program, &'static str),
    dtype: DType,
    grid: Grid,
    arguments: &mut [Argument<'_>],
) -> Result<()> {
    assert!(grid.blocks.0 > 0 && grid.blocks.1 > 0 && grid.blocks.1 <= 65_535, "{kernel}: {grid:?}");
    assert!(grid.shared <= 99 << 10, "{kernel}: more shared memory than every card has");
    LAUNCHES.set(LAUNCHES.get() + 1);
    let library = library(dtype)?;
    let mut letters = String::new();
    let values: Vec<[u32; 6]> = arguments
        .iter_mut()
        .map(|argument| {
            let (letter, value) = match argument {
                Argument::Read(tensor) | Argument::Change(tensor) => ('p', words(address(tensor))),
                Argument::Write(storage) => ('p', words(start(storage))),
                Argument::U32(value) => ('u', words(u64::from(*value))),
                Argument::U64(value) => ('U', words(*value)),
                Argument::F32(value) => ('f', words(u64::from(value.to_bits()))),
                Argument::Mask(mask) => ('m', *mask),
            };
            letters.push(letter);
            value
        })
        .collect();
    let mut pointers: Vec<*mut c_void> =
        values.iter().map(|value| value.as_ptr().cast_mut().cast::<c_void>()).collect();
    let shape = [grid.blocks.0, grid.blocks.1, grid.threads, grid.shared, u32::from(BACKWARDS.get())];
    let wrong = {
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the functions are those of ENTRY in emulation.hpp. The letters tell that the arguments are of the
        // types that the kernel takes; they live until it returns.
        unsafe {
            let expected =
                library.get::<Letters>(format!("letters_{kernel}").as_bytes()).map_err(Error::wrap)?();
            assert_eq!(CStr::from_ptr(expected).to_string_lossy(), letters, "the arguments of {kernel}");
            let launch = library.get::<Launch>(format!("launch_{kernel}").as_bytes()).map_err(Error::wrap)?;
            let wrong = launch(pointers.as_mut_ptr(), pointers.len(), shape.as_ptr());
            (!wrong.is_null()).then(|| CStr::from_ptr(wrong).to_string_lossy().into_owned())
        }
    };
    assert_eq!(wrong, None, "{kernel} of {}", program.name);
    for argument in arguments {
        if let Argument::Write(storage) = argument {
            assert!(is_guarded(storage), "{kernel} wrote behind a result");
        }
    }
    Ok(())
}

fn words(value: u64) -> [u32; 6] {
    [value as u32, (value >> 32) as u32, 0, 0, 0, 0]
}

fn address(tensor: &Tensor) -> u64 {
    let (storage, layout) = tensor.storage_and_layout();
    assert!(layout.is_contiguous(), "a kernel was given a tensor that does not lie in order");
    let at = match &*storage {
        Storage::Cpu(CpuStorage::F32(values)) => values[layout.start_offset()..].as_ptr().addr(),
        Storage::Cpu(CpuStorage::BF16(values)) => values[layout.start_offset()..].as_ptr().addr(),
        Storage::Cpu(CpuStorage::F16(values)) => values[layout.start_offset()..].as_ptr().addr(),
        Storage::Cpu(CpuStorage::U32(values)) => values[layout.start_offset()..].as_ptr().addr(),
        _ => panic!("a kernel was given {:?} of the {:?}", storage.dtype(), storage.device()),
    };
    at as u64
}

fn start(storage: &mut Storage) -> u64 {
    let at = match storage {
        Storage::Cpu(CpuStorage::F32(values)) => values.as_mut_ptr().addr(),
        Storage::Cpu(CpuStorage::BF16(values)) => values.as_mut_ptr().addr(),
        Storage::Cpu(CpuStorage::F16(values)) => values.as_mut_ptr().addr(),
        Storage::Cpu(CpuStorage::F64(values)) => values.as_mut_ptr().addr(),
        _ => panic!("a kernel was to write {:?}", storage.dtype()),
    };
    at as u64
}

/// A C++ compiler, where the fibers of the emulation are known to work.
fn compiler() -> Option<&'static str> {
    static COMPILER: OnceLock<Option<&str>> = OnceLock::new();
    let works = |name: &&str| {
        let said = Command::new(name).arg("--version").output();
        cfg!(target_os = "linux") && said.is_ok_and(|said| said.status.success())
    };
    *COMPILER.get_or_init(|| ["c++", "g++", "clang++"].into_iter().find(works))
}

/// All programs for one element type, compiled once.
fn library(dtype: DType) -> Result<&'static Library> {
    static LIBRARIES: [OnceLock<Library>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    static TURN: Mutex<()> = Mutex::new(());
    let place = [DType::F32, DType::BF16, DType::F16].iter().position(|other| *other == dtype);
    let cell = &LIBRARIES[place.expect("kernels have f32, bf16 and f16")];
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = cell.get() {
        return Ok(library);
    }
    let library = compile(dtype);
    Ok(cell.get_or_init(|| library))
}

#[allow(unsafe_code)]
fn compile(dtype: DType) -> Library {
    let element = element(dtype).expect("kernels have f32, bf16 and f16");
    let mut source = format!("#define ELEMENT {element}\n{EMULATION}{COMMON}");
    for program in PROGRAMS {
        // Each in a namespace of its own, since each is compiled alone for a card.
        let entries: String = program.kernels.iter().map(|name| format!("ENTRY({name})\n")).collect();
        source += &format!("namespace {} {{\n{}\n{entries}}}\n", program.name, program.source);
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, library) = (folder.path().join("kernels.cpp"), folder.path().join("kernels.so"));
    std::fs::write(&file, source).unwrap();
    let mut command = Command::new(compiler().unwrap());
    command.args(["-std=c++17", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-w"]);
    if cfg!(target_arch = "x86_64") {
        command.arg("-march=native"); // fmaf is an instruction then, and no call
    }
    // Flags for a closer look, such as -fsanitize=address.
    let more = std::env::var("EPISOME_EMULATION_FLAGS").unwrap_or_default();
    let compiled = command.args(more.split_whitespace()).arg("-o").args([&library, &file]).output().unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    // SAFETY: nothing runs when it is loaded but the constructors of empty containers.
    unsafe { Library::new(&library).unwrap() }
}

/// As the reference BLAS has it, in f64, rounded once.
pub(super) fn gemm(_: &Device, gemm: &Gemm, a: &Tensor, b: &Tensor, c: &mut Storage) -> Result<()> {
    let flat = |tensor: &Tensor| -> Result<Vec<f64>> {
        Ok(tensor.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?)
    };
    LAUNCHES.set(LAUNCHES.get() + 1);
    let (a, b) = (flat(a)?, flat(b)?);
    let [m, n, k] = [gemm.m, gemm.n, gemm.k].map(|size| size as usize);
    let [stride_a, stride_b, stride_c] =
        [gemm.stride_a, gemm.stride_b, gemm.stride_c].map(|stride| stride as usize);
    let (rows_a, rows_b) = (if gemm.transpose_a { k } else { m }, if gemm.transpose_b { n } else { k });
    assert!(stride_a >= rows_a && stride_b >= rows_b && stride_c >= m, "{gemm:?}");
    for column in 0..n {
        for row in 0..m {
            let mut sum = 0.0;
            for inner in 0..k {
                let left = if gemm.transpose_a { inner + row * stride_a } else { row + inner * stride_a };
                let right =
                    if gemm.transpose_b { column + inner * stride_b } else { inner + column * stride_b };
                sum += a[left] * b[right];
            }
            let at = row + column * stride_c;
            let sum = f64::from(gemm.alpha) * sum;
            // With beta 0, BLAS does not read what was there.
            let total = |old: f64| if gemm.beta == 0.0 { sum } else { sum + f64::from(gemm.beta) * old };
            match c {
                Storage::Cpu(CpuStorage::F32(c)) => c[at] = total(f64::from(c[at])) as f32,
                Storage::Cpu(CpuStorage::BF16(c)) => c[at] = bf16::from_f64(total(c[at].to_f64())),
                Storage::Cpu(CpuStorage::F16(c)) => c[at] = f16::from_f64(total(c[at].to_f64())),
                _ => panic!("a product was to be written to {:?}", c.dtype()),
            }
        }
    }
    assert!(is_guarded(c));
    Ok(())
}

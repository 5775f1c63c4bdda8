//! PyTorch's weight files: `torch.save` of a state dict, in today's zip archives and in the format before torch 1.6.
//!
//! Reference: torch/serialization.py (`_save`, `_legacy_save`) and torch/_utils.py (`_rebuild_tensor_v2`).

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use zip::ZipArchive;

use crate::pickle::{self, Failure, Value};
use crate::{Error, Result};

/// What a file from before torch 1.6 starts with: the pickle of the number 0x1950a86a20f9469cfc6c.
const LEGACY: [u8; 14] = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// An open file of `torch.save` whose tensors are known and not yet read.
pub(crate) struct PickleFile {
    path: PathBuf,
    tensors: BTreeMap<String, Place>,
    storages: Storages,
}

/// Where a tensor is: part of a storage, in elements.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    storage: String,
    kind: Kind,
    offset: usize,
    shape: Vec<usize>,
    stride: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Float(DType),
    /// Masks and counters, which no model here reads.
    Other,
}

enum Storages {
    /// The folder in the archive.
    Zip(String),
    /// Key → (first byte, number of elements).
    Legacy(HashMap<String, (u64, u64)>),
}

impl PickleFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut start = Vec::new();
        let mut file = File::open(path).map_err(Error::io("read", path))?;
        (&mut file).take(LEGACY.len() as u64).read_to_end(&mut start).map_err(Error::io("read", path))?;
        let opened = match start.as_slice() {
            [] => Err("is empty".into()),
            start if start == LEGACY => legacy(file),
            start if start.starts_with(b"PK") => archive(file),
            start if start.starts_with(b"version https") => Err(
                "is the pointer that git leaves in place of a large file. Run `git lfs pull` in its folder"
                    .into(),
            ),
            _ => Err("is no file of torch.save".into()),
        };
        match opened {
            Ok((tensors, storages)) => Ok(Self { path: path.to_owned(), tensors, storages }),
            Err(reason) => Err(damaged(path, &reason)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.tensors.keys().cloned().collect()
    }

    pub(crate) fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|place| place.shape.as_slice())
    }

    /// Reads one tensor as `dtype` onto `device`.
    pub(crate) fn read(&self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        let failed = |reason: String| damaged(&self.path, &format!("the tensor `{name}`: {reason}"));
        let place = self.tensors.get(name).ok_or_else(|| failed("is not there".into()))?;
        let Kind::Float(stored) = place.kind else {
            return Err(failed("it does not hold floating numbers".into()));
        };
        let size = stored.size_in_bytes();
        let span = place.span().ok_or_else(|| failed("its shape makes no sense".into()))?;
        let start =
            place.offset.checked_mul(size).ok_or_else(|| failed("its place makes no sense".into()))?;
        let mut bytes = self.bytes(&place.storage, start, span * size).map_err(failed)?;
        if !place.is_contiguous() {
            bytes = place
                .elements()
                .iter()
                .flat_map(|&element| &bytes[element * size..][..size])
                .copied()
                .collect();
        }
        Ok(Tensor::from_raw_buffer(&bytes, stored, &place.shape, &Device::Cpu)?
            .to_dtype(dtype)?
            .to_device(device)?)
    }

    /// `length` bytes of a storage from byte `start` on.
    fn bytes(&self, storage: &str, start: usize, length: usize) -> Result<Vec<u8>, Failure> {
        let text = |error: std::io::Error| error.to_string();
        let file = File::open(&self.path).map_err(text)?;
        let mut bytes = Vec::new();
        match &self.storages {
            Storages::Zip(folder) => {
                let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
                let name = format!("{folder}data/{storage}");
                let mut entry = archive.by_name(&name).map_err(|error| format!("{name}: {error}"))?;
                std::io::copy(&mut (&mut entry).take(start as u64), &mut std::io::sink()).map_err(text)?;
                entry.take(length as u64).read_to_end(&mut bytes).map_err(text)?;
            }
            Storages::Legacy(places) => {
                let (first, _) = places.get(storage).ok_or("its numbers are not in the file")?;
                let mut file = file;
                file.seek(SeekFrom::Start(first + start as u64)).map_err(text)?;
                file.take(length as u64).read_to_end(&mut bytes).map_err(text)?;
            }
        }
        if bytes.len() == length { Ok(bytes) } else { Err("its numbers are cut short".into()) }
    }
}

impl Place {
    /// How many elements of the storage it reaches over; `None` for shapes that no file could hold.
    fn span(&self) -> Option<usize> {
        if self.shape.contains(&0) {
            return Some(0);
        }
        let mut last = 0usize;
        for (&size, &stride) in self.shape.iter().zip(&self.stride) {
            last = last.checked_add((size - 1).checked_mul(stride)?)?;
        }
        // A stride of 0 repeats elements; weights do not.
        let count = self.shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size))?;
        (last < 1 << 34 && count <= last + 1).then_some(last + 1)
    }

    fn is_contiguous(&self) -> bool {
        let mut expected = 1;
        self.shape.iter().zip(&self.stride).rev().all(|(&size, &stride)| {
            let fits = size == 1 || stride == expected;
            expected *= size;
            fits
        })
    }

    /// The index in its span of every element, in order.
    fn elements(&self) -> Vec<usize> {
        let mut elements = vec![0];
        for (&size, &stride) in self.shape.iter().zip(&self.stride) {
            elements = elements
                .iter()
                .flat_map(|element| (0..size).map(move |index| element + index * stride))
                .collect();
        }
        elements
    }
}

type Opened = (BTreeMap<String, Place>, Storages);

/// The zip archives of torch 1.6 and later: NAME/data.pkl beside NAME/data/KEY.
fn archive(file: File) -> Result<Opened, Failure> {
    let mut archive =
        ZipArchive::new(BufReader::new(file)).map_err(|error| format!("is cut short ({error})"))?;
    let index = (0..archive.len())
        .find(|&index| {
            archive
                .name_for_index(index)
                .is_some_and(|name| name.is_ok_and(|name| name.ends_with("/data.pkl")))
        })
        .ok_or("is an archive, but holds no data.pkl")?;
    let entry = archive.by_index(index).map_err(|error| error.to_string())?;
    let name = entry.name().map_err(|error| error.to_string())?;
    let folder = name.strip_suffix("data.pkl").unwrap_or_default().to_owned();
    let state = pickle::read(&mut BufReader::new(entry))?;
    Ok((tensors(&state)?, Storages::Zip(folder)))
}

/// The format before torch 1.6: three pickles about the machine, the state dict, the keys of the storages, and for each
/// storage its number of elements and its bytes.
fn legacy(mut file: File) -> Result<Opened, Failure> {
    file.rewind().map_err(|error| error.to_string())?;
    let mut input = BufReader::new(file);
    for _ in 0..3 {
        pickle::read(&mut input)?;
    }
    let state = pickle::read(&mut input)?;
    let keys = pickle::read(&mut input)?;
    let mut sizes = HashMap::new();
    storage_sizes(&state, &mut sizes);
    let mut places = HashMap::new();
    for key in keys.as_list().ok_or("its storages are not listed")? {
        let key = key.as_text().ok_or("a storage has no name")?;
        let mut count = [0; 8];
        input.read_exact(&mut count).map_err(|_| "is cut short")?;
        let count = u64::from_le_bytes(count);
        let first = input.stream_position().map_err(|error| error.to_string())?;
        let size = sizes.get(key).copied().ok_or("a storage is of an unknown kind")?;
        let length =
            count.checked_mul(size).and_then(|bytes| i64::try_from(bytes).ok()).ok_or("is cut short")?;
        places.insert(key.to_owned(), (first, count));
        input.seek_relative(length).map_err(|_| "is cut short")?;
    }
    Ok((tensors(&state)?, Storages::Legacy(places)))
}

/// Bytes an element takes, by storage, wherever storages are named in a value.
fn storage_sizes(value: &Value, sizes: &mut HashMap<String, u64>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| storage_sizes(item, sizes)),
        Value::Dict(entries) => entries.iter().for_each(|(_, value)| storage_sizes(value, sizes)),
        Value::Call(call) => storage_sizes(&call.1, sizes),
        Value::Persistent(id) => {
            if let Some([_, Value::Global(class), key, ..]) = id.as_list()
                && let Some(key) = key.as_text()
            {
                sizes.insert(key.to_owned(), element_size(class));
            }
        }
        _ => {}
    }
}

fn kind(class: &str) -> Kind {
    match class.rsplit('.').next().unwrap_or(class) {
        "FloatStorage" => Kind::Float(DType::F32),
        "DoubleStorage" => Kind::Float(DType::F64),
        "HalfStorage" => Kind::Float(DType::F16),
        "BFloat16Storage" => Kind::Float(DType::BF16),
        _ => Kind::Other,
    }
}

fn element_size(class: &str) -> u64 {
    match class.rsplit('.').next().unwrap_or(class) {
        "DoubleStorage" | "LongStorage" | "ComplexFloatStorage" => 8,
        "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
        "ByteStorage" | "CharStorage" | "BoolStorage" => 1,
        "ComplexDoubleStorage" => 16,
        _ => 4,
    }
}

/// The tensors of a state dict, or of a training checkpoint that holds one.
fn tensors(state: &Value) -> Result<BTreeMap<String, Place>, Failure> {
    let mut entries = state.as_dict().ok_or("does not hold a state dict. Save model.state_dict()")?;
    for wrapper in ["state_dict", "model_state_dict"] {
        if let Some((_, inner)) = entries.iter().find(|(key, _)| key.as_text() == Some(wrapper))
            && let Some(inner) = inner.as_dict()
        {
            entries = inner;
        }
    }
    let mut tensors = BTreeMap::new();
    for (key, value) in entries {
        if let (Some(name), Some(place)) = (key.as_text(), tensor(value)) {
            tensors.insert(name.to_owned(), place);
        }
    }
    if tensors.is_empty() { Err("holds no tensors".into()) } else { Ok(tensors) }
}

/// What `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` would rebuild.
fn tensor(value: &Value) -> Option<Place> {
    let (function, arguments) = value.as_call()?;
    match (function, arguments) {
        ("torch._utils._rebuild_parameter", [data, ..]) => tensor(data),
        ("torch._utils._rebuild_tensor_v2", [Value::Persistent(id), offset, shape, stride, ..]) => {
            let [_, Value::Global(class), key, ..] = id.as_list()? else {
                return None;
            };
            let sizes =
                |value: &Value| value.as_list()?.iter().map(Value::as_int).collect::<Option<Vec<_>>>();
            let place = Place {
                storage: key.as_text()?.to_owned(),
                kind: kind(class),
                offset: offset.as_int()?,
                shape: sizes(shape)?,
                stride: sizes(stride)?,
            };
            (place.shape.len() == place.stride.len()).then_some(place)
        }
        _ => None,
    }
}

fn damaged(path: &Path, reason: &str) -> Error {
    Error::WeightFile { path: path.to_owned(), reason: format!("{reason}. Download or copy it again") }
}

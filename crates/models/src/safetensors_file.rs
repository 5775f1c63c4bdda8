//! Files of tensors in the safetensors format (github.com/huggingface/safetensors), read one tensor at a time.
//!
//! Beside the tensors that are kept, memory holds the bytes of one. The file is not mapped: every tensor is copied to
//! where it is used in any case, and a file that shrinks under a map ends the whole program.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::{Error, Result};

/// The longest header that is read; GPT-2 with its 148 tensors needs 14 kB.
const LONGEST_HEADER: u64 = 100_000_000;

/// An open safetensors file whose header has been read and whose length has been compared with it.
#[derive(Debug)]
pub struct SafetensorsFile {
    path: PathBuf,
    file: File,
    metadata: Metadata,
    data_start: u64,
}

impl SafetensorsFile {
    /// Opens a file and checks that it is complete.
    pub fn open(path: &Path) -> Result<Self> {
        let damaged = |reason: String| Error::WeightFile { path: path.to_owned(), reason };
        let mut file = File::open(path).map_err(Error::io("read", path))?;
        let length = file.metadata().map_err(Error::io("read", path))?.len();
        if length == 0 {
            return Err(damaged("is empty. Download or copy it again".into()));
        }
        let mut size = [0; 8];
        file.read_exact(&mut size).map_err(|_| damaged("is cut short. Download or copy it again".into()))?;
        let header_length = u64::from_le_bytes(size);
        if header_length > LONGEST_HEADER {
            let pointer = if size.starts_with(b"version ") {
                ": it is the pointer that git leaves in place of a large file. Run `git lfs pull` in its folder"
            } else {
                ". Download or copy it again"
            };
            return Err(damaged(format!("is not a safetensors file{pointer}")));
        }
        let data_start = 8 + header_length;
        if data_start > length {
            let reason = format!(
                "is cut short: {length} bytes, and its header alone takes {data_start}. Download or copy it again"
            );
            return Err(damaged(reason));
        }
        let mut header = vec![0; header_length as usize];
        file.read_exact(&mut header).map_err(Error::io("read", path))?;
        let metadata: Metadata = serde_json::from_slice(&header).map_err(|error| {
            damaged(format!("is not a valid safetensors file ({error}). Download or copy it again"))
        })?;
        let expected = data_start + metadata.data_len() as u64;
        if length != expected {
            let what = if length < expected { "is cut short" } else { "is longer than its header says" };
            return Err(damaged(format!("{what}: {length} bytes of {expected}. Download or copy it again")));
        }
        Ok(Self { path: path.to_owned(), file, metadata, data_start })
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its tensors, in the order of their bytes.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.metadata.offset_keys()
    }

    /// The shape of a tensor; `None` if there is none of that name.
    #[must_use]
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.metadata.info(name).map(|info| info.shape.as_slice())
    }

    /// Reads one tensor as `dtype` onto `device`.
    pub fn read(&mut self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        let Some(info) = self.metadata.info(name).cloned() else {
            return Err(Error::MissingTensor {
                name: name.to_owned(),
                shape: Vec::new(),
                place: self.path.display().to_string(),
                advice: "Download or copy the file again".into(),
            });
        };
        let TensorInfo { dtype: stored, shape, data_offsets: (start, end) } = info;
        let stored = self.float_type(name, stored)?;
        let mut bytes = vec![0; end - start];
        self.file
            .seek(SeekFrom::Start(self.data_start + start as u64))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(Error::io("read", &self.path))?;
        Ok(Tensor::from_raw_buffer(&bytes, stored, &shape, &Device::Cpu)?
            .to_dtype(dtype)?
            .to_device(device)?)
    }

    fn float_type(&self, name: &str, stored: Dtype) -> Result<DType> {
        match stored {
            Dtype::F32 => Ok(DType::F32),
            Dtype::F16 => Ok(DType::F16),
            Dtype::BF16 => Ok(DType::BF16),
            Dtype::F64 => Ok(DType::F64),
            other => Err(Error::WeightFile {
                path: self.path.clone(),
                reason: format!(
                    "holds the tensor `{name}` as {other:?}. Supported are F32, F16, BF16 and F64: use the model that \
                     was not quantised"
                ),
            }),
        }
    }
}

/// Writes a safetensors file with the metadata {"format": "pt"}, as transformers and peft do and expect. It is written
/// aside and renamed, so that there is never half a file under the name.
pub fn write_tensors<'a>(
    path: &Path,
    tensors: impl IntoIterator<Item = (&'a str, &'a Tensor)>,
) -> Result<()> {
    let tensors = tensors
        .into_iter()
        .map(|(name, tensor)| Ok((name, tensor.to_device(&Device::Cpu)?.contiguous()?)))
        .collect::<Result<Vec<_>>>()?;
    let format = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let bytes =
        safetensors::serialize(tensors.iter().map(|(name, tensor)| (name, tensor)), Some(format)).map_err(
            |error| Error::WeightFile { path: path.to_owned(), reason: format!("can't be written: {error}") },
        )?;
    write_aside(path, &bytes)
}

/// Writes a file under another name in the same folder, has it written to the disk, and renames it.
pub fn write_aside(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.partial", std::process::id()));
    let aside = path.with_file_name(name);
    let written = File::create(&aside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&aside, path));
    if written.is_err() {
        // What is left of it is in the way; the first failure is the one to tell.
        let _ = std::fs::remove_file(&aside);
    }
    written.map_err(Error::io("write", path))
}

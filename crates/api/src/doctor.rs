//! What this machine has, and what stands in the way.

use std::path::{Path, PathBuf};

use candle_core::Device;
use serde::{Deserialize, Serialize};
use sysinfo::{Disks, System};
use train::DeviceChoice;
use ts_rs::TS;

use crate::Engine;
use crate::gpu_worker::{self, GpuWorker};

/// What the engine finds on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Doctor {
    /// The program's version.
    pub version: String,
    /// What it was built for: operating system and processor family.
    pub build: String,
    /// Where this program computes unless it is told: `cpu`, `cuda` or `metal`.
    pub device: String,
    /// The graphics card that this program, or `episome-cuda` beside it, computes on; none where none answers.
    pub card: Option<Card>,
    /// The processor's name.
    pub processor: String,
    /// Vector instructions of the processor that the kernels choose from.
    pub instructions: Vec<String>,
    /// Processors that the system offers.
    pub cores: usize,
    /// Threads that the engine computes with.
    pub threads: usize,
    /// Main memory.
    pub memory: Memory,
    /// Episome's own cache (`EPISOME_CACHE`).
    pub cache: Folder,
    /// The cache of the Hub, which Python shares (`HF_HOME`).
    pub hub_cache: Folder,
    /// The Hub.
    pub hub: HubAccess,
    /// The base model inside the program.
    pub embedded_model: String,
    /// What stands in the way, each with what to do.
    pub problems: Vec<String>,
}

/// A graphics card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Card {
    /// Its name as the driver tells it.
    pub name: String,
    /// Its memory, in bytes.
    pub memory: Memory,
    /// Whether it computes in bf16.
    pub bf16: bool,
}

/// Main memory, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Memory {
    /// All of it.
    #[ts(type = "number")]
    pub total_bytes: u64,
    /// What a program could have now.
    #[ts(type = "number")]
    pub available_bytes: u64,
}

/// A folder that the engine writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is there already; if not, it is made when it is needed.
    pub exists: bool,
    /// Free space on its disk, where the system tells.
    #[ts(type = "number | null")]
    pub free_bytes: Option<u64>,
}

/// How the Hub would be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HubAccess {
    /// Its address (`HF_ENDPOINT`).
    pub endpoint: String,
    /// Whether only the cache is used (`HF_HUB_OFFLINE`).
    pub offline: bool,
    /// Whether a token is at hand (`HF_TOKEN`, the token file, or one that was kept); the keyring is not asked.
    pub token: bool,
}

/// Looks at the machine. Nothing is changed and the Hub is not called.
pub fn doctor(engine: &Engine) -> Doctor {
    // Where the system tells nothing, the numbers are 0 and nothing is said to be short.
    let mut system = System::new().ok();
    if let Some(system) = &mut system {
        system.refresh_memory();
        system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
    }
    let disks = Disks::new_with_refreshed_list().ok();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cache = folder(&engine.cache, disks.as_ref());
    let hub_cache = folder(&engine.hub.cache, disks.as_ref());
    let memory = system.as_ref().map_or(Memory::default(), |system| Memory {
        total_bytes: system.total_memory(),
        available_bytes: system.available_memory(),
    });
    let processor = system.as_ref().and_then(|system| Some(system.cpus().first()?.brand().trim().to_owned()));
    let mut problems = problems(&cache, &hub_cache, memory);
    let device = train::device::open(DeviceChoice::Auto).ok();
    let mut card = device.as_ref().and_then(card);
    match GpuWorker::ask(engine.gpu_worker.as_deref(), gpu_worker::PATIENCE) {
        GpuWorker::Ready(found) => card = Some(found),
        GpuWorker::Unusable(sentence) => problems.push(sentence),
        GpuWorker::Absent => {}
    }
    Doctor {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        device: device.as_ref().map_or("cpu", train::device::name).to_owned(),
        card,
        processor: processor.unwrap_or_default(),
        instructions: instructions(),
        cores,
        threads: rayon::current_num_threads(),
        memory,
        cache,
        hub_cache,
        hub: HubAccess {
            endpoint: engine.hub.endpoint.clone(),
            offline: engine.hub.offline,
            token: engine.hub.tokens.is_at_hand(),
        },
        embedded_model: crate::EMBEDDED_MODEL.to_owned(),
        problems,
    }
}

/// The card of a device. Apple's tell no more than that they are there.
fn card(device: &Device) -> Option<Card> {
    let known = kernels::card(device).map(|card| Card {
        name: card.name,
        memory: Memory { total_bytes: card.total_bytes, available_bytes: card.free_bytes },
        bf16: kernels::has_bf16(device),
    });
    let unknown =
        || Card { name: train::device::name(device).to_owned(), memory: Memory::default(), bf16: false };
    known.or_else(|| device.is_metal().then(unknown))
}

/// A folder with the free space on its disk.
pub(crate) fn folder_of(path: &Path) -> Folder {
    folder(path, Disks::new_with_refreshed_list().ok().as_ref())
}

fn folder(path: &Path, disks: Option<&Disks>) -> Folder {
    let existing = path.ancestors().find(|folder| folder.exists());
    let real = existing.and_then(|folder| folder.canonicalize().ok());
    let disk = disks
        .into_iter()
        .flat_map(|disks| disks.iter())
        .filter(|disk| real.as_deref().is_some_and(|real| real.starts_with(disk.mount_point())))
        .max_by_key(|disk| disk.mount_point().as_os_str().len());
    Folder {
        path: path.to_owned(),
        exists: path.is_dir(),
        free_bytes: disk.map(sysinfo::Disk::available_space),
    }
}

/// Two gigabytes: what training the embedded model and downloading a small base need.
const ENOUGH: u64 = 2_000_000_000;

fn problems(cache: &Folder, hub_cache: &Folder, memory: Memory) -> Vec<String> {
    let mut problems = Vec::new();
    if memory.total_bytes > 0 && memory.available_bytes < ENOUGH {
        problems.push(format!(
            "only {} MB of memory are free: close other programs, or train with a small --batch-size",
            memory.available_bytes / 1_000_000
        ));
    }
    for (what, folder, variable) in [("cache", cache, "EPISOME_CACHE"), ("Hub cache", hub_cache, "HF_HOME")] {
        if let Some(free) = folder.free_bytes.filter(|free| *free < ENOUGH) {
            problems.push(format!(
                "only {} MB are free for the {what} ({}): free some space, or move it with {variable}",
                free / 1_000_000,
                folder.path.display(),
            ));
        }
    }
    problems
}

#[cfg(target_arch = "x86_64")]
fn instructions() -> Vec<String> {
    let found = [
        ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
        ("FMA", std::arch::is_x86_feature_detected!("fma")),
        ("AVX-512", std::arch::is_x86_feature_detected!("avx512f")),
    ];
    found.iter().filter(|(_, there)| *there).map(|(name, _)| (*name).to_owned()).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn instructions() -> Vec<String> {
    if cfg!(target_arch = "aarch64") { vec!["NEON".to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_a_problem_with_a_remedy() {
        let full = Folder { path: PathBuf::from("full"), exists: true, free_bytes: Some(1_000_000) };
        let empty = Folder { free_bytes: Some(1_000_000_000_000), ..full.clone() };
        let memory = Memory { total_bytes: 8_000_000_000, available_bytes: 4_000_000_000 };
        let problems = problems(&empty, &full, memory);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("HF_HOME"), "{problems:?}");
    }
}

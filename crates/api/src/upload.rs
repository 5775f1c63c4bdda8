//! Sending an adapter to the Hub: what would be sent, what stands in the way, and the upload itself.

use std::path::{Path, PathBuf};

use hub::{Hub, Upload};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::private_paths::{find, shorten};
use crate::upload_files::{Content, collect, stage};
use crate::{EMBEDDED_MODEL, Engine, Error, Kind};

/// An adapter that is to be sent to the Hub.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct UploadRequest {
    /// An adapter folder, or a run.
    pub adapter: PathBuf,
    /// The base model's name on the Hub, for an adapter that names a folder of this computer.
    pub base: Option<String>,
    /// Whether other paths of this computer are cut to their last part in what is sent.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub shorten_paths: bool,
}

/// Where an adapter is to be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct UploadTarget {
    /// The repository: `owner/name`.
    pub repository: String,
    /// Whether everybody may see it; else only its owners.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub public: bool,
    /// What the commit says.
    pub message: Option<String>,
}

/// What an upload would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UploadPlan {
    /// The adapter's folder.
    pub folder: PathBuf,
    /// A name for the repository, without its owner.
    pub name: String,
    /// The files.
    pub files: Vec<PlannedFile>,
    /// Bytes of all files.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Files of the folder that stay behind: hidden ones and links.
    pub left_out: Vec<String>,
    /// The base model's name, as it would be sent.
    pub base: String,
    /// Whether that is a folder of this computer, for which a name on the Hub must be given.
    pub base_is_local: bool,
    /// The base model's likely name on the Hub, where its folder tells.
    pub likely_base: Option<String>,
    /// Other paths of this computer, which must be cut or removed.
    pub private_paths: Vec<PrivatePath>,
    /// Something that the user should know.
    pub notes: Vec<String>,
}

/// A file that would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlannedFile {
    /// Its path in the repository.
    pub path: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A path of this computer in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrivatePath {
    /// The file, by its path in the repository.
    pub file: String,
    /// The line, from 1 on.
    pub line: usize,
    /// The path.
    pub path: String,
}

/// What an upload made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "UploadedAdapter")]
pub struct UploadedAdapter {
    /// The repository: `owner/name`.
    pub repository: String,
    /// Its page.
    pub page: String,
    /// The commit.
    pub commit: String,
    /// Whether the repository is new.
    pub created: bool,
    /// Whether only its owners see it.
    pub private: bool,
    /// Files that were new or had changed.
    pub changed: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes of all files.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// The embedded model is on no Hub.
const EMBEDDED_NOTE: &str = "Its base model, episome-mini, is part of Episome and not on the Hub: whoever has Episome can \
                             use the adapter at once; in Python it needs the model’s folder, or a merged model.";

/// What an upload would send, and what stands in its way. The Hub is not asked.
pub fn plan_upload(request: &UploadRequest) -> Result<UploadPlan, Error> {
    Ok(prepare(request)?.0)
}

fn prepare(request: &UploadRequest) -> Result<(UploadPlan, Vec<Content>), Error> {
    let folder = crate::adapter_folder(&request.adapter)?;
    let named = peft::read_base_name(&folder)?;
    let base = match &request.base {
        Some(base) => checked_base(base)?,
        None => named.clone(),
    };
    let (mut contents, mut left_out) = (Vec::new(), Vec::new());
    collect(&folder, Path::new(""), &mut contents, &mut left_out)?;
    contents.sort_by(|a, b| a.path.cmp(&b.path));
    let mut private_paths = Vec::new();
    for content in &mut contents {
        let Some(text) = &mut content.text else { continue };
        if base != named {
            *text = text.replace(&escaped(&named), &base).replace(&named, &base);
            if content.path == "README.md" {
                *text = with_base(text, &base);
            }
        }
        if request.shorten_paths {
            *text = shorten(text);
        }
        let found =
            find(text).into_iter().filter(|found| found.path != named && found.path != escaped(&named));
        private_paths.extend(found.map(|found| PrivatePath {
            file: content.path.clone(),
            line: found.line,
            path: found.path,
        }));
        content.bytes = text.len() as u64;
    }
    // Shortening must not make a base of a folder's last part.
    let base_is_local = is_local(&base);
    let mut notes = Vec::new();
    if base == EMBEDDED_MODEL {
        notes.push(EMBEDDED_NOTE.to_owned());
    }
    let plan = UploadPlan {
        name: repository_name(&folder),
        files: contents.iter().map(|one| PlannedFile { path: one.path.clone(), bytes: one.bytes }).collect(),
        bytes: contents.iter().map(|one| one.bytes).sum(),
        left_out,
        likely_base: if base_is_local { likely_base(&base) } else { None },
        base,
        base_is_local,
        private_paths,
        notes,
        folder,
    };
    Ok((plan, contents))
}

/// Sends an adapter to the Hub as one commit; the repository is made where it is missing.
pub fn upload(
    engine: &Engine,
    request: &UploadRequest,
    target: &UploadTarget,
    progress: &mut dyn FnMut(&hub::UploadProgress),
) -> Result<UploadedAdapter, Error> {
    let (plan, contents) = prepare(request)?;
    refuse_private(&plan)?;
    let message = target.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    let client = Hub::new(engine.hub.clone())?;
    // What was changed for the upload lies aside; the adapter stays as it is.
    let (_changed, files) = stage(contents)?;
    let upload = Upload {
        id: target.repository.trim().to_owned(),
        public: target.public,
        message: message.unwrap_or("Upload the adapter with Episome").to_owned(),
        files,
    };
    let made =
        client.upload(upload, &mut |step| progress(&step), &engine.stop).map_err(|error| match error {
            hub::Error::Cancelled => {
                Error::new(Kind::Interrupted, "the upload was stopped; no commit was made")
                    .remedy("start it again when you like; files that arrived are not sent twice")
            }
            error => error.into(),
        })?;
    Ok(UploadedAdapter {
        repository: made.id,
        page: made.page,
        commit: made.commit,
        created: made.created,
        private: made.private,
        changed: made.changed,
        files: made.files,
        bytes: made.bytes,
    })
}

fn refuse_private(plan: &UploadPlan) -> Result<(), Error> {
    if plan.base_is_local {
        let likely =
            plan.likely_base.as_ref().map_or(String::new(), |base| format!("; it seems to be {base}"));
        let what = format!(
            "the adapter names a folder of this computer as its base model ({}), which nobody else can find{likely}",
            plan.base
        );
        return Err(Error::new(Kind::Adapter, what)
            .at(plan.folder.join("adapter_config.json").display())
            .remedy("name the base model as it is called on the Hub with --base OWNER/NAME; your folder stays as it is"));
    }
    let Some(first) = plan.private_paths.first() else { return Ok(()) };
    let more = plan.private_paths.len() - 1;
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let what = format!("there are paths of this computer in what would be sent: {}{more}", first.path);
    Err(Error::new(Kind::Adapter, what)
        .at(format_args!("{}, line {}", plan.folder.join(&first.file).display(), first.line))
        .remedy("remove them, or cut them to their last part in what is sent with --shorten-paths"))
}

/// Whether a base model's name is a folder of this computer.
fn is_local(base: &str) -> bool {
    base != EMBEDDED_MODEL && !is_id(base)
}

/// Whether a name can be one on the Hub. Folders are named by their whole paths, so the two are not confused.
fn is_id(name: &str) -> bool {
    let fine = |part: &str| {
        let letters = part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        !part.is_empty() && letters && !part.starts_with(['.', '-'])
    };
    name.split('/').count() <= 2 && name.split('/').all(fine)
}

fn checked_base(base: &str) -> Result<String, Error> {
    let base = base.trim();
    if is_id(base) {
        return Ok(base.to_owned());
    }
    Err(Error::new(Kind::Usage, format!("“{base}” is no name of a model on the Hub"))
        .at(base)
        .remedy("give it as OWNER/NAME, such as dnagpt/dna_gpt2_v0"))
}

/// The id to which a folder of the Hub's cache belongs: `…/models--owner--name/snapshots/…`.
fn likely_base(base: &str) -> Option<String> {
    let part = base.split(['/', '\\']).find_map(|part| part.strip_prefix("models--"))?;
    Some(part.replacen("--", "/", 1)).filter(|id| is_id(id))
}

/// As it stands inside a JSON text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
}

/// The card with its base model in the part that the Hub reads.
fn with_base(card: &str, base: &str) -> String {
    match card.strip_prefix("---\n") {
        Some(rest)
            if !rest
                .lines()
                .take_while(|line| *line != "---")
                .any(|line| line.starts_with("base_model:")) =>
        {
            format!("---\nbase_model: {base}\n{rest}")
        }
        _ => card.to_owned(),
    }
}

/// A name for the repository of an adapter: its folder's or its run's, in the letters that the Hub takes.
fn repository_name(folder: &Path) -> String {
    let name =
        |path: Option<&Path>| path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let own = name(Some(folder)).filter(|name| name != "adapter");
    let named = own.or_else(|| name(folder.parent())).unwrap_or_default();
    let mut clean = String::new();
    for c in named.chars() {
        let c = if c.is_ascii_alphanumeric() || "_.".contains(c) { c } else { '-' };
        if !(clean.ends_with(['-', '.']) && "-.".contains(c)) {
            clean.push(c);
        }
    }
    let clean = clean.trim_matches(['-', '.']).chars().take(90).collect::<String>();
    if clean.is_empty() { "adapter".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str =
        "---\nlibrary_name: peft\n---\n\n# Mine\n\nFor `/home/ada/bases/dna`: 12 parameters.\n";

    fn adapter(parent: &Path, base: &str) -> PathBuf {
        let folder = parent.join("yeast promoters/adapter");
        std::fs::create_dir_all(folder.join("tokenizer")).unwrap();
        let config = serde_json::json!({ "peft_type": "LORA", "base_model_name_or_path": base });
        for (name, text) in [
            ("adapter_config.json", config.to_string()),
            ("README.md", CARD.to_owned()),
            ("tokenizer/tokenizer_config.json", "{\"name_or_path\": \"/home/ada/x/tokens\"}".to_owned()),
            (".DS_Store", "x".to_owned()),
            ("adapter_model.safetensors", "weights of /home/ada".to_owned()),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        parent.join("yeast promoters")
    }

    #[test]
    fn what_would_tell_of_this_computer_is_found_before_anything_is_sent() {
        let scratch = tempfile::tempdir().unwrap();
        let run = adapter(scratch.path(), "/home/ada/bases/dna");
        let plan = plan_upload(&UploadRequest { adapter: run.clone(), ..Default::default() }).unwrap();
        assert_eq!(
            (plan.name.as_str(), plan.base_is_local, plan.likely_base.as_ref()),
            ("yeast-promoters", true, None)
        );
        let places: Vec<(&str, usize)> =
            plan.private_paths.iter().map(|found| (found.file.as_str(), found.line)).collect();
        assert_eq!(places, [("tokenizer/tokenizer_config.json", 1)], "the base is told by itself");
        assert_eq!(plan.left_out, [".DS_Store"]);
        let error = refuse_private(&plan).unwrap_err();
        assert!(
            error.remedy.contains("--base") && error.message.contains("/home/ada/bases/dna"),
            "{error:?}"
        );

        let named =
            UploadRequest { adapter: run.clone(), base: Some("lab/dna".to_owned()), shorten_paths: false };
        let error = refuse_private(&plan_upload(&named).unwrap()).unwrap_err();
        assert!(error.place.unwrap().contains("tokenizer_config.json, line 1"));
        let (plan, contents) = prepare(&UploadRequest { shorten_paths: true, ..named }).unwrap();
        refuse_private(&plan).unwrap();
        let (_kept, files) = stage(contents).unwrap();
        let text = |path: &str| {
            let file = files.iter().find(|file| file.path == path).unwrap();
            std::fs::read_to_string(&file.source).unwrap()
        };
        assert!(
            text("README.md").starts_with("---\nbase_model: lab/dna\nlibrary_name: peft\n---"),
            "{}",
            text("README.md")
        );
        assert!(text("README.md").contains("For `lab/dna`: 12"));
        assert!(text("adapter_config.json").contains("\"base_model_name_or_path\":\"lab/dna\""));
        assert_eq!(text("tokenizer/tokenizer_config.json"), "{\"name_or_path\": \"tokens\"}");
        assert_eq!(
            std::fs::read_to_string(run.join("adapter/README.md")).unwrap(),
            CARD,
            "the folder stays as it is"
        );
        assert!(!files.iter().any(|file| file.path == ".DS_Store"));
    }

    #[test]
    fn a_base_of_the_hubs_cache_is_recognised() {
        let base = "/home/ada/.cache/huggingface/hub/models--lab--tiny-dna/snapshots/0123";
        assert_eq!(likely_base(base).as_deref(), Some("lab/tiny-dna"));
        assert!(is_local(base) && !is_local("lab/tiny-dna") && !is_local(EMBEDDED_MODEL));
        assert!(is_local("C:\\Users\\ada\\base"));
        assert!(checked_base("/home/ada").is_err());
    }
}

//! A folder's files sent to a repository as one commit.
//!
//! The way of `huggingface_hub` without Xet (`_commit_api.py`, `lfs.py`): the Hub says which files are large
//! (`preupload`), those go to its storage by Git LFS's batch interface, and one commit names them beside the small ones,
//! which it carries inside. The crate `hf-hub` 1.0 knows Xet alone, and puts large files into the commit where the Hub has
//! none, which is why this is not left to it.

mod commit;
mod large;
mod local;
mod put;
mod send;

use std::{path::PathBuf, sync::mpsc};

use serde::{Deserialize, Serialize};

use crate::{
    Account, Error, RepositoryFile, RepositoryKind, account::Access, client::Client, refusal::About,
    upload::local::Local,
};

/// Files that are to become a commit of a model repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The repository: `owner/name`. It is made where it is missing.
    pub id: String,
    /// Whether everybody may see it; else only its owners.
    pub public: bool,
    /// What the commit says.
    pub message: String,
    /// The files.
    pub files: Vec<UploadFile>,
}

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFile {
    /// Its path in the repository, with `/`.
    pub path: String,
    /// Where it is now.
    pub source: PathBuf,
}

/// What an upload is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Reading the files and looking at the repository.
    Preparing,
    /// Sending.
    Sending,
    /// Everything is there; the Hub makes the commit.
    Committing,
}

/// How far an upload has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadProgress {
    /// What it is at.
    pub phase: Phase,
    /// The file in the works, by its path in the repository; empty between files.
    pub file: String,
    /// Files that are there.
    pub files_done: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes that were sent or are there already.
    pub done: u64,
    /// Bytes of all files.
    pub size: u64,
}

/// What an upload made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The repository's id.
    pub id: String,
    /// Its page, for a person.
    pub page: String,
    /// The commit that holds the files.
    pub commit: String,
    /// Whether the repository is new.
    pub created: bool,
    /// Whether only its owners see it.
    pub private: bool,
    /// Files that the commit changed or added.
    pub changed: usize,
    /// Files in all.
    pub files: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

/// The branch that is written to.
const MAIN: &str = "main";

/// What a repository may hold and still be as good as empty.
const SLIGHT: [&str; 4] = [".gitattributes", ".gitignore", "README.md", "LICENSE"];

/// Tells how an upload gets on.
pub(crate) struct Teller {
    events: mpsc::Sender<UploadProgress>,
    now: UploadProgress,
}

impl Teller {
    fn new(events: mpsc::Sender<UploadProgress>, files: &[UploadFile]) -> Teller {
        let now = UploadProgress {
            phase: Phase::Preparing,
            file: String::new(),
            files_done: 0,
            files: files.len(),
            done: 0,
            size: 0,
        };
        Teller { events, now }
    }

    fn tell(&mut self, change: impl FnOnce(&mut UploadProgress)) {
        change(&mut self.now);
        // The receiver is gone when the caller has stopped; this task ends then, too.
        let _ = self.events.send(self.now.clone());
    }
}

/// A repository as an upload finds it.
struct Place {
    about: About,
    created: bool,
    private: bool,
    /// Its newest commit.
    head: String,
    files: Vec<RepositoryFile>,
}

/// Sends everything and makes the commit.
pub(crate) async fn upload(
    client: Client,
    upload: Upload,
    events: mpsc::Sender<UploadProgress>,
) -> Result<Uploaded, Error> {
    let about = About::new(RepositoryKind::Model, &upload.id, MAIN)?;
    let Some((owner, _)) = upload.id.split_once('/') else {
        return Err(Error::Id {
            id: upload.id,
            reason: "its owner is missing: your name, or an organization's",
        });
    };
    let mut teller = Teller::new(events, &upload.files);
    teller.tell(|_| {});
    let account = client.account("an upload").await?;
    check_rights(&client, &account, owner)?;
    let files = local::read(&upload.files, &mut teller).await?;
    if let Some(card) = files.iter().find(|file| file.path == "README.md") {
        client.check_card(card).await?;
    }
    let place = client.open(&about, upload.public).await?;
    let changed: Vec<&Local> = files.iter().filter(|file| !file.is_in(&place.files)).collect();
    let here = files.len() - changed.len();
    let here_bytes: u64 = files.iter().filter(|file| file.is_in(&place.files)).map(|file| file.size).sum();
    teller.tell(|now| (now.phase, now.files_done, now.done) = (Phase::Sending, here, here_bytes));
    let commit = if changed.is_empty() {
        place.head.clone()
    } else {
        let large = client.choose_large(&place.about, &changed).await?;
        client.send_large(&place.about, &changed, &large, &mut teller).await?;
        teller.tell(|now| (now.phase, now.file) = (Phase::Committing, String::new()));
        client.commit(&place, &upload.message, &changed, &large).await?
    };
    teller.tell(|now| (now.files_done, now.done) = (now.files, now.size));
    Ok(Uploaded {
        page: client.page(RepositoryKind::Model, &place.about.id),
        commit,
        created: place.created,
        private: place.private,
        changed: changed.len(),
        files: files.len(),
        bytes: files.iter().map(|file| file.size).sum(),
        id: place.about.id,
    })
}

/// What the token cannot do is told before anything is sent. About fine-grained tokens the Hub itself decides.
fn check_rights(client: &Client, account: &Account, owner: &str) -> Result<(), Error> {
    let name = account.name.clone();
    if account.access == Access::Read {
        return Err(Error::ReadOnlyToken { name, endpoint: client.settings.endpoint.clone() });
    }
    let mut owners = vec![name.clone()];
    owners.extend(account.organizations.iter().filter(|one| one.writes).map(|one| one.name.clone()));
    if owners.iter().any(|known| known == owner) {
        Ok(())
    } else {
        Err(Error::NotYours { name, owner: owner.to_string(), owners })
    }
}

impl Client {
    /// The repository, made where it is missing.
    async fn open(&self, about: &About, public: bool) -> Result<Place, Error> {
        let (created, (summary, head)) = match self.summary(about).await {
            Ok(found) => (false, found),
            Err(Error::RepositoryNotFound { .. }) => {
                let created = self.create(about, public).await?;
                (created, self.summary(about).await?)
            }
            Err(error) => return Err(error),
        };
        let at_head = about.revision(&head);
        let files = self.tree(&at_head).await?;
        let unfit = |reason: String| Error::RepositoryUnfit { id: about.id.clone(), reason };
        let is = |name: &str| files.iter().any(|file| file.path == name);
        let other = files.iter().find(|file| !SLIGHT.contains(&file.path.as_str()));
        if let Some(other) = other.filter(|_| !is("adapter_config.json")) {
            let reason = format!(
                "the name is taken by something else that is no adapter ({} is in it). Choose another name",
                other.path
            );
            return Err(unfit(reason));
        }
        if !created && !summary.private && !public {
            let reason = "it is public already, and you asked for a private one. Choose another name, or upload as public";
            return Err(unfit(reason.to_string()));
        }
        // Written under the id it has now, where it was renamed.
        let about = About { id: summary.id, ..about.clone() };
        Ok(Place { about, created, private: summary.private, head, files })
    }
}

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{Origin, Session};
use crate::failure::Failure;

const FILE: &str = "sessions.json";
const LARGEST: u64 = 1024 * 1024;

/// The sessions of this person on this machine, in a file that nobody else may read.
pub(crate) struct Store {
    file: PathBuf,
    sessions: BTreeMap<String, Session>,
}

impl Store {
    /// Reads the file: in the folder that KFWASM_CONFIG names, else where the XDG Base Directory Specification says.
    pub(crate) fn open() -> Result<Self, Failure> {
        let file = folder()?.join(FILE);
        let sessions = match read(&file) {
            Ok(bytes) => {
                parsed(&bytes).ok_or_else(|| unusable(&file, "is not what kfwasm wrote"))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(unusable(&file, &format!("cannot be read: {error}"))),
        };
        Ok(Self { file, sessions })
    }

    pub(crate) fn get(&self, origin: &Origin) -> Option<&Session> {
        self.sessions.get(origin.as_str())
    }

    /// Each gateway with its session.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Session)> {
        self.sessions
            .iter()
            .map(|(origin, session)| (origin.as_str(), session))
    }

    pub(crate) fn keep(&mut self, origin: &Origin, session: Session) -> Result<(), Failure> {
        self.sessions.insert(origin.as_str().to_owned(), session);
        self.write()
    }

    /// Forgets a session; whether there was one.
    pub(crate) fn forget(&mut self, origin: &Origin) -> Result<bool, Failure> {
        let was_there = self.sessions.remove(origin.as_str()).is_some();
        if was_there {
            self.write()?;
        }
        Ok(was_there)
    }

    /// The new file takes the place of the old one when it is whole.
    fn write(&self) -> Result<(), Failure> {
        let stored = |(origin, session): (&String, &Session)| (origin.clone(), session.stored());
        let value = Value::Object(self.sessions.iter().map(stored).collect::<Map<_, _>>());
        let temporary = self
            .file
            .with_extension(format!("json.{}", std::process::id()));
        replace(&self.file, &temporary, format!("{value:#}\n").as_bytes()).map_err(|error| {
            let _ = fs::remove_file(&temporary);
            Failure::failed(
                format!("cannot write {}: {error}", self.file.display()),
                "set KFWASM_CONFIG to a folder that you may write to",
            )
        })
    }
}

fn folder() -> Result<PathBuf, Failure> {
    let named = |variable: &str| {
        env::var_os(variable)
            .filter(|it| !it.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = named("KFWASM_CONFIG") {
        return Ok(folder);
    }
    // The specification ignores relative paths.
    let base = named("XDG_CONFIG_HOME").filter(|base| base.is_absolute());
    let base = base.or_else(|| env::home_dir().map(|home| home.join(".config")));
    base.map(|base| base.join("kfwasm")).ok_or_else(|| {
        Failure::failed(
            "there is no home directory to keep a session in",
            "set KFWASM_CONFIG to a folder",
        )
    })
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn parsed(bytes: &[u8]) -> Option<BTreeMap<String, Session>> {
    let value: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    let sessions = value.into_iter();
    sessions
        .map(|(origin, stored)| Some((origin, Session::of_stored(&stored)?)))
        .collect()
}

fn replace(file: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private_folder().create(folder)?;
    }
    let _ = fs::remove_file(temporary);
    let mut made = private_file().open(temporary)?;
    made.write_all(bytes)?;
    made.sync_all()?;
    fs::rename(temporary, file)
}

fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// A new file, so that its owner and mode are ours from the first byte.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn unusable(file: &Path, why: &str) -> Failure {
    Failure::failed(
        format!("{} {why}", file.display()),
        "delete it, and sign in again",
    )
}

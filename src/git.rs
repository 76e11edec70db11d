//! Files of a revision of a git repository. git is started for these alone; nothing is fetched, no hook is run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::limits::read_text;

/// The largest file of source that is read from a revision, in bytes: HCL is not read from a larger one.
pub const MAX_SOURCE: u64 = 16 << 20;

/// The most that git may say else, in bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// What errors are about.
const OPTION: &str = "--waivers-from";

/// Variables by which a caller, such as a hook, points git to another repository.
const POINTERS: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_COMMON_DIR"];

/// A revision, as git names it: a branch, a tag, a commit.
#[derive(Debug, Clone)]
pub struct Revision {
    name: String,
    /// The commits that it names, by the root of the repository: asked for once.
    commits: Arc<Mutex<BTreeMap<PathBuf, String>>>,
}

impl Revision {
    /// The revision of this name.
    pub fn new(name: &str) -> Revision {
        Revision { name: name.to_owned(), commits: Arc::default() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A path as git names a file of the revision: `main:envs/prod/file`.
    pub fn shown(&self, path: &Path) -> String {
        let path = without_dots(path);
        let inner = path.parent().and_then(top_of).and_then(|root| path.strip_prefix(root).ok());
        format!("{}:{}", self.name, inner.unwrap_or(&path).to_string_lossy().replace('\\', "/"))
    }

    /// The commit in the repository that a directory lies in.
    ///
    /// # Errors
    /// No repository, no such revision there, no git.
    pub fn commit(&self, directory: &Path) -> Result<String, Error> {
        let Some(root) = top_of(directory) else {
            return Err(self.error("the directory lies in no git repository".to_owned(), "run it in the clone"));
        };
        self.commit_at(&root)
    }

    fn commit_at(&self, root: &Path) -> Result<String, Error> {
        if self.name.is_empty() || self.name.starts_with('-') {
            return Err(self.error("it is no name of a revision".to_owned(), "name a branch, a tag or a commit"));
        }
        let commits = || self.commits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = commits().get(root) {
            return Ok(known.clone());
        }
        self.check_meant(root)?;
        let wanted = format!("{}^{{commit}}", self.name);
        let answer = git(root, &["rev-parse".into(), "--verify".into(), wanted.into()], MAX_ANSWER);
        match answer.map_err(|why| self.error(why, "install git"))? {
            Ok(bytes) => {
                let commit = String::from_utf8_lossy(&bytes).trim().to_owned();
                commits().insert(root.to_owned(), commit.clone());
                Ok(commit)
            }
            Err(why) => Err(self.error(
                format!("git does not find it: {why}"),
                "fetch it first: git fetch origin BRANCH, or a checkout with the whole history",
            )),
        }
    }

    /// Holds that the name means one thing. git takes a tag or a local branch called `origin/main` before the branch `main` of
    /// `origin`, and a branch before the commit that its name is short for: whoever may push one would choose what counts.
    fn check_meant(&self, root: &Path) -> Result<(), Error> {
        let base = self.name.split(['^', '~', ':']).next().unwrap_or_default();
        let base = base.split("@{").next().unwrap_or_default();
        let whole = base.starts_with("refs/") || (base.len() >= 40 && base.bytes().all(|b| b.is_ascii_hexdigit()));
        if base.is_empty() || whole {
            return Ok(());
        }
        let ask =
            |arguments: &[OsString]| git(root, arguments, MAX_ANSWER).map_err(|why| self.error(why, "install git"));
        let local = ["refs/heads/", "refs/tags/"].map(|kind| format!("{kind}{base}"));
        let mut list: Vec<OsString> = vec!["for-each-ref".into(), "--format=%(refname)".into()];
        list.extend(local.iter().map(OsString::from));
        let there = ask(&list)?.unwrap_or_default();
        let there = String::from_utf8_lossy(&there).into_owned();
        let there: Vec<&str> = there.lines().filter(|line| local.iter().any(|name| name == line)).collect();
        let remotes = ask(&["remote".into()])?.unwrap_or_default();
        let remotes = String::from_utf8_lossy(&remotes).into_owned();
        let is_of_remote =
            remotes.lines().any(|remote| base.strip_prefix(remote).is_some_and(|rest| rest.starts_with('/')));
        let is_short = base.len() >= 4 && base.bytes().all(|b| b.is_ascii_hexdigit());
        match there.as_slice() {
            [one, ..] if is_of_remote || is_short || there.len() > 1 => Err(self.error(
                format!("{one} is called so, too, and git would take that"),
                "give the whole name, such as refs/remotes/origin/main, or the commit",
            )),
            _ => Ok(()),
        }
    }

    /// The bytes, at most `most` of them, that the file at a path has in this revision; `None` where it is not there, or where the
    /// path lies in no repository.
    ///
    /// # Errors
    /// No such revision there, something else than a file at the path, a larger file, no git.
    pub fn file(&self, path: &Path, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = without_dots(path);
        let Some(root) = path.parent().and_then(top_of) else { return Ok(None) };
        let Ok(inner) = path.strip_prefix(&root) else { return Ok(None) };
        let commit = self.commit_at(&root)?;
        let wrong = |why: String| self.error(format!("{}: {why}", path.display()), "give a revision that has it");
        let ask = |arguments: &[OsString], most| git(&root, arguments, most).and_then(|answer| answer).map_err(wrong);
        let list =
            ["ls-tree".into(), "-z".into(), "--full-tree".into(), commit.clone().into(), "--".into(), inner.into()];
        let listed = ask(&list, MAX_ANSWER)?;
        match listed.split(|byte| *byte == b' ').next() {
            Some(b"" | b"040000" | b"160000") | None => Ok(None),
            Some(b"100644" | b"100755") => {
                let mut object = OsString::from(format!("{commit}:"));
                object.push(inner);
                ask(&["cat-file".into(), "blob".into(), object], most).map(Some)
            }
            Some(_) => {
                Err(self.error(format!("{}: no regular file there", path.display()), "write a file, not a link"))
            }
        }
    }

    /// The names of what lies in a directory in this revision; none where it is not there, or lies in no repository.
    ///
    /// # Errors
    /// No such revision there, no git.
    pub fn names(&self, directory: &Path) -> Result<Vec<String>, Error> {
        let directory = without_dots(directory);
        let Some(root) = top_of(&directory) else { return Ok(Vec::new()) };
        let Ok(inner) = directory.strip_prefix(&root) else { return Ok(Vec::new()) };
        let commit = self.commit_at(&root)?;
        let mut list: Vec<OsString> = ["ls-tree", "-z", "--name-only", "--full-tree"].map(OsString::from).into();
        list.push(commit.into());
        if inner != Path::new("") {
            // With a slash behind it, git lists what lies in it.
            list.extend(["--".into(), inner.join("").into_os_string()]);
        }
        let wrong = |why: String| self.error(format!("{}: {why}", directory.display()), "give a revision that has it");
        let listed = git(&root, &list, MAX_ANSWER).and_then(|answer| answer).map_err(wrong)?;
        let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let last = |name: &[u8]| String::from_utf8_lossy(name).rsplit('/').next().map(str::to_owned);
        Ok(names.filter_map(last).collect())
    }

    fn error(&self, why: String, help: &str) -> Error {
        Error::new(OPTION, format!("the revision {:?}: {why}", self.name)).help(help)
    }
}

/// Whether a link below the root of its repository leads to a path.
pub fn is_behind_link(path: &Path) -> bool {
    let plain = without_dots(path);
    let Some(root) = top_of(&plain) else { return false };
    let (Ok(real_root), Ok(inner)) = (std::fs::canonicalize(&root), plain.strip_prefix(&root)) else {
        return false;
    };
    std::fs::canonicalize(&plain).is_ok_and(|real| real != real_root.join(inner))
}

/// The root of the repository that a file lies in, by its path without dots.
pub fn root_of_file(path: &Path) -> Option<PathBuf> {
    without_dots(path).parent().and_then(root_of)
}

/// The root of the repository that a directory lies in.
pub fn root_of(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_owned)
}

/// The root of the repository that a revision is of: of a submodule, which a change may put in the place of a directory, that of the
/// repository around it.
pub fn top_of(directory: &Path) -> Option<PathBuf> {
    let roots: Vec<&Path> = directory.ancestors().filter(|ancestor| ancestor.join(".git").exists()).collect();
    let whole = roots.iter().enumerate().find(|(number, root)| !is_submodule(root, &roots[number + 1..]));
    whole.map(|(_, root)| (*root).to_owned())
}

/// Where git keeps what belongs to a work tree: `.git`, or what a file of that name leads to.
fn git_directory(root: &Path) -> Option<PathBuf> {
    let own = root.join(".git");
    if own.is_dir() {
        return std::fs::canonicalize(own).ok();
    }
    let text = read_text(&own, 4096).ok()?;
    std::fs::canonicalize(root.join(text.trim().strip_prefix("gitdir:")?.trim())).ok()
}

/// Whether a work tree is a submodule of one of those around it: what git keeps of it lies among the `modules` of the other, or of
/// the repository that the other is a work tree of.
fn is_submodule(root: &Path, around: &[&Path]) -> bool {
    let Some(own) = git_directory(root) else { return false };
    around.iter().filter_map(|outer| git_directory(outer)).any(|outer| {
        let common = read_text(&outer.join("commondir"), 4096).ok();
        let common = common.and_then(|common| std::fs::canonicalize(outer.join(common.trim())).ok());
        [Some(outer), common].into_iter().flatten().any(|kept| own.starts_with(kept.join("modules")))
    })
}

/// A path without `.` and `..`, which git does not know.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => plain.push(part),
        }
    }
    plain
}

/// What git writes, at most `most` bytes, or what it says is wrong; the outer error: there is no git.
fn git(root: &Path, arguments: &[OsString], most: u64) -> Result<Result<Vec<u8>, String>, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false"]).args(arguments);
    POINTERS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.envs([
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
    ]);
    command.envs([("GIT_LITERAL_PATHSPECS", "1"), ("LC_ALL", "C")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |e: std::io::Error| format!("git can't be run: {e}");
    let mut child = command.spawn().map_err(failed)?;
    let mut bytes = Vec::new();
    if let Some(out) = child.stdout.take() {
        out.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if bytes.len() as u64 > most {
        return Ok(Err(format!("larger than {} MiB, the most that is read", most >> 20)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed").to_owned();
    Ok(if output.status.success() { Ok(bytes) } else { Err(said) })
}

//! Threads with large stacks for the engine, which recurses, and an end to waiting for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::limits::bytes;

/// A chain of rules or functions needs stack.
const STACK_BYTES: usize = 256 << 20;

/// Runs each piece of work on a thread of its own with a large stack.
///
/// # Errors
/// A thread that can't be started.
pub(super) fn on_large_stacks<T: Send, W: FnOnce() -> T + Send>(
    works: impl Iterator<Item = W>,
) -> Result<Vec<T>, Error> {
    std::thread::scope(|scope| {
        let builder = || Builder::new().stack_size(STACK_BYTES);
        let workers: Vec<_> = works.map(|work| builder().spawn_scoped(scope, work)).collect();
        let join = |worker: std::io::Result<ScopedJoinHandle<'_, T>>| match worker {
            Ok(worker) => Ok(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
            Err(e) => Err(unstarted("policy", &e)),
        };
        workers.into_iter().map(join).collect()
    })
}

/// Runs one piece of work on a thread with a large stack.
///
/// # Errors
/// What the work ends in, and a thread that can't be started.
pub(super) fn on_large_stack<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    let mut results = on_large_stacks(std::iter::once(work))?;
    results.pop().unwrap_or_else(|| Err(Error::new("policy", "no answer")))
}

/// The system gives no thread to `what`.
pub(super) fn unstarted(what: &str, why: &std::io::Error) -> Error {
    let size = bytes(STACK_BYTES as u64);
    Error::new(what, format!("no thread with a stack of {size} could be started to run rules: {why}"))
        .help("let the process have more address space (ulimit -v) and threads (ulimit -u, the container's pids limit)")
}

/// How work ended.
#[derive(Debug)]
pub(super) enum Ended<T> {
    /// With an answer.
    Answer(T),
    /// It did not; it was left behind, and ends with the process.
    Late,
    /// In a panic.
    Broken,
    /// It did not begin: there was no thread for it.
    Unstarted(std::io::Error),
}

/// Lets go of something large beside what follows, so that nobody waits until its memory is given back.
pub fn let_go<T: Send + 'static>(thing: T) {
    // Where no thread can be started, it ends here with the closure.
    let _ = Builder::new().stack_size(STACK_BYTES).spawn(move || drop(thing));
}

/// Work that was begun.
pub(super) struct Begun<T> {
    answered: std::io::Result<Receiver<T>>,
    /// When it is waited for no longer; `None`: never.
    late: Option<Instant>,
}

impl<T> Begun<T> {
    /// Waits for the end.
    pub(super) fn end(self) -> Ended<T> {
        let answered = match self.answered {
            Ok(answered) => answered,
            Err(why) => return Ended::Unstarted(why),
        };
        let wait = self.late.map_or(Duration::MAX, |late| late.saturating_duration_since(Instant::now()));
        match answered.recv_timeout(wait) {
            Ok(answer) => Ended::Answer(answer),
            Err(RecvTimeoutError::Timeout) => Ended::Late,
            Err(RecvTimeoutError::Disconnected) => Ended::Broken,
        }
    }
}

/// Begins work on a thread with a large stack, which is waited for no longer than `patience`: the engine looks at its clock
/// between steps only, and one step, such as comparing two values, may never end. What the work is done with ends after the
/// answer is given.
pub(super) fn begin_guarded<S: Send + 'static, T: Send + 'static>(
    patience: Duration,
    mut with: S,
    work: impl FnOnce(&mut S) -> T + Send + 'static,
) -> Begun<T> {
    let (answer, answered) = sync_channel(1);
    let started = Builder::new().stack_size(STACK_BYTES).spawn(move || {
        // Nobody may wait for it any more.
        let _ = answer.send(work(&mut with));
    });
    Begun { answered: started.map(|_| answered), late: Instant::now().checked_add(patience) }
}

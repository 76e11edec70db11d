//! Threads with large stacks for the engine, which recurses, and an end to waiting for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// A chain of rules or functions needs stack.
const STACK_BYTES: usize = 256 << 20;

/// Runs each piece of work on a thread of its own with a large stack.
pub(super) fn on_large_stacks<T: Send, W: FnOnce() -> T + Send>(works: impl Iterator<Item = W>) -> Vec<T> {
    std::thread::scope(|scope| {
        let builder = || Builder::new().stack_size(STACK_BYTES);
        let workers: Vec<_> = works.map(|work| builder().spawn_scoped(scope, work)).collect();
        let join = |worker: std::io::Result<ScopedJoinHandle<'_, T>>| match worker {
            Ok(worker) => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(e) => std::panic::resume_unwind(Box::new(format!("no thread could be started: {e}"))),
        };
        workers.into_iter().map(join).collect()
    })
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
}

/// Lets go of something large beside what follows, so that nobody waits until its memory is given back.
pub fn let_go<T: Send + 'static>(thing: T) {
    // Where no thread can be started, it ends here with the closure.
    let _ = Builder::new().stack_size(STACK_BYTES).spawn(move || drop(thing));
}

/// Work that was begun.
pub(super) struct Begun<T> {
    answered: Option<Receiver<T>>,
    /// When it is waited for no longer; `None`: never.
    late: Option<Instant>,
}

impl<T> Begun<T> {
    /// Waits for the end.
    pub(super) fn end(self) -> Ended<T> {
        let Some(answered) = self.answered else { return Ended::Broken };
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
    Begun { answered: started.ok().map(|_| answered), late: Instant::now().checked_add(patience) }
}

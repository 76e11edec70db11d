//! The progress bar on a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use openai_data_controls::input::Progress;

/// Runs that are shorter show nothing.
const DELAY: Duration = Duration::from_millis(500);

/// A bar on standard error, where that is a terminal.
#[derive(Debug)]
pub(crate) struct Bar {
    started: Instant,
    bar: ProgressBar,
}

impl Bar {
    pub(crate) fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        Bar { started: Instant::now(), bar }
    }

    fn is_shown(&self) -> bool {
        self.started.elapsed() >= DELAY && !self.bar.is_hidden()
    }
}

impl Progress for Bar {
    fn looked_into(&self, directories: usize) {
        if self.is_shown() {
            self.bar.set_style(style("{spinner} {msg}"));
            self.bar.set_message(format!("{directories} directories looked into"));
            self.bar.tick();
        }
    }

    fn reads(&self, number: usize, of: usize, path: &str) {
        if self.is_shown() {
            self.bar.set_style(style("[{bar:30}] {pos}/{len} {wide_msg}"));
            self.bar.set_length(of as u64);
            self.bar.set_position(number as u64);
            self.bar.set_message(crate::printable(path));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

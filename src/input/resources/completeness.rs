//! Whether a plan shows all that its configuration declares.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::{Instance, Reader};
use crate::document::SyntaxError;
use crate::hcl::without_keys;
use crate::input::mapping;
use crate::input::scan::{Configuration, Scan};
use crate::location::SourceMap;

impl Reader<'_> {
    /// A resource that the configuration declares once must be among the instances, or the plan shows only a part; so
    /// must an instance of a repeated one, unless the plan says that it is complete or that there is none.
    pub(in crate::input) fn check_complete(
        &mut self,
        instances: &[Instance<'_>],
        configuration: &Configuration<'_>,
        scan: &Scan<'_>,
        map: &SourceMap,
    ) {
        let stands = |i: &&Instance<'_>| i.mode == "managed" && !i.deposed;
        let there: BTreeSet<&str> = instances.iter().filter(stands).map(|i| i.address.as_ref()).collect();
        // What goes does not stand for what is declared.
        let kept = OnceCell::new();
        let stay = || instances.iter().filter(stands).filter(|i| i.exists_after());
        let kept = || kept.get_or_init(|| stay().map(|i| without_keys(&i.address)).collect::<BTreeSet<String>>());
        for address in configuration.single_instances(mapping::concerns) {
            // What has `for_each = toset(["a"])`, a call of constants, looks like what has none.
            if there.contains(address.as_str()) || kept().contains(&address) {
                continue;
            }
            let message = format!("the configuration declares {address}, but the plan does not show it");
            self.missing(&address, message, "plan again without -target", true, map);
        }
        // Where the plan says that it is complete, what is repeated and not shown has no instance.
        if scan.has("complete") {
            return;
        }
        for address in configuration.counted(mapping::concerns) {
            if kept().contains(address.split('[').next().unwrap_or_default()) && !there.contains(address.as_str()) {
                let message = format!("the configuration declares {address}, but the plan does not show it");
                self.missing(&address, message, "plan again without -target", true, map);
            }
        }
        let there: BTreeSet<String> = there.into_iter().map(without_keys).collect();
        for address in configuration.repeated(mapping::may_set, scan.value("variables")) {
            if there.contains(&address) {
                continue;
            }
            let message = format!(
                "the configuration declares {address} with count or for_each, and the plan shows no instance of it and does \
                 not say that it is complete"
            );
            let help = "plan without -target, with Terraform 1.8 or newer; or give count or for_each as a variable of the \
                        root module, or as a constant, so that the plan shows that it is empty";
            self.missing(&address, message, help, false, map);
        }
    }

    /// What the state before holds is among the changes of a plan, whatever becomes of it, unless the plan shows only a part. Where
    /// the plan says itself whether it is complete, that is told.
    pub(in crate::input) fn check_kept(
        &mut self,
        before: &[Instance<'_>],
        there: &BTreeSet<String>,
        scan: &Scan<'_>,
        map: &SourceMap,
    ) {
        let is_kept = |i: &&Instance<'_>| i.mode == "managed" && !i.deposed && mapping::concerns(&i.kind);
        for instance in before.iter().filter(is_kept).filter(|_| !scan.has("complete")) {
            if !there.contains(instance.address.as_ref()) {
                let address = &instance.address;
                let message = format!("the state before holds {address}, but the plan does not show it");
                self.missing(address, message, "plan again without -target", true, map);
            }
        }
    }

    /// Tells what the plan lacks. What it surely lacks can't be acknowledged; that there is no instance can.
    fn missing(&mut self, address: &str, message: String, help: &str, firm: bool, map: &SourceMap) {
        let span = 0..1.min(self.text.len());
        self.reading.incomplete = true;
        self.problem(address, SyntaxError { span, message, help: Some(help.to_owned()) }, map);
        if let Some(told) = self.reading.problems.last_mut() {
            told.firm |= firm;
        }
    }
}

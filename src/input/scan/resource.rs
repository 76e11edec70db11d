//! Resources of a plan or state, as raw text. Those that do not concern OpenAI are counted and dropped.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lenient::{Each, Key, Object, Take, drain_object, passes_over_scalars};
use crate::input::clients;

/// A resource, as raw text.
#[derive(Debug, Clone, Default)]
pub(in crate::input) struct RawResource<'a> {
    pub(in crate::input) address: Option<&'a RawValue>,
    pub(in crate::input) mode: Option<&'a RawValue>,
    pub(in crate::input) kind: Option<&'a RawValue>,
    pub(in crate::input) name: Option<&'a RawValue>,
    pub(in crate::input) index: Option<&'a RawValue>,
    pub(in crate::input) provider_name: Option<&'a RawValue>,
    pub(in crate::input) deposed: Option<&'a RawValue>,
    /// In a list of changes.
    pub(in crate::input) change: Option<&'a RawValue>,
    /// In a tree of values.
    pub(in crate::input) values: Option<&'a RawValue>,
    pub(in crate::input) sensitive_values: Option<&'a RawValue>,
    /// A key that stands twice in it.
    pub(in crate::input) twice: Option<&'static str>,
}

/// The resources of a list or a tree.
#[derive(Debug, Default)]
pub(in crate::input) struct Listed<'a> {
    /// Those that may concern OpenAI.
    pub(in crate::input) kept: Vec<RawResource<'a>>,
    /// How many resources there are in all.
    pub(in crate::input) count: usize,
    /// Items that are no objects.
    pub(in crate::input) strange: Vec<&'a RawValue>,
    /// What is there in place of a list or an object.
    pub(in crate::input) wrong: Option<&'static str>,
}

impl<'a> Take<'a> for RawResource<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        let (name, slot) = match key.as_ref() {
            "address" => ("address", &mut self.address),
            "mode" => ("mode", &mut self.mode),
            "type" => ("type", &mut self.kind),
            "name" => ("name", &mut self.name),
            "index" => ("index", &mut self.index),
            "provider_name" => ("provider_name", &mut self.provider_name),
            "deposed" => ("deposed", &mut self.deposed),
            "deposed_key" => ("deposed_key", &mut self.deposed),
            "change" => ("change", &mut self.change),
            "values" => ("values", &mut self.values),
            "sensitive_values" => ("sensitive_values", &mut self.sensitive_values),
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        };
        if slot.replace(map.next_value()?).is_some() {
            self.twice = Some(name);
        }
        Ok(())
    }
}

impl<'a> Listed<'a> {
    fn push(&mut self, raw: &'a RawValue) {
        self.count += 1;
        if raw.get().starts_with('{') && !may_concern(raw.get()) {
            return;
        }
        match serde_json::from_str::<Object<RawResource<'a>>>(raw.get()) {
            Ok(Object(Some(resource))) => self.kept.push(resource),
            Ok(Object(None)) | Err(_) => self.strange.push(raw),
        }
    }

    fn extend(&mut self, other: Listed<'a>) {
        self.count += other.count;
        self.wrong = self.wrong.or(other.wrong);
        self.kept.extend(other.kept);
        self.strange.extend(other.strange);
    }
}

/// Whether the raw text of a resource may be one of OpenAI's, or set a variable of OpenAI's SDKs. A text with escapes in
/// it may hide either.
pub(in crate::input) fn may_concern(raw: &str) -> bool {
    fn marks() -> impl Iterator<Item = &'static str> {
        ["openai", "\\u00"].into_iter().chain(clients::MARKS)
    }
    // All in one pass, since most of a plan goes through here; not every processor has what that takes.
    static TOGETHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(marks()));
    match &*TOGETHER {
        Some(searcher) => searcher.find(raw).is_some(),
        None => marks().any(|mark| raw.contains(mark)),
    }
}

/// A list of resources.
pub(super) struct Changes<'a>(pub(super) Listed<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Changes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        const NO_LIST: &str = "a list of resources was expected";
        fn none<'a>() -> Changes<'a> {
            Changes(Listed { wrong: Some(NO_LIST), ..Listed::default() })
        }
        impl<'de> Visitor<'de> for Items {
            type Value = Changes<'de>;
            passes_over_scalars!(none());
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                drain_object(map)?;
                Ok(none())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut listed = Listed::default();
                while let Some(item) = list.next_element::<&'de RawValue>()? {
                    listed.push(item);
                }
                Ok(Changes(listed))
            }
        }
        deserializer.deserialize_any(Items)
    }
}

/// A tree of values: `{root_module: {resources, child_modules}}`.
pub(super) struct Tree<'a>(pub(super) Listed<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Object(values) = Object::<Values<'de>>::deserialize(deserializer)?;
        let nothing = || Listed { wrong: Some("an object with a root_module was expected"), ..Listed::default() };
        Ok(Tree(values.and_then(|v| v.root).unwrap_or_else(nothing)))
    }
}

#[derive(Default)]
struct Values<'a> {
    root: Option<Listed<'a>>,
}

impl<'a> Take<'a> for Values<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        if key != "root_module" {
            return map.next_value::<IgnoredAny>().map(|_| ());
        }
        let root = self.root.get_or_insert_default();
        match map.next_value::<Object<Module<'a>>>()?.0 {
            Some(module) => root.extend(module.0),
            None => root.wrong = Some("root_module must be an object"),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Module<'a>(Listed<'a>);

impl<'a> Take<'a> for Module<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        match key.as_ref() {
            "resources" => self.0.extend(map.next_value::<Changes<'a>>()?.0),
            "child_modules" => {
                let modules: Each<Module<'a>> = map.next_value()?;
                if !modules.is_list || modules.items.iter().any(Option::is_none) {
                    self.0.wrong = Some("child_modules must be a list of objects");
                }
                modules.items.into_iter().flatten().for_each(|module| self.0.extend(module.0));
            }
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        }
        Ok(())
    }
}

/// `prior_state`: the resources of its values; none where nothing but versions stands there.
pub(super) struct Prior<'a>(pub(super) Option<Listed<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Prior<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = |wrong| Prior(Some(Listed { wrong: Some(wrong), ..Listed::default() }));
        Ok(match Option::<Object<PriorState<'de>>>::deserialize(deserializer)? {
            None => Prior(None),
            Some(Object(None)) => wrong("an object with values was expected"),
            Some(Object(Some(state))) if state.is_repeated => wrong("values stands twice in it"),
            Some(Object(Some(PriorState { values: Some(values), .. }))) => Prior(Some(values)),
            Some(Object(Some(state))) if state.has_version && !state.has_more => Prior(None),
            Some(Object(Some(_))) => wrong("it has no values"),
        })
    }
}

#[derive(Default)]
struct PriorState<'a> {
    values: Option<Listed<'a>>,
    is_repeated: bool,
    has_version: bool,
    has_more: bool,
}

impl<'a> Take<'a> for PriorState<'a> {
    type Key = Key<'a>;

    fn take<A: MapAccess<'a>>(&mut self, Key(key): Key<'a>, map: &mut A) -> Result<(), A::Error> {
        match key.as_ref() {
            "values" => {
                let values = map.next_value::<Tree<'a>>()?.0;
                self.is_repeated |= self.values.replace(values).is_some();
                return Ok(());
            }
            "format_version" => self.has_version = true,
            "terraform_version" | "checks" => {}
            _ => self.has_more = true,
        }
        map.next_value::<IgnoredAny>().map(|_| ())
    }
}

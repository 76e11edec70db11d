//! Reading JSON in one pass without failing for values of the wrong type.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A type that takes from an object what it knows.
pub(super) trait Take<'de>: Default {
    /// How keys are given: decoded, or as raw text.
    type Key: Deserialize<'de>;

    /// Takes the value of `key` from `map`, or passes over it.
    fn take<A: MapAccess<'de>>(&mut self, key: Self::Key, map: &mut A) -> Result<(), A::Error>;
}

/// A key, borrowed from the text where it holds no escapes.
#[derive(serde::Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// An object; `None` where something else stands.
pub(super) struct Object<T>(pub(super) Option<T>);

/// The objects of a list; `None` in place of what is none. `is_list` is false where no list stands.
pub(super) struct Each<T> {
    pub(super) items: Vec<Option<T>>,
    pub(super) is_list: bool,
}

/// Passes over everything but what the macro's user takes.
macro_rules! passes_over_scalars {
    ($otherwise:expr) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a JSON value")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
    };
}
pub(super) use passes_over_scalars;

/// Passes over the rest of a list.
pub(super) fn drain_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Passes over the rest of an object.
pub(super) fn drain_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de, T: Take<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Take<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;
            passes_over_scalars!(Object(None));
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                drain_list(list)?;
                Ok(Object(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut taken = T::default();
                while let Some(key) = map.next_key()? {
                    taken.take(key, &mut map)?;
                }
                Ok(Object(Some(taken)))
            }
        }
        deserializer.deserialize_any(Fields(PhantomData))
    }
}

impl<'de, T: Take<'de>> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Take<'de>> Visitor<'de> for Items<T> {
            type Value = Each<T>;
            passes_over_scalars!(Each { items: Vec::new(), is_list: false });
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                drain_object(map)?;
                Ok(Each { items: Vec::new(), is_list: false })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(Object(item)) = list.next_element()? {
                    items.push(item);
                }
                Ok(Each { items, is_list: true })
            }
        }
        deserializer.deserialize_any(Items(PhantomData))
    }
}

/// The items of a list as raw text; `None` where something else stands.
pub(super) struct RawList<'a>(pub(super) Option<Vec<&'a RawValue>>);

impl<'de: 'a, 'a> Deserialize<'de> for RawList<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = RawList<'de>;
            passes_over_scalars!(RawList(None));
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                drain_object(map)?;
                Ok(RawList(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(RawList(Some(items)))
            }
        }
        deserializer.deserialize_any(Items)
    }
}

/// A string kept as raw text, decoded; `None` for anything else and for what can't be decoded.
pub(in crate::input) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    match serde_json::from_str::<&str>(raw.get()) {
        Ok(plain) => Some(Cow::Borrowed(plain)),
        Err(_) => serde_json::from_str(raw.get()).ok().map(Cow::Owned),
    }
}

/// A list of strings kept as raw text; `None` for anything else.
pub(in crate::input) fn texts(raw: &RawValue) -> Option<Vec<String>> {
    serde_json::from_str(raw.get()).ok()
}

//! Records in the order of their creation, found by their id or by an index in constant time.
//!
//! Knows nothing about the records except their keys. A record is never changed in place: an operation changes a copy
//! and stores it with [`Store::put`], so the indexes are always right, and a refused call leaves the store unchanged.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

/// An object with an id that a [`Store`] can keep.
pub(crate) trait Record: Clone + PartialEq + Serialize {
    /// The names of the indexes.
    type Index: Copy + Eq + Hash + 'static;
    /// The JSON form in a snapshot.
    type Stored: From<Self> + Into<Self> + Serialize + DeserializeOwned;
    /// The indexes in which each key belongs to one record at most.
    const UNIQUE: &'static [Self::Index];
    /// The `object_type` of the webhooks that report changes of this record. `None`: changes are not reported.
    const OBJECT_TYPE: Option<&'static str> = None;

    fn id(&self) -> &str;

    /// Returns the keys of this record, in addition to its id.
    fn keys(&self) -> Vec<(Self::Index, String)>;

    /// Whether the record counts as deleted, although the store keeps it.
    fn is_deleted(&self) -> bool {
        false
    }

    /// Whether the records differ in more than the time of the last update.
    fn differs(&self, other: &Self) -> bool {
        self != other
    }
}

#[derive(Clone)]
pub(crate) struct Store<T: Record> {
    /// The records by their numbers, which ascend in the order of creation.
    records: BTreeMap<u64, T>,
    next_number: u64,
    ids: HashMap<String, u64>,
    /// The ascending numbers of the records that have a key.
    index: HashMap<(T::Index, String), Vec<u64>>,
    changes: Vec<Change>,
}

/// A change of a record since the last [`Store::take_changes`].
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) action: Action,
    pub(crate) object_type: &'static str,
    pub(crate) id: String,
    /// The object after the change, in the API's form. `null` if it was deleted.
    pub(crate) object: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Delete,
}

/// The index of records that are found only by id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NoIndex {}

impl<T: Record> Store<T> {
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.records.get(self.ids.get(id)?)
    }

    /// Returns the oldest record with this key.
    pub(crate) fn first(&self, index: T::Index, key: impl Into<String>) -> Option<&T> {
        self.all(index, key).next()
    }

    /// Returns the records with this key, oldest first.
    pub(crate) fn all(&self, index: T::Index, key: impl Into<String>) -> impl Iterator<Item = &T> {
        let numbers = self.index.get(&(index, key.into()));
        let numbers = numbers.into_iter().flatten();
        numbers.filter_map(|number| self.records.get(number))
    }

    /// Returns all records, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.values()
    }

    /// Returns the first index of [`Record::UNIQUE`] in which another record has a key of this record.
    pub(crate) fn collision(&self, record: &T) -> Option<T::Index> {
        let is_taken = |(index, key): &(T::Index, String)| {
            T::UNIQUE.contains(index)
                && self
                    .all(*index, key.as_str())
                    .any(|other| other.id() != record.id())
        };
        let taken = record.keys().into_iter().find(is_taken);
        taken.map(|(index, _)| index)
    }

    /// Stores a new record, or replaces the record with the same id.
    pub(crate) fn put(&mut self, record: T) {
        let new_keys = record.keys();
        let known = self.ids.get(record.id()).copied();
        let number = known.unwrap_or(self.next_number);
        let old = known.and_then(|number| self.records.get(&number));
        let (action, old_keys) = match old {
            None => (Some(Action::Create), Vec::new()),
            Some(old) => {
                let action = match (old.is_deleted(), record.is_deleted()) {
                    (false, true) => Some(Action::Delete),
                    (true, true) => None,
                    _ => old.differs(&record).then_some(Action::Update),
                };
                (action, old.keys())
            }
        };
        self.unlist(
            number,
            old_keys.iter().filter(|key| !new_keys.contains(key)),
        );
        for key in new_keys {
            let numbers = self.index.entry(key).or_default();
            if let Err(position) = numbers.binary_search(&number) {
                numbers.insert(position, number);
            }
        }
        if let Some(action) = action {
            self.note(action, &record);
        }
        if known.is_none() {
            self.next_number = self.next_number.saturating_add(1);
            self.ids.insert(record.id().to_owned(), number);
        }
        self.records.insert(number, record);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        let Some(number) = self.ids.remove(id) else {
            return;
        };
        let Some(record) = self.records.remove(&number) else {
            return;
        };
        self.unlist(number, record.keys().iter());
        self.note(Action::Delete, &record);
    }

    /// Removes the records with this key that are meant.
    pub(crate) fn remove_all(&mut self, index: T::Index, key: &str, is_meant: impl Fn(&T) -> bool) {
        let meant = self.all(index, key).filter(|record| is_meant(record));
        let ids: Vec<String> = meant.map(|record| record.id().to_owned()).collect();
        for id in ids {
            self.remove(&id);
        }
    }

    /// Removes and returns the changes, oldest first.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    fn note(&mut self, action: Action, record: &T) {
        let Some(object_type) = T::OBJECT_TYPE else {
            return;
        };
        self.changes.push(Change {
            action,
            object_type,
            id: record.id().to_owned(),
            object: match action {
                Action::Delete => Value::Null,
                Action::Create | Action::Update => json!(record),
            },
        });
    }

    fn unlist<'a>(&mut self, number: u64, keys: impl Iterator<Item = &'a (T::Index, String)>) {
        for key in keys {
            let Some(numbers) = self.index.get_mut(key) else {
                continue;
            };
            if let Ok(position) = numbers.binary_search(&number) {
                numbers.remove(position);
            }
            if numbers.is_empty() {
                self.index.remove(key);
            }
        }
    }
}

impl<T: Record> Default for Store<T> {
    fn default() -> Self {
        Self {
            records: BTreeMap::new(),
            next_number: 0,
            ids: HashMap::new(),
            index: HashMap::new(),
            changes: Vec::new(),
        }
    }
}

/// The list of the records, oldest first.
impl<T: Record> Serialize for Store<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().cloned().map(T::Stored::from))
    }
}

/// Refuses records that have the same id, or the same key in an index of [`Record::UNIQUE`].
impl<'de, T: Record> Deserialize<'de> for Store<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut store = Self::default();
        for (position, stored) in Vec::<T::Stored>::deserialize(deserializer)?
            .into_iter()
            .enumerate()
        {
            let record: T = stored.into();
            if store.get(record.id()).is_some() || store.collision(&record).is_some() {
                return Err(D::Error::custom(format_args!(
                    "item {position} has an id or another unique value of an earlier item"
                )));
            }
            store.put(record);
        }
        store.changes.clear();
        Ok(store)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Book {
        id: String,
        title: String,
        author: String,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    enum By {
        Title,
        Author,
    }

    impl Record for Book {
        type Index = By;
        type Stored = Self;
        const UNIQUE: &'static [By] = &[By::Title];
        const OBJECT_TYPE: Option<&'static str> = Some("book");

        fn id(&self) -> &str {
            &self.id
        }

        fn keys(&self) -> Vec<(By, String)> {
            vec![
                (By::Title, self.title.clone()),
                (By::Author, self.author.clone()),
            ]
        }
    }

    fn book(id: &str, title: &str, author: &str) -> Book {
        let [id, title, author] = [id, title, author].map(str::to_owned);
        Book { id, title, author }
    }

    fn by_author(store: &Store<Book>, author: &str) -> Vec<String> {
        store
            .all(By::Author, author)
            .map(|book| book.id.clone())
            .collect()
    }

    fn three() -> Store<Book> {
        let mut store = Store::default();
        store.put(book("1", "one", "top"));
        store.put(book("2", "two", "low"));
        store.put(book("3", "three", "top"));
        store
    }

    #[test]
    fn finds_records_in_the_order_of_creation_after_each_change() {
        let mut store = three();
        assert_eq!(by_author(&store, "top"), ["1", "3"]);
        store.put(book("2", "two", "top"));
        assert_eq!(by_author(&store, "top"), ["1", "2", "3"]);
        assert!(by_author(&store, "low").is_empty());
        store.put(book("1", "uno", "low"));
        assert!(store.first(By::Title, "one").is_none());
        assert_eq!(store.first(By::Title, "uno").unwrap().id, "1");
        store.remove("2");
        store.remove("2");
        assert_eq!(by_author(&store, "top"), ["3"]);
        assert!(store.get("2").is_none() && store.get("3").is_some());
        let left: Vec<&str> = store.iter().map(|book| book.id.as_str()).collect();
        assert_eq!(left, ["1", "3"]);
    }

    #[test]
    fn empty_keys_do_not_stay_in_the_index() {
        let mut store = three();
        for id in ["1", "2", "3"] {
            store.remove(id);
        }
        assert!(store.index.is_empty() && store.ids.is_empty() && store.records.is_empty());
    }

    #[test]
    fn a_collision_is_a_unique_key_of_another_record() {
        let store = three();
        assert!(store.collision(&book("4", "one", "new")).is_some());
        assert!(store.collision(&book("1", "one", "low")).is_none());
        assert!(store.collision(&book("4", "four", "top")).is_none());
    }

    #[test]
    fn notes_only_real_changes() {
        let mut store = three();
        let created = store.take_changes();
        assert!(created.len() == 3 && created.iter().all(|change| change.action == Action::Create));
        store.put(book("1", "one", "top"));
        store.remove("9");
        assert!(store.take_changes().is_empty());
        store.put(book("1", "uno", "top"));
        store.remove("3");
        let changes = store.take_changes();
        let noted: Vec<_> = changes
            .iter()
            .map(|change| (change.action, change.id.as_str()))
            .collect();
        assert_eq!(noted, [(Action::Update, "1"), (Action::Delete, "3")]);
        assert_eq!(
            (&changes[0].object["title"], &changes[1].object),
            (&json!("uno"), &Value::Null)
        );
    }

    #[test]
    fn reads_what_it_writes_and_refuses_duplicates() {
        let written = serde_json::to_string(&three()).unwrap();
        let mut read: Store<Book> = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        assert!(read.take_changes().is_empty());
        for twice in [book("1", "four", "top"), book("4", "one", "top")] {
            let list = json!([book("1", "one", "top"), twice]).to_string();
            assert!(serde_json::from_str::<Store<Book>>(&list).is_err());
        }
    }
}

//! A bounded cache: if there are too many entries, the least recently used one is dropped.
//!
//! It is a list, not a map: an entry in use is near the end of the list, and a map would require hashing or an order of
//! keys.

/// A bounded cache of values by key.
#[derive(Debug)]
pub(crate) struct Recent<Key, Value> {
    /// The entries; the most recently used entry is last.
    entries: Vec<(Key, Value)>,
    most: usize,
}

impl<Key, Value> Recent<Key, Value> {
    /// Creates an empty cache for at most `most` entries.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            entries: Vec::new(),
            most,
        }
    }

    /// Returns the value whose key satisfies `is_it`, and marks it as the most recently used one.
    pub(crate) fn get(&mut self, is_it: impl Fn(&Key) -> bool) -> Option<&mut Value> {
        let index = self.entries.iter().rposition(|(key, _)| is_it(key))?;
        let entry = self.entries.remove(index);
        Some(&mut self.entries.push_mut(entry).1)
    }

    /// Returns the value whose key satisfies `is_it`, or inserts the entry that `make` returns. If the cache is full,
    /// the least recently used entry is dropped.
    pub(crate) fn get_or_insert(
        &mut self,
        is_it: impl Fn(&Key) -> bool,
        make: impl FnOnce() -> (Key, Value),
    ) -> &mut Value {
        let index = self.entries.iter().rposition(|(key, _)| is_it(key));
        let entry = match index {
            Some(index) => self.entries.remove(index),
            None => make(),
        };
        if self.entries.len() >= self.most {
            self.entries.remove(0);
        }
        &mut self.entries.push_mut(entry).1
    }

    /// Returns the value whose key satisfies `is_it`, without marking it as used.
    pub(crate) fn peek(&mut self, is_it: impl Fn(&Key) -> bool) -> Option<&mut Value> {
        let found = self.entries.iter_mut().find(|(key, _)| is_it(key));
        found.map(|(_, value)| value)
    }

    /// Drops the entries whose keys do not satisfy `keep`.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Key) -> bool) {
        self.entries.retain(|(key, _)| keep(key));
    }

    /// Returns all entries, the least recently used one first.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Returns the number of entries.
    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cache: &mut Recent<u32, ()>) -> Vec<u32> {
        cache.iter_mut().map(|(key, ())| *key).collect()
    }

    #[test]
    fn drops_the_least_recently_used_entry_beyond_its_limit() {
        let mut cache = Recent::new(3);
        for key in [1, 2, 3] {
            cache.get_or_insert(|known| *known == key, || (key, ()));
        }
        assert!(cache.get(|key| *key == 1).is_some());
        cache.get_or_insert(|key| *key == 4, || (4, ()));
        assert_eq!(keys(&mut cache), [3, 1, 4]);
        assert!(cache.get(|key| *key == 2).is_none());
        assert!(cache.peek(|key| *key == 3).is_some());
        assert_eq!(
            keys(&mut cache),
            [3, 1, 4],
            "peek does not mark an entry as used"
        );
        cache.retain(|key| *key != 1);
        assert_eq!((keys(&mut cache), cache.count()), (vec![3, 4], 2));
    }
}

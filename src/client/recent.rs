//! A cache with a bound: the least recently used entry is dropped if there are too many.
//!
//! A list and no map: lookups find an entry in use near its end, and a map would need hashing or an order of keys.

/// Values by key.
#[derive(Debug)]
pub(crate) struct Recent<Key, Value> {
    /// The most recently used last.
    entries: Vec<(Key, Value)>,
    most: usize,
}

impl<Key, Value> Recent<Key, Value> {
    /// An empty cache for so many entries.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            entries: Vec::new(),
            most,
        }
    }

    /// The value whose key `is_it`, which is now the most recently used one.
    pub(crate) fn get(&mut self, is_it: impl Fn(&Key) -> bool) -> Option<&mut Value> {
        let place = self.entries.iter().rposition(|(key, _)| is_it(key))?;
        let entry = self.entries.remove(place);
        Some(&mut self.entries.push_mut(entry).1)
    }

    /// The same, or a new entry in place of the one that was used longest ago.
    pub(crate) fn get_or_insert(
        &mut self,
        is_it: impl Fn(&Key) -> bool,
        make: impl FnOnce() -> (Key, Value),
    ) -> &mut Value {
        let place = self.entries.iter().rposition(|(key, _)| is_it(key));
        let entry = match place {
            Some(place) => self.entries.remove(place),
            None => make(),
        };
        if self.entries.len() >= self.most {
            self.entries.remove(0);
        }
        &mut self.entries.push_mut(entry).1
    }

    /// The value whose key `is_it`, without counting as a use.
    pub(crate) fn peek(&mut self, is_it: impl Fn(&Key) -> bool) -> Option<&mut Value> {
        let found = self.entries.iter_mut().find(|(key, _)| is_it(key));
        found.map(|(_, value)| value)
    }

    /// Drops the entries that are not to be kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Key) -> bool) {
        self.entries.retain(|(key, _)| keep(key));
    }

    /// All entries, the least recently used one first.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// How many entries there are.
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
    fn drops_the_least_recently_used_entry_beyond_its_bound() {
        let mut cache = Recent::new(3);
        for key in [1, 2, 3] {
            cache.get_or_insert(|known| *known == key, || (key, ()));
        }
        assert!(cache.get(|key| *key == 1).is_some());
        cache.get_or_insert(|key| *key == 4, || (4, ()));
        assert_eq!(keys(&mut cache), [3, 1, 4]);
        assert!(cache.get(|key| *key == 2).is_none());
        assert!(cache.peek(|key| *key == 3).is_some());
        assert_eq!(keys(&mut cache), [3, 1, 4], "a look is not a use");
        cache.retain(|key| *key != 1);
        assert_eq!((keys(&mut cache), cache.count()), (vec![3, 4], 2));
    }
}

//! A store for keys and policies in a namespace of Cloudflare KV.

use stytch_edge::{Pending, Store, StoreError};
use worker::kv::KvStore;

pub struct Kv(pub KvStore);

impl Store for Kv {
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>> {
        let entry = self.0.get(key);
        Box::pin(async move { entry.text().await.map_err(failed) })
    }

    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>> {
        let put = self.0.put(key, value);
        Box::pin(async move {
            // KV rejects a time to live of less than 60 seconds.
            let put = put.map_err(failed)?;
            let put = put.expiration_ttl(ttl_seconds.max(60.0) as u64);
            put.execute().await.map_err(failed)
        })
    }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError(error.to_string())
}

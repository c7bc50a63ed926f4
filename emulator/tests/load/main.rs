//! The time of an answer does not depend on the number of stored records: with 10,000 users, sessions, links,
//! organizations, members and M2M clients, a call takes at most 1.5 times as long as with 10 of each.
//!
//! The two emulators answer the same calls in turns. Two ratios are computed, and the limit applies to the smaller: the
//! median of the ratios of all turns, and the ratio of the low times, of which a tenth of the times is below. Other load on
//! the machine rarely disturbs both. Searches are not measured: they look at every record.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod filled;
mod script;

use std::collections::BTreeMap;
use std::time::Duration;

use filled::Filled;

#[test]
fn an_answer_takes_as_long_with_10000_records_as_with_10() {
    let mut emulators = [Filled::with(FEW), Filled::with(MANY)];
    let mut times: BTreeMap<&str, [Vec<Duration>; 2]> = BTreeMap::new();
    for round in 0..ROUNDS {
        // The first of the two warms the caches of the code, so they go first in turns.
        for size in [round % 2, 1 - round % 2] {
            for (name, time) in script::run(&mut emulators[size], round) {
                times.entry(name).or_default()[size].push(time);
            }
        }
    }
    assert_eq!(times.len(), script::MEASURED);
    let mut too_slow = Vec::new();
    for (name, [few, many]) in times {
        assert_eq!((few.len(), many.len()), (ROUNDS, ROUNDS));
        let turns = few.iter().zip(&many);
        let ratio = median(turns.map(|(few, many)| many.as_secs_f64() / few.as_secs_f64()));
        let (few, many) = (low(few), low(many));
        let ratio = ratio.min(many.as_secs_f64() / few.as_secs_f64());
        println!("{ratio:5.2}  {few:>10.1?} {many:>10.1?}  {name}");
        if ratio > MOST {
            too_slow.push(format!("{name}: {ratio:.2}"));
        }
    }
    assert!(
        too_slow.is_empty(),
        "slower with {MANY} records than with {FEW}: {too_slow:?}"
    );
}

fn median(ratios: impl Iterator<Item = f64>) -> f64 {
    let mut ratios: Vec<f64> = ratios.collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn low(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 10]
}

const FEW: usize = 10;
const MANY: usize = 10_000;
const ROUNDS: usize = 61;
const MOST: f64 = 1.5;

//! Combinators that poll several futures concurrently.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use super::Pending;

/// Awaits all futures concurrently, and returns their results in the same order.
pub(super) async fn all<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let mut outcomes: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(move |context| {
        let mut is_waiting = false;
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes) {
            if outcome.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *outcome = Some(value),
                    Poll::Pending => is_waiting = true,
                }
            }
        }
        if is_waiting {
            return Poll::Pending;
        }
        Poll::Ready(outcomes.drain(..).flatten().collect())
    })
    .await
}

/// Returns the result of `future`, or `None` if `limit` completes first.
pub(super) async fn select<T>(mut future: Pending<T>, mut limit: Pending<()>) -> Option<T> {
    poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}

//! Futures that JavaScript polls.
//!
//! An async export is started with [`begin`]. Whenever its future waits for a
//! promise, the promise is handed out together with a number; JavaScript awaits
//! it and comes back with [`resume`]. That is all an executor has to do here, and
//! it buys three things that a queue in wasm (wasm-bindgen-futures' own) cannot
//! give: a trap in any step is thrown into the call that caused it, where it is
//! caught, and never becomes an unhandled rejection; on workerd every await
//! belongs to the request that made the call; and there are no closures to leak
//! when a request is abandoned.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use js_sys::{Array, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::thrown;

type Outcome = Result<JsValue, JsValue>;

struct Task {
    number: u32,
    /// Unix time in milliseconds after which nobody can be waiting any more.
    abandoned_after: f64,
    future: Pin<Box<dyn Future<Output = Outcome>>>,
}

thread_local! {
    static TASKS: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
    /// The promise that the task polled just now waits for.
    static AWAITED: RefCell<Option<Promise>> = const { RefCell::new(None) };
    /// How the promise ended that the task being polled waited for.
    static SETTLED: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

/// Starts a future that takes at most `limit_ms`: gives `[undefined, value]` when
/// it is done at once, else `[number, promise]`.
pub(super) fn begin(limit_ms: u32, future: impl Future<Output = Outcome> + 'static) -> Outcome {
    let now = js_sys::Date::now();
    // A request that was cancelled on workerd never resumes its task.
    TASKS.with_borrow_mut(|tasks| tasks.retain(|task| task.abandoned_after > now));
    let number = LAST_NUMBER.get().wrapping_add(1);
    LAST_NUMBER.set(number);
    let abandoned_after = now + f64::from(limit_ms) + GRACE_MS;
    step(Task {
        number,
        abandoned_after,
        future: Box::pin(future),
    })
}

/// Goes on with a task whose promise was fulfilled (`ok`) or rejected.
#[wasm_bindgen]
pub fn resume(number: u32, ok: bool, value: JsValue) -> Result<JsValue, JsValue> {
    let task = TASKS.with_borrow_mut(|tasks| {
        let place = tasks.iter().position(|task| task.number == number)?;
        Some(tasks.swap_remove(place))
    });
    // Only after the instance was renewed, or when the runtime slept through the
    // limit of the call.
    let task = task.ok_or_else(|| thrown::internal("the call is no longer known"))?;
    SETTLED.set(Some(if ok { Ok(value) } else { Err(value) }));
    step(task)
}

fn step(mut task: Task) -> Outcome {
    let mut context = Context::from_waker(Waker::noop());
    match task.future.as_mut().poll(&mut context) {
        Poll::Ready(outcome) => Ok(Array::of2(&JsValue::UNDEFINED, &outcome?).into()),
        Poll::Pending => {
            let promise = AWAITED.take().map_or(JsValue::UNDEFINED, JsValue::from);
            let pair = Array::of2(&task.number.into(), &promise);
            TASKS.with_borrow_mut(|tasks| tasks.push(task));
            Ok(pair.into())
        }
    }
}

/// Waits for `promise`.
pub(super) fn settled(promise: Promise) -> Settled {
    Settled(Some(promise))
}

/// The future behind [`settled`].
pub(super) struct Settled(Option<Promise>);

impl Future for Settled {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Outcome> {
        match self.0.take() {
            Some(promise) => {
                AWAITED.set(Some(promise));
                Poll::Pending
            }
            None => SETTLED.take().map_or(Poll::Pending, Poll::Ready),
        }
    }
}

const GRACE_MS: f64 = 60_000.0;

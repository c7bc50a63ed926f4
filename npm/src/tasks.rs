//! Futures that JavaScript polls, and the steps that exports answer with.
//!
//! An export never throws: it gives a step, an array that begins with a word.
//! `["done", value]` and `["failed", failure]` are ends; `["waiting", number,
//! promise]` asks JavaScript to await the promise and to come back with
//! [`resume`]. Only a check that is done at once gives its result alone, as text. Whatever is thrown out of an export is therefore a trap.
//!
//! That is all an executor has to do here, and it buys three things that a queue in
//! wasm (wasm-bindgen-futures' own) cannot give: a trap in any step surfaces in the
//! call that caused it, and never as an unhandled rejection; on workerd every await
//! belongs to the request that made the call; and there are no closures to leak when
//! a request is abandoned.

use core::{
    cell::RefCell,
    pin::Pin,
    sync::atomic::{AtomicU32, Ordering},
    task::{Context, Poll, Waker},
};

use atomic_refcell::AtomicRefCell;
use js_sys::{Array, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::failure;

/// The end of a task: a value, or a failure as [`super::failure`] writes it.
type Outcome = Result<JsValue, JsValue>;

type Work = dyn Future<Output = Outcome>;

struct Task {
    number: u32,
    limit_ms: f64,
    /// Unix time in milliseconds after which nobody can be waiting any more.
    overdue_after: f64,
    overdue_once: bool,
    future: Pin<Box<Work>>,
}

thread_local! {
    static TASKS: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
}
static LAST_NUMBER: AtomicU32 = AtomicU32::new(0);
/// The promise that the task polled just now waits for.
static AWAITED: AtomicRefCell<Option<Promise>> = AtomicRefCell::new(None);
/// How the promise ended that the task being polled waited for.
static SETTLED: AtomicRefCell<Option<Outcome>> = AtomicRefCell::new(None);

/// Starts a future that takes at most `limit_ms`, and gives its first step.
pub(crate) fn begin(limit_ms: u32, future: Pin<Box<Work>>) -> JsValue {
    drop_abandoned(js_sys::Date::now());
    let number = LAST_NUMBER.fetch_add(1, Ordering::Relaxed);
    let limit_ms = f64::from(limit_ms) + GRACE_MS;
    let overdue_after = js_sys::Date::now() + limit_ms;
    step(Task {
        number,
        limit_ms,
        overdue_after,
        overdue_once: false,
        future,
    })
}

/// Goes on with a task whose promise was fulfilled (`ok`) or rejected, and gives its
/// next step.
#[wasm_bindgen]
pub fn resume(number: u32, ok: bool, value: JsValue) -> JsValue {
    let Some(task) = taken(number) else {
        return failed(&failure::internal("the call took longer than its limit"));
    };
    *SETTLED.borrow_mut() = Some(if ok { Ok(value) } else { Err(value) });
    step(task)
}

fn taken(number: u32) -> Option<Task> {
    TASKS.with_borrow_mut(|tasks| {
        let place = tasks.iter().position(|task| task.number == number)?;
        Some(tasks.swap_remove(place))
    })
}

/// The step of an export that is done at once.
pub(crate) fn finished(outcome: Outcome) -> JsValue {
    match outcome {
        Ok(value) => Array::of2(&"done".into(), &value).into(),
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &JsValue) -> JsValue {
    Array::of2(&"failed".into(), failure).into()
}

fn step(mut task: Task) -> JsValue {
    let mut context = Context::from_waker(Waker::noop());
    match task.future.as_mut().poll(&mut context) {
        Poll::Ready(outcome) => finished(outcome),
        Poll::Pending => {
            let promise = AWAITED.borrow_mut().take();
            let promise = promise.map_or(JsValue::UNDEFINED, JsValue::from);
            let step = Array::of3(&"waiting".into(), &task.number.into(), &promise);
            TASKS.with_borrow_mut(|tasks| tasks.push(task));
            step.into()
        }
    }
}

/// Drops the tasks of requests that were cancelled on workerd: they never resume.
/// A clock that jumps makes living ones look overdue as well, so that each is given
/// its time twice.
fn drop_abandoned(now: f64) {
    let mut abandoned = Vec::new();
    TASKS.with_borrow_mut(|tasks| {
        for place in (0..tasks.len()).rev() {
            let Some(task) = tasks
                .get_mut(place)
                .filter(|task| task.overdue_after <= now)
            else {
                continue;
            };
            if task.overdue_once {
                abandoned.push(tasks.swap_remove(place));
            } else {
                task.overdue_once = true;
                task.overdue_after = now + task.limit_ms;
            }
        }
    });
    // Dropped out here, because that runs JavaScript.
    drop(abandoned);
}

/// Waits for `promise`.
pub(crate) fn settled(promise: Promise) -> Settled {
    Settled(Some(promise))
}

/// The future behind [`settled`].
pub(crate) struct Settled(Option<Promise>);

impl Future for Settled {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Outcome> {
        match self.0.take() {
            Some(promise) => {
                *AWAITED.borrow_mut() = Some(promise);
                Poll::Pending
            }
            None => SETTLED
                .borrow_mut()
                .take()
                .map_or(Poll::Pending, Poll::Ready),
        }
    }
}

const GRACE_MS: f64 = 60_000.0;

//! Futures that JavaScript polls, and the steps that exports return.
//!
//! An export never throws. If it is done, it returns JSON text, or an object with a `value` or a `failure`; `numbers` adds
//! other results. If its task
//! waits, it returns the number of the task; JavaScript awaits the waits that the task reported to its executor, and
//! calls [`resume`]. An error that is thrown out of an export is therefore a trap.
//!
//! This executor has three properties that a queue in wasm (wasm-bindgen-futures' own) does not have: a trap is an error
//! of the call that caused it, and never an unhandled rejection; on workerd every await belongs to the request that made
//! the call; and an abandoned request does not leak closures.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use js_sys::{Object, Promise};
use stytch_edge::{client::Accepted, flow::Pending, wasm::Settling};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::failure::{self, Failure};

/// What an export returns. It is never an error.
///
/// An export of type `JsValue` returns one `externref`, and V8 inlines its call. If V8 then deoptimizes the caller, it ends the
/// whole process ("unreachable code" in `Deoptimizer::DoComputeBuiltinContinuation`; seen in Node 20 and 22). A `Result`
/// is three values, and such calls are not inlined.
pub(crate) type Returned = Result<JsValue, JsValue>;

/// The end of a task.
pub(crate) type Outcome = Result<Done, Failure>;

/// The result of a task.
pub(crate) enum Done {
    /// JSON text.
    Json(String),
    /// The JSON text of a check's result.
    Accepted(Accepted),
    /// JSON text, and its number from now on.
    Numbered(String, u32),
    /// The same JSON text as before, by its number.
    Same,
    /// A value for the caller.
    Value(JsValue),
}

impl Done {
    /// Nothing.
    pub(crate) fn nothing() -> Self {
        Self::Value(JsValue::UNDEFINED)
    }
}

struct Task {
    number: u32,
    limit_ms: f64,
    /// The Unix time in milliseconds at which all waits of the task have ended.
    overdue_after: f64,
    overdue_once: bool,
    has_waited: bool,
    future: Pin<Box<dyn Future<Output = Outcome>>>,
}

#[wasm_bindgen]
extern "C" {
    /// The part of the executor that is JavaScript: `pkg/src/engine.ts`.
    pub type Executor;

    /// Has a task resumed when this promise settles.
    #[wasm_bindgen(method)]
    fn promise(this: &Executor, task: u32, wait: u32, promise: &Promise);

    /// Starts a timer, which ends with its task at the latest. The promise is rejected if there are no timers.
    #[wasm_bindgen(method)]
    fn timer(this: &Executor, task: u32, milliseconds: u32) -> Promise;

    /// Has a task resumed when it is woken.
    #[wasm_bindgen(method)]
    fn sleep(this: &Executor, task: u32);

    /// Wakes a task.
    #[wasm_bindgen(method)]
    fn wake(this: &Executor, task: u32);

    /// The result of an export that is done and does not return JSON text.
    type Step;

    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Step, value: &JsValue);

    #[wasm_bindgen(method, setter)]
    fn set_failure(this: &Step, failure: &JsValue);

    #[wasm_bindgen(method, setter)]
    fn set_text(this: &Step, text: &str);

    #[wasm_bindgen(method, setter)]
    fn set_number(this: &Step, number: u32);
}

thread_local! {
    static EXECUTOR: RefCell<Option<Executor>> = const { RefCell::new(None) };
    static TASKS: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
    /// The last number of a task or a wait.
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
    /// The task that is being polled.
    static CURRENT: Cell<u32> = const { Cell::new(0) };
    /// Whether the task that is being polled has waited before.
    static HAS_WAITED: Cell<bool> = const { Cell::new(false) };
    /// The wait that has just ended, and how.
    static SETTLED: RefCell<Option<(u32, Result<JsValue, JsValue>)>> = const { RefCell::new(None) };
}

/// Sets the executor of a new instance.
#[wasm_bindgen]
pub fn connect(executor: Executor) {
    EXECUTOR.set(Some(executor));
}

/// Continues a task after one of its waits ended: with a value (`ok`), or with what a promise was rejected with.
#[wasm_bindgen]
pub fn resume(task: u32, wait: u32, ok: bool, value: JsValue) -> Returned {
    let Some(task) = taken(task) else {
        return Ok(failed(Failure::internal(
            "the call took longer than its limit",
        )));
    };
    SETTLED.set(Some((wait, if ok { Ok(value) } else { Err(value) })));
    let step = poll(task);
    SETTLED.set(None);
    Ok(step)
}

/// Ends a task before it is done. The number of a task that is done is ignored.
#[wasm_bindgen]
pub fn cancel(task: u32) -> Returned {
    // Dropped outside of the borrow, because that runs JavaScript.
    drop(taken(task));
    Ok(finished(Ok(Done::nothing())))
}

/// Starts a future that takes about `limit_ms`, and returns its first step.
pub(crate) fn begin(limit_ms: u32, future: impl Future<Output = Outcome> + 'static) -> JsValue {
    drop_abandoned();
    poll(Task {
        number: next_number(),
        limit_ms: f64::from(limit_ms) + GRACE_MS,
        overdue_after: 0.0,
        overdue_once: false,
        has_waited: false,
        future: Box::pin(future),
    })
}

/// The step of an export that is done at once.
pub(crate) fn finished(outcome: Outcome) -> JsValue {
    match outcome {
        Ok(Done::Json(text)) => JsValue::from_str(&text),
        Ok(Done::Accepted(accepted)) => JsValue::from_str(accepted.json()),
        Ok(Done::Same) => JsValue::TRUE,
        Ok(Done::Numbered(text, number)) => {
            let step: Step = Object::new().unchecked_into();
            step.set_text(&text);
            step.set_number(number);
            step.into()
        }
        Ok(Done::Value(value)) => {
            let step: Step = Object::new().unchecked_into();
            step.set_value(&value);
            step.into()
        }
        Err(failure) => failed(failure),
    }
}

fn failed(failure: Failure) -> JsValue {
    let step: Step = Object::new().unchecked_into();
    step.set_failure(&failure::to_js(failure));
    step.into()
}

fn poll(mut task: Task) -> JsValue {
    let waking = Arc::new(Waking(task.number));
    let waker = Waker::from(Arc::clone(&waking));
    // The task that is being polled may start another one, which is polled first.
    let outer = CURRENT.replace(task.number);
    let outer_has_waited = HAS_WAITED.replace(task.has_waited);
    let poll = task.future.as_mut().poll(&mut Context::from_waker(&waker));
    CURRENT.set(outer);
    HAS_WAITED.set(outer_has_waited);
    drop(waker);
    match poll {
        Poll::Ready(outcome) => finished(outcome),
        Poll::Pending => {
            if Arc::strong_count(&waking) > 1 {
                with_executor(|executor| executor.sleep(task.number));
            }
            // Most tasks do not wait, so the clock is not read for them.
            if !task.has_waited {
                task.overdue_after = js_sys::Date::now() + task.limit_ms;
                task.has_waited = true;
            }
            let number = task.number;
            TASKS.with_borrow_mut(|tasks| tasks.push(task));
            number.into()
        }
    }
}

/// Whether the current call has waited: its result is not the result of the export that began it.
pub(crate) fn has_waited() -> bool {
    HAS_WAITED.get()
}

fn taken(number: u32) -> Option<Task> {
    TASKS.with_borrow_mut(|tasks| {
        let place = tasks.iter().position(|task| task.number == number)?;
        Some(tasks.swap_remove(place))
    })
}

/// Drops the tasks of requests that were cancelled on workerd: they never resume.
/// After a jump of the clock, living tasks look overdue as well, so each task has its time twice.
fn drop_abandoned() {
    if TASKS.with_borrow(Vec::is_empty) {
        return;
    }
    let now = js_sys::Date::now();
    let mut abandoned = Vec::new();
    TASKS.with_borrow_mut(|tasks| {
        for place in (0..tasks.len()).rev() {
            let overdue = tasks.get_mut(place);
            let Some(task) = overdue.filter(|task| task.overdue_after <= now) else {
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
    // Dropped here, outside of the borrow, because that runs JavaScript.
    drop(abandoned);
}

/// Wakes a task that waits for another task.
struct Waking(u32);

impl Wake for Waking {
    fn wake(self: Arc<Self>) {
        with_executor(|executor| executor.wake(self.0));
    }
}

/// Waits for a promise. Each poll reports the wait to the executor.
pub(crate) fn settled(promise: Promise) -> Settling {
    let wait = next_number();
    Box::pin(std::future::poll_fn(move |_| {
        let ended = SETTLED.with_borrow_mut(|settled| settled.take_if(|(ended, _)| *ended == wait));
        if let Some((_, outcome)) = ended {
            return Poll::Ready(outcome);
        }
        with_executor(|executor| executor.promise(CURRENT.get(), wait, &promise));
        Poll::Pending
    }))
}

/// Waits for a time, which begins with the first poll.
pub(crate) fn sleep(milliseconds: u32) -> Pending<()> {
    Box::pin(async move {
        let started = with_executor(|executor| executor.timer(CURRENT.get(), milliseconds));
        if let Some(timer) = started
            && settled(timer).await.is_ok()
        {
            return;
        }
        // workerd has no timers at module scope, and no fetch either: the call fails there anyway.
        std::future::pending().await
    })
}

/// The executor is borrowed during the call, which is safe because it does not run a caller's code.
fn with_executor<T>(work: impl FnOnce(&Executor) -> T) -> Option<T> {
    EXECUTOR.with_borrow(|executor| executor.as_ref().map(work))
}

fn next_number() -> u32 {
    let number = LAST_NUMBER.get().wrapping_add(1);
    LAST_NUMBER.set(number);
    number
}

const GRACE_MS: f64 = 60_000.0;

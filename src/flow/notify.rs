//! A result that several calls await. When it is complete, all calls that await it are woken.

use std::{
    cell::RefCell,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// The result of an operation in flight. Any number of calls may await it.
#[derive(Clone)]
pub(super) struct SharedResult<T>(Rc<RefCell<Inner<T>>>);

struct Inner<T> {
    /// `None` while the operation is in flight, `Some(None)` if it was abandoned.
    ended: Option<Option<T>>,
    waiting: Vec<Waker>,
}

/// Completes a [`SharedResult`]. If it is dropped before, the operation counts as abandoned, and all calls that await it
/// are woken as well.
pub(super) struct Completer<T>(SharedResult<T>);

/// A result that is not complete, and its completer.
pub(super) fn shared_result<T>() -> (SharedResult<T>, Completer<T>) {
    let shared = SharedResult(Rc::new(RefCell::new(Inner {
        ended: None,
        waiting: Vec::new(),
    })));
    (SharedResult(Rc::clone(&shared.0)), Completer(shared))
}

impl<T: Clone> SharedResult<T> {
    /// Awaits the result. Returns `None` if the operation was abandoned.
    pub(super) async fn result(&self) -> Option<T> {
        poll_fn(|context| {
            let mut inner = self.0.borrow_mut();
            if let Some(ended) = &inner.ended {
                return Poll::Ready(ended.clone());
            }
            if !inner
                .waiting
                .iter()
                .any(|waker| waker.will_wake(context.waker()))
            {
                inner.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }
}

impl<T> Completer<T> {
    /// Completes the operation with a result.
    pub(super) fn complete(self, result: T) {
        self.0.settle(Some(result));
    }
}

impl<T> SharedResult<T> {
    fn settle(&self, result: Option<T>) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            if inner.ended.is_some() {
                return;
            }
            inner.ended = Some(result);
            std::mem::take(&mut inner.waiting)
        };
        // The borrow has ended here: a waker may run the code of an executor.
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Completer<T> {
    fn drop(&mut self) {
        self.0.settle(None);
    }
}

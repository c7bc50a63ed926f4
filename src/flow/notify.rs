//! Waiting for something that another call does: its end wakes all that wait.

use std::{
    cell::RefCell,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// The end of something, which any number of calls may await.
#[derive(Clone)]
pub(super) struct Ending<T>(Rc<RefCell<Inner<T>>>);

struct Inner<T> {
    /// Nothing while it goes on. `Some(None)` if it was abandoned.
    ended: Option<Option<T>>,
    waiting: Vec<Waker>,
}

/// The obligation to end it. Dropping it without a result abandons it, and wakes all that wait as well.
pub(super) struct Ender<T>(Ending<T>);

/// Something that goes on, and the obligation to end it.
pub(super) fn begun<T>() -> (Ending<T>, Ender<T>) {
    let ending = Ending(Rc::new(RefCell::new(Inner {
        ended: None,
        waiting: Vec::new(),
    })));
    (Ending(Rc::clone(&ending.0)), Ender(ending))
}

impl<T: Clone> Ending<T> {
    /// The result; nothing if it was abandoned.
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

impl<T> Ender<T> {
    /// Ends it with a result.
    pub(super) fn end(self, result: T) {
        self.0.settle(Some(result));
    }
}

impl<T> Ending<T> {
    fn settle(&self, result: Option<T>) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            if inner.ended.is_some() {
                return;
            }
            inner.ended = Some(result);
            std::mem::take(&mut inner.waiting)
        };
        // Outside of the borrow: waking may run the code of an executor.
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Ender<T> {
    fn drop(&mut self) {
        self.0.settle(None);
    }
}

//! Sends a request, and sends it again after a temporary failure if it is safe to repeat.
//!
//! All attempts and the delays between them end within the time limit of the call. The rules for retries are in
//! [`FailedAttempt`]. An abort drops the future, so it also ends a delay.

use std::{cell::Cell, pin::Pin};

use super::{
    Answer, Core,
    exchange::request_id_in,
    observed::{RequestEvent, ResponseEvent, RetryEvent, origin_of},
    state::with_isolate,
};
use crate::client::{FailedAttempt, OutgoingRequest, RequestError, RetryClass, is_outage};

/// A request, and the last response to it.
pub trait Exchange {
    /// Sends the request and reads the whole response within `timeout_ms` milliseconds. May be called again.
    fn send(&mut self, timeout_ms: u32) -> Sending<'_>;

    /// Returns the `request_id` in the body of the last response.
    fn request_id(&self) -> Option<String>;
}

/// The status of a response, or the error for a missing one.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Head, RequestError>> + 'a>>;

/// The part of a response that decides about a retry.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds, of a response with status 429 or 503.
    pub retry_after: Option<u32>,
}

/// The limits of a call.
#[derive(Clone, Copy)]
pub struct CallLimits<'a> {
    /// The time limit of all attempts and delays, in milliseconds.
    pub timeout_ms: u32,
    /// The budget from which retries are taken.
    pub class: RetryClass,
    /// Called before the delay of a retry and after it. Returns whether the request may still be repeated.
    pub may_repeat: &'a dyn Fn(RetryStage) -> bool,
}

/// A time at which a retry may be called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStage {
    /// Before the delay.
    Planned,
    /// After the delay. If it may be repeated, the request is sent.
    Begins,
}

impl CallLimits<'_> {
    /// The limits of a call of an API method, or of a load.
    #[must_use]
    pub fn of_method(timeout_ms: u32) -> Self {
        Self {
            timeout_ms,
            class: RetryClass::Other,
            may_repeat: &|_| true,
        }
    }

    /// The limits of a request about a credential that was not verified.
    pub(super) fn of_unverified(timeout_ms: u32) -> Self {
        Self {
            class: RetryClass::Unverified,
            ..Self::of_method(timeout_ms)
        }
    }
}

impl Core {
    /// Sends a request until it succeeds, until it must not be repeated, or until `retries` of the configuration is
    /// reached. The last response is in `exchange`. Returns the number of attempts.
    ///
    /// # Errors
    /// The error of the last attempt, if there was no usable response.
    pub async fn attempt<Json>(
        &self,
        request: &OutgoingRequest<Json>,
        limits: &CallLimits<'_>,
        exchange: &mut dyn Exchange,
    ) -> Result<u32, RequestError> {
        let plan = Plan {
            limits,
            retries: if request.is_safe_to_repeat {
                self.config.retries
            } else {
                0
            },
            request: RequestEvent {
                operation: request.operation,
                method: request.method.word(),
                path_template: request.path_template,
                origin: origin_of(&request.url),
                call: next_call(),
                attempt: 1,
            },
        };
        self.attempts(plan, exchange).await
    }

    /// Sends a request whose body is text, as [`attempt`](Self::attempt) does. Returns the last response and the number
    /// of attempts.
    pub(crate) async fn send(
        &self,
        request: &OutgoingRequest<String>,
        limits: &CallLimits<'_>,
    ) -> Result<(Answer, u32), RequestError> {
        let mut exchange = TextExchange {
            core: self,
            request,
            answer: Answer::default(),
        };
        let attempts = self.attempt(request, limits, &mut exchange).await?;
        Ok((exchange.answer, attempts))
    }

    /// The part that does not depend on the type of the body, so that it is compiled once.
    async fn attempts(
        &self,
        plan: Plan<'_>,
        exchange: &mut dyn Exchange,
    ) -> Result<u32, RequestError> {
        let began = self.platform.now();
        let mut request = plan.request;
        loop {
            let left = match request.attempt {
                1 => plan.limits.timeout_ms,
                _ => self.time_left(plan.limits, began),
            };
            let result = self.attempt_once(request, left, exchange).await;
            let failed = failed_attempt(&result);
            let result = result.map_err(|error| RequestError {
                attempts: request.attempt,
                ..error
            });
            let is_working = matches!(&result, Ok(head) if !is_outage(head.status));
            if is_working && request.attempt == 1 {
                with_isolate(|isolate| isolate.retries.succeeded(plan.limits.class));
            }
            if is_working || request.attempt > plan.retries {
                return result.map(|_| request.attempt);
            }
            let Some(delay_ms) = self.planned_delay(plan.limits, request.attempt, failed, began)
            else {
                return result.map(|_| request.attempt);
            };
            if self.platform.observes() {
                self.platform.on_retry(&RetryEvent {
                    request,
                    delay_ms,
                    status_code: failed.status,
                    reason: failed.reason,
                });
            }
            self.platform.sleep(delay_ms).await;
            if self.time_left(plan.limits, began) == 0
                || !(plan.limits.may_repeat)(RetryStage::Begins)
            {
                return result.map(|_| request.attempt);
            }
            request.attempt += 1;
        }
    }

    /// The delay before the next attempt, which is taken from the budget. `None` if there is none.
    fn planned_delay(
        &self,
        limits: &CallLimits<'_>,
        failures: u32,
        failed: FailedAttempt,
        began: f64,
    ) -> Option<u32> {
        let delay_ms = failed.delay_ms(failures, self.platform.random())?;
        let is_planned = delay_ms < self.time_left(limits, began)
            && (limits.may_repeat)(RetryStage::Planned)
            && with_isolate(|isolate| isolate.retries.take(limits.class));
        is_planned.then_some(delay_ms)
    }

    async fn attempt_once(
        &self,
        request: RequestEvent<'_>,
        timeout_ms: u32,
        exchange: &mut dyn Exchange,
    ) -> Result<Head, RequestError> {
        let is_observed = self.platform.observes();
        if is_observed {
            self.platform.on_request(&request);
        }
        let began = self.platform.now();
        let result = exchange.send(timeout_ms).await;
        if is_observed {
            let request_id = result.is_ok().then(|| exchange.request_id()).flatten();
            let FailedAttempt { status, reason, .. } = failed_attempt(&result);
            self.platform.on_response(&ResponseEvent {
                request,
                duration_ms: elapsed_ms(self.platform.now(), began),
                status_code: status,
                reason,
                request_id: request_id.as_deref(),
            });
        }
        result
    }

    /// The milliseconds until the time limit of a call. 0 if the clock was set back, so that a request is not repeated.
    fn time_left(&self, limits: &CallLimits<'_>, began: f64) -> u32 {
        let now = self.platform.now();
        if now < began {
            return 0;
        }
        let elapsed = elapsed_ms(now, began);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float that is too large becomes u32::MAX"
        )]
        limits.timeout_ms.saturating_sub(elapsed as u32)
    }
}

/// A request whose body is text.
struct TextExchange<'a> {
    core: &'a Core,
    request: &'a OutgoingRequest<String>,
    answer: Answer,
}

impl Exchange for TextExchange<'_> {
    fn send(&mut self, timeout_ms: u32) -> Sending<'_> {
        let sending = self.core.platform.send(self.request.clone(), timeout_ms);
        Box::pin(async move {
            self.answer = sending.await?;
            let Answer {
                status,
                retry_after,
                ..
            } = self.answer;
            Ok(Head {
                status,
                retry_after,
            })
        })
    }

    fn request_id(&self) -> Option<String> {
        request_id_in(&self.answer.text)
    }
}

/// A call, with the event of its first attempt.
struct Plan<'a> {
    limits: &'a CallLimits<'a>,
    /// The largest number of retries.
    retries: u32,
    request: RequestEvent<'a>,
}

/// The parts of the result of an attempt that decide about a retry, if the attempt has failed.
fn failed_attempt(result: &Result<Head, RequestError>) -> FailedAttempt {
    match result {
        Ok(head) => FailedAttempt {
            status: Some(head.status),
            retry_after: head.retry_after,
            reason: None,
        },
        Err(error) => FailedAttempt {
            status: error.status_code,
            retry_after: error.retry_after,
            reason: Some(error.reason),
        },
    }
}

/// A clock that was set back counts as if no time had passed.
fn elapsed_ms(now: f64, began: f64) -> f64 {
    ((now - began) * 1000.0).max(0.0)
}

fn next_call() -> u32 {
    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    let number = LAST.get().wrapping_add(1);
    LAST.set(number);
    number
}

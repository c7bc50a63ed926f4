//! The state that operations read and change: two projects, one id generator and one outbox.
//!
//! It does not know the operations. The route table passes each of them only the part of the state that it needs.

use serde::{Deserialize, Serialize};

use crate::b2b::B2b;
use crate::consumer::Consumer;
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::product::Product;
use crate::project::Project;

/// All data that the emulated API keeps between calls.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) projects: Projects,
    pub(crate) ids: Ids,
    pub(crate) outbox: Outbox,
}

impl State {
    /// Creates the state of two projects without users and organizations.
    pub(crate) fn new(consumer: Project, b2b: Project, ids: Ids) -> Self {
        Self {
            projects: Projects {
                consumer: Consumer::new(consumer),
                b2b: B2b::new(b2b),
            },
            ids,
            outbox: Outbox::default(),
        }
    }
}

/// The two projects, one of each product.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Projects {
    pub(crate) consumer: Consumer,
    pub(crate) b2b: B2b,
}

impl Projects {
    /// Returns the data that does not depend on the product.
    pub(crate) fn of(&self, product: Product) -> &Project {
        match product {
            Product::Consumer => &self.consumer.project,
            Product::B2b => &self.b2b.project,
        }
    }

    /// The mutable form of [`Projects::of`].
    pub(crate) fn of_mut(&mut self, product: Product) -> &mut Project {
        match product {
            Product::Consumer => &mut self.consumer.project,
            Product::B2b => &mut self.b2b.project,
        }
    }

    /// Sets the difference between the time that dates tokens and the emulator's time.
    pub(crate) fn shift_tokens(&mut self, seconds: i64) {
        self.consumer.project.token_shift_seconds = seconds;
        self.b2b.project.token_shift_seconds = seconds;
    }
}

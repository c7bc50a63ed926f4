//! The state that operations read and change: two projects, one id generator, one outbox and the webhooks.
//!
//! It does not know the operations. The route table passes each of them only the part of the state that it needs.

use serde::{Deserialize, Serialize};

use crate::b2b::B2b;
use crate::clock::UnixSeconds;
use crate::consumer::Consumer;
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::product::Product;
use crate::project::Project;
use crate::webhooks::{Origin, Webhooks};

/// All data that the emulated API keeps between calls.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) projects: Projects,
    pub(crate) ids: Ids,
    pub(crate) outbox: Outbox,
    pub(crate) webhooks: Webhooks,
}

impl State {
    /// Creates the state of two projects without users and organizations.
    pub(crate) fn new(consumer: Project, b2b: Project, mut ids: Ids) -> Self {
        Self {
            projects: Projects {
                consumer: Consumer::new(consumer),
                b2b: B2b::new(b2b),
            },
            webhooks: Webhooks::new(&mut ids),
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

impl State {
    /// Ends everything that ends at a certain time, and that responses contain. The changes become events.
    pub(crate) fn expire(&mut self, now: UnixSeconds) {
        self.projects.consumer.expire(now);
        self.projects.b2b.expire(now);
        self.record_changes(now);
    }

    /// Drops the changes, so that they do not become events.
    pub(crate) fn forget_changes(&mut self) {
        self.projects.consumer.users.take_changes();
        self.projects.b2b.organizations.take_changes();
        self.projects.b2b.members.take_changes();
    }

    /// Turns the changes that a call has made into events.
    pub(crate) fn record_changes(&mut self, now: UnixSeconds) {
        let Projects { consumer, b2b } = &mut self.projects;
        let changes = [
            (Product::Consumer, consumer.users.take_changes()),
            (Product::B2b, b2b.organizations.take_changes()),
            (Product::B2b, b2b.members.take_changes()),
        ];
        for (product, changes) in changes {
            let project_id = &self.projects.of(product).id;
            let origin = Origin {
                product,
                project_id,
            };
            for change in changes {
                self.webhooks.record(change, origin, &mut self.ids, now);
            }
        }
    }
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

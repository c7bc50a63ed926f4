//! The state that operations read and change: two projects, one source of ids and one outbox.
//!
//! It does not know the operations. The route table passes each of them only the part of the state that it needs.

use crate::b2b::B2b;
use crate::consumer::Consumer;
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::product::Product;
use crate::project::Project;

/// Everything that the API remembers from one call to the next.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) projects: Projects,
    pub(crate) ids: Ids,
    pub(crate) outbox: Outbox,
}

/// The two projects, one of each product.
#[derive(Clone)]
pub(crate) struct Projects {
    pub(crate) consumer: Consumer,
    pub(crate) b2b: B2b,
}

impl Projects {
    /// What a project has whichever product it belongs to.
    pub(crate) fn of(&self, product: Product) -> &Project {
        match product {
            Product::Consumer => &self.consumer.project,
            Product::B2b => &self.b2b.project,
        }
    }

    /// The same as [`Projects::of`], to be changed.
    pub(crate) fn of_mut(&mut self, product: Product) -> &mut Project {
        match product {
            Product::Consumer => &mut self.consumer.project,
            Product::B2b => &mut self.b2b.project,
        }
    }
}

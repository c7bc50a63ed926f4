//! The error of a control route, and the argument that several control routes read.

use serde_json::Value;

use crate::fields::Fields;
use crate::product::Product;

/// Why a control route refused a call. The response is 400 with this text as `error`.
pub(super) type Refusal = String;

/// Reads `product`.
pub(super) fn read_product(fields: &Fields) -> Result<Product, Refusal> {
    let name = fields.value("product").and_then(Value::as_str);
    let product = [Product::Consumer, Product::B2b]
        .into_iter()
        .find(|product| Some(product.name()) == name);
    product.ok_or_else(|| "product must be consumer or b2b".to_owned())
}

/// Returns an error if a field has none of these names. A misspelled name would otherwise go unnoticed: a fault would apply
/// to all calls, or a token would be valid.
pub(super) fn refuse_unknown(fields: &Fields, known: &[&str]) -> Result<(), Refusal> {
    match fields
        .all()
        .keys()
        .find(|name| !known.contains(&name.as_str()))
    {
        Some(name) => Err(format!(
            "unknown field {name:?}; known: {}",
            known.join(", ")
        )),
        None => Ok(()),
    }
}

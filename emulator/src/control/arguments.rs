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

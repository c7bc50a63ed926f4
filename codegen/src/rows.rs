//! Writes `pkg/src/generated/rows.ts`: the numbers of the rows that hand-written methods call.
//!
//! Only the rows that TypeScript calls. The crate calls the other rows, and has its own constants for them.

use super::HEADER;
use super::model::{Api, Endpoint};

/// Writes the module.
pub fn write(api: &Api) -> String {
    let rows: String = api
        .rows_by_hand(|method| method.calls_from_typescript)
        .into_iter()
        .map(|(id, row)| {
            let route = api.endpoints.get(row).map(Endpoint::route);
            format!(
                "\n/** `{}` */\nexport const {id} = {row};\n",
                route.unwrap_or_default()
            )
        })
        .collect();
    format!(
        "// {HEADER}\n\n// The rows of the endpoint table that hand-written methods call. Each row is a constant, so that\n\
         // bundlers inline the numbers.\n{rows}"
    )
}

// What npm stytch 14.2.0 offers, as tests/facts lists it. Whoever compares the two
// packages goes through these lists, so that nothing is compared because it is there
// and left out because it is not.

import { readFileSync } from "node:fs";

/** Operations by id. */
export const operations = read("operations.json");

/** Types, exported or not, by `<declaration file>#<Name>`. */
export const types = read("types.json");

/** The exported names. */
export const exportedNames = read("exports.json");

/** What each client class offers, as rows `{ client, path, name, id, operation }`. */
export const offers = Object.entries(operations).flatMap(([id, operation]) =>
  Object.entries(operation.names).map(([client, dotted]) => ({
    client,
    path: dotted.split("."),
    name: `${client}.${dotted}`,
    id,
    operation,
  })),
);

function read(name) {
  return JSON.parse(readFileSync(new URL(`../../facts/${name}`, import.meta.url), "utf8"));
}

// The API of npm stytch 14.2.0, as tests/facts lists it. The comparisons iterate over these
// lists, so that an operation or type that the package lacks is reported.

import { readFileSync } from "node:fs";

/** Operations by id. */
export const operations = read("operations.json");

/** Types, exported or not, by `<declaration file>#<Name>`. */
export const types = read("types.json");

/** The exported names. */
export const exportedNames = read("exports.json");

/** The methods of each client class, as rows `{ client, path, name, id, operation }`. */
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

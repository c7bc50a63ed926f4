// The arguments for each method: the required ones, all, and all with unusual values in the
// path, in the other fields or in the authorization.

import { picksItsFields } from "./differences.mjs";

const TEXTS = [
  "",
  " ",
  "a b",
  "a/b",
  "/",
  ".",
  "..",
  "../",
  "../../v1/users",
  "%2e%2e",
  "?a=b",
  "#a",
  "100%",
  "%zz",
  "a&b=c+d;e",
  "a\\b",
  "späß ñ 漢字",
  "\u{1f511}\u{1f469}\u200d\u{1f4bb}",
  `"quoted" 'twice' <b> \``,
  "a\r\nb: c\t\0",
  "undefined",
  "__proto__",
  "x".repeat(5000),
  "half \ud83d",
];

const OTHERS = [null, undefined, [], {}, 0, -1.5, NaN, Infinity, true, false, ["a", null], [[]], new Date(0)];

/** Fields that the description does not contain. */
const UNKNOWN = {
  new_text: "a / é?#%",
  new_number: 1.5,
  new_flag: false,
  new_null: null,
  new_undefined: undefined,
  new_list: [],
  new_shape: { deeper: [{}, null, ""] },
};

/** Lists of arguments, each with a description. */
export function* calls({ operation, path, required, all }) {
  yield ["required arguments", required];
  yield ["all arguments", all];
  yield ["no arguments", []];
  yield ["null", [null]];
  // The comparisons of local decisions (local.mjs) cover methods without a request of their own.
  if (!operation.http) return;
  const inPath = operation.http.path_params ?? [];
  const [data, ...options] = all;
  const isField = (name) => !inPath.includes(name);
  const other = (change) => [changed(data, isField, change), ...options];
  const inPlace = (change) => [changed(data, (name) => !isField(name), change), ...options];
  const texts = (value) => (old) => deep(old, (inner) => (typeof inner === "string" ? value : inner));
  for (const text of TEXTS) {
    const shown = JSON.stringify(text).slice(0, 30);
    if (data) yield [`${shown} in every field`, other(texts(text))];
    if (inPath.length > 0) yield [`${shown} in the path`, inPlace(() => text)];
    if (operation.http.member_session_headers) {
      yield [`${shown} in the authorization`, [data, { authorization: { session_token: text } }]];
    }
  }
  for (const value of OTHERS) {
    const shown = `${JSON.stringify(value)} (${String(value)})`;
    if (data) yield [`${shown} in every field`, other(() => value)];
    if (data) yield [`${shown} at every depth of every field`, other((old) => deep(old, () => value))];
    if (inPath.length > 0) yield [`${shown} in the path`, inPlace(() => value)];
    if (operation.http.member_session_headers) {
      yield [`${shown} as authorization`, [data, { authorization: value }]];
      yield [`${shown} as session_jwt`, [data, { authorization: { session_jwt: value } }]];
      yield [`${shown} as options`, [data, value]];
    }
  }
  if (!data) return;
  yield ["empty lists", other((old) => deep(old, (inner) => inner, []))];
  yield ["unknown fields", [{ ...data, ...UNKNOWN }, ...options]];
  yield ["unknown fields and required arguments", [{ ...UNKNOWN, ...required[0] }]];
  yield ["a number that JSON cannot represent", [{ ...data, new_number: 1n }, ...options]];
  if (picksItsFields(path)) return;
  yield ["a list", [[data], ...options]];
  yield ["a text", ["data", ...options]];
}

/** A copy with changes to the fields for whose names `chosen` returns true. */
function changed(data, chosen, change) {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, chosen(name) ? change(value) : value]));
}

/** A copy with every leaf changed. If `list` is passed, it replaces every list. */
function deep(value, change, list) {
  if (Array.isArray(value)) return list ?? value.map((inner) => deep(inner, change, list));
  if (typeof value !== "object" || value === null || value instanceof Date) return change(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner, change, list)]));
}

// The accepted differences between our verification and jose's, each with its reason. The first
// row that fits a token must have our reason for the refusal. Every token that jose refuses must
// be refused. The rows read the bytes of a token, and not the results of either package.

import { ORGANIZATION, SESSION } from "./jose-values.mjs";

const DECIDING = ["iss", "aud", "sub", "exp", "nbf", "iat", SESSION, ORGANIZATION];
const HEADERS = ["alg", "typ", "kid", "crit", "cty", "jku", "x5u", "x5t", "x5t#S256"];
const LISTS = ["roles", "authentication_factors"];
const COPIED = ["started_at", "last_accessed_at", "attributes"];
const MEMBERS = ["id", "expires_at", ...LISTS, ...COPIED];

export const JOSE_DIFFERENCES = [
  {
    name: "base64url must be canonical",
    why: "RFC 4648, section 3.5: otherwise one token has several texts, which evades block lists and caches",
    reason: "invalid_base64url",
    fits: ({ parts }) => parts.some((part) => Buffer.from(part, "base64url").toString("base64url") !== part),
  },
  {
    name: "a token has at most 16 KiB",
    why: "RFC 7515, section 10.12, leaves limits to the implementation",
    reason: "too_long",
    fits: ({ token }) => token.length > 16 * 1024,
  },
  {
    name: "JSON must not begin with a byte order mark",
    why: "RFC 8259, section 8.1, forbids writing it and allows parsers to refuse it",
    reason: "invalid_json",
    fits: ({ texts }) => texts.some((text) => text.startsWith("\ufeff")),
  },
  {
    name: "names of header members must be well-formed Unicode",
    why: "RFC 8259, section 8.2: parsers may read half of a surrogate pair as different names",
    reason: "invalid_json",
    fits: ({ header }) => !Object.keys(header).every(whole),
  },
  {
    name: "relevant header members must be unique",
    why: "RFC 7515, section 4: names are unique, and some parsers use the first member",
    reason: "duplicate_member",
    fits: ({ texts }) => twice(texts[0], HEADERS),
  },
  {
    name: "typ must be JWT",
    why: "RFC 7515, section 4.1.9, treats application/jwt as equal; the API writes JWT",
    reason: "wrong_type",
    fits: ({ header }) => /^application\/jwt$/i.test(header.typ),
  },
  {
    name: "critical extensions are refused",
    why: "RFC 7515, section 4.1.11; jose supports b64 (RFC 7797)",
    reason: "critical_header",
    fits: ({ header }) => "crit" in header,
  },
  {
    name: "nested tokens are refused",
    why: "RFC 7519, section 5.2: cty declares another content type of the payload",
    reason: "invalid_header",
    fits: ({ header }) => "cty" in header && !(typeof header.cty === "string" && /^json$/i.test(header.cty)),
  },
  {
    name: "header members that refer to keys must be well-formed, although they are ignored",
    why: "RFC 7515, sections 4.1.2 to 4.1.8",
    reason: "invalid_header",
    fits: ({ header }) =>
      ["jku", "x5u"].some((name) => name in header && !text(header[name])) ||
      [["x5t", 20], ["x5t#S256", 32]].some(([name, length]) => name in header && !thumbprint(header[name], length)),
  },
  {
    name: "other header values must be finite numbers and well-formed strings",
    why: "jwt-compact reads every member: numbers must not overflow, and strings must not contain half of a surrogate pair (RFC 8259, section 8.2)",
    reason: "invalid_header",
    fits: ({ header }) => !Object.values(header).every(readable),
  },
  {
    name: "names of claims must be well-formed Unicode",
    why: "RFC 8259, section 8.2: parsers may read half of a surrogate pair as different names",
    reason: "invalid_json",
    fits: ({ payload }) => !Object.keys(payload).every(whole),
  },
  {
    name: "relevant claims must be unique",
    why: "RFC 7519, section 4: names are unique, and some parsers use the first member",
    reason: "duplicate_member",
    fits: ({ texts }) => twice(texts[1], DECIDING),
  },
  {
    name: "aud must be a string or a list of strings",
    why: "RFC 7519, section 4.1.3",
    reason: "wrong_audience",
    fits: ({ payload: { aud } }) => Array.isArray(aud) && !aud.every(text),
  },
  ...["exp", "nbf", "iat"].map((name) => ({
    name: `${name} must be a finite number`,
    why: "RFC 7519, section 2: infinity is not a NumericDate, and every token must expire",
    reason: `invalid_${name}`,
    fits: ({ payload }) => Math.abs(payload[name]) === Infinity,
  })),
  {
    name: "sub must be a string",
    why: "RFC 7519, section 4.1.2",
    reason: "invalid_claim",
    fits: ({ payload }) => "sub" in payload && !text(payload.sub),
  },
  {
    name: "a token without a session claim is refused",
    why: "RFC 8725, section 3.12",
    reason: "wrong_token_kind",
    fits: ({ payload }) => !(SESSION in payload),
  },
  {
    name: "a user's session must not have an organization claim",
    why: "RFC 8725, section 3.12: members' sessions have one",
    reason: "wrong_token_kind",
    fits: ({ payload }) => ORGANIZATION in payload,
  },
  {
    name: "the session claim must have the declared types",
    why: "an object with an id, lists, and a date as expires_at",
    reason: "invalid_session",
    fits: ({ payload: { [SESSION]: session } }) => !shaped(session),
  },
  {
    name: "relevant members of the session claim must be unique",
    why: "RFC 8259, section 4, does not define the meaning of duplicate names",
    reason: "duplicate_member",
    fits: ({ sessionText }) => twice(sessionText, MEMBERS),
  },
  {
    name: "the session's end must be representable as expires_at",
    why: "expires_at is a date with a four-digit year, and comes from exp if the session has none",
    reason: "invalid_exp",
    fits: ({ payload: { exp, [SESSION]: session } }) => !session.expires_at && exp >= 253_402_300_800,
  },
];

/** The parts of a token that the rows read. JSON.parse keeps the last of duplicate members. */
export function describe(token) {
  const parts = token.split(".");
  const texts = parts.slice(0, 2).map((part) => Buffer.from(part, "base64url").toString());
  const [header, payload] = texts.map((text) => JSON.parse(text.replace(/^\ufeff/, "")));
  const sessionText = members(texts[1]).findLast(([name]) => name === SESSION)?.[1] ?? "{}";
  return { token, parts, texts, header, payload, sessionText };
}

function shaped(session) {
  if (typeof session !== "object" || session === null || Array.isArray(session)) return false;
  const { id, roles, authentication_factors, expires_at } = session;
  const end = (value) => value === "" || (text(value) && MOMENT.test(value) && !Number.isNaN(Date.parse(value)));
  return (
    text(id) &&
    id !== "" &&
    (roles == null || (Array.isArray(roles) && roles.every(text))) &&
    (authentication_factors == null || Array.isArray(authentication_factors)) &&
    (expires_at == null || end(expires_at))
  );
}

/** RFC 3339, section 5.6. */
const MOMENT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Whether a value is a string of well-formed Unicode. */
function text(value) {
  return typeof value === "string" && whole(value);
}

function whole(text) {
  return text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
}

/** Whether every number in a value is finite, and every string well-formed. */
function readable(value) {
  if (typeof value === "string") return whole(value);
  if (typeof value === "object" && value !== null) return Object.entries(value).flat().every(readable);
  return Math.abs(value) !== Infinity;
}

function thumbprint(value, length) {
  if (!text(value)) return false;
  const bytes = Buffer.from(value, "base64url");
  return bytes.length === length && bytes.toString("base64url") === value;
}

function twice(json, names) {
  const found = members(json).map(([name]) => name);
  return names.some((name) => found.indexOf(name) !== found.lastIndexOf(name));
}

/** The members of an object, including duplicates, each with the text of its value. `json` must be an object. */
function members(json) {
  const found = [];
  let [depth, start, name] = [0, 0, undefined];
  // Matches whole strings, so that brackets inside them are skipped.
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (depth === 1 && token === ":" && name === undefined) {
      name = JSON.parse(json.slice(start, index));
      start = index + 1;
    } else if (depth === 1 && name !== undefined && (token === "," || token === "}")) {
      found.push([name, json.slice(start, index)]);
      [name, start] = [undefined, index + 1];
    }
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth === 1 && token === "{" && name === undefined) start = index + 1;
  }
  return found;
}

// Where our reading of a token and jose's may differ, each with its reason: the first
// row that a token fits has to be what ours says of it. Nothing is taken here that
// jose refuses. Knows tokens by their bytes, not by what either reader made of them.

import { ORGANIZATION, SESSION } from "./jose-values.mjs";

const DECIDING = ["iss", "aud", "sub", "exp", "nbf", "iat", SESSION, ORGANIZATION];
const HEADERS = ["alg", "typ", "kid", "crit", "cty", "jku", "x5u", "x5t", "x5t#S256"];
const LISTS = ["roles", "authentication_factors"];
const COPIED = ["started_at", "last_accessed_at", "attributes"];
const MEMBERS = ["id", "expires_at", ...LISTS, ...COPIED];

export const JOSE_DIFFERENCES = [
  {
    name: "base64url has one text for the same bytes",
    why: "RFC 4648, section 3.5: a token that may be rewritten is not one thing to block or to cache",
    reason: "invalid_base64url",
    fits: ({ parts }) => parts.some((part) => Buffer.from(part, "base64url").toString("base64url") !== part),
  },
  {
    name: "a token has 16 KiB at most",
    why: "RFC 7515, section 10.12, leaves limits to the reader",
    reason: "too_long",
    fits: ({ token }) => token.length > 16 * 1024,
  },
  {
    name: "JSON begins with no byte order mark",
    why: "RFC 8259, section 8.1, has no one write it and lets readers refuse it",
    reason: "invalid_json",
    fits: ({ texts }) => texts.some((text) => text.startsWith("\ufeff")),
  },
  {
    name: "the name of a member of the header is text",
    why: "RFC 8259, section 8.2: two readers may see two names in half a surrogate pair",
    reason: "invalid_json",
    fits: ({ header }) => !Object.keys(header).every(whole),
  },
  {
    name: "a member of the header that is looked at stands there once",
    why: "RFC 7515, section 4: names are unique, and of two readers one takes the first",
    reason: "duplicate_member",
    fits: ({ texts }) => twice(texts[0], HEADERS),
  },
  {
    name: "typ is JWT",
    why: "RFC 7515, section 4.1.9, would have application/jwt mean the same; the API writes JWT",
    reason: "wrong_type",
    fits: ({ header }) => /^application\/jwt$/i.test(header.typ),
  },
  {
    name: "no extension is understood",
    why: "RFC 7515, section 4.1.11; jose knows b64 (RFC 7797)",
    reason: "critical_header",
    fits: ({ header }) => "crit" in header,
  },
  {
    name: "the payload is claims, and no token",
    why: "RFC 7519, section 5.2: cty says that there is something else inside",
    reason: "invalid_header",
    fits: ({ header }) => "cty" in header && !(typeof header.cty === "string" && /^json$/i.test(header.cty)),
  },
  {
    name: "what points at keys has its form, though nobody follows it",
    why: "RFC 7515, sections 4.1.2 to 4.1.8",
    reason: "invalid_header",
    fits: ({ header }) =>
      ["jku", "x5u"].some((name) => name in header && !text(header[name])) ||
      [["x5t", 20], ["x5t#S256", 32]].some(([name, length]) => name in header && !thumbprint(header[name], length)),
  },
  {
    name: "the other values in a header are numbers of a double, and text",
    why: "jwt-compact reads every member: no number overflows, and no text has half a surrogate pair (RFC 8259, section 8.2)",
    reason: "invalid_header",
    fits: ({ header }) => !Object.values(header).every(readable),
  },
  {
    name: "the name of a claim is text",
    why: "the same",
    reason: "invalid_json",
    fits: ({ payload }) => !Object.keys(payload).every(whole),
  },
  {
    name: "a claim that is looked at stands there once",
    why: "RFC 7519, section 4: names are unique, and of two readers one takes the first",
    reason: "duplicate_member",
    fits: ({ texts }) => twice(texts[1], DECIDING),
  },
  {
    name: "aud is a string or strings",
    why: "RFC 7519, section 4.1.3",
    reason: "wrong_audience",
    fits: ({ payload: { aud } }) => Array.isArray(aud) && !aud.every(text),
  },
  ...["exp", "nbf", "iat"].map((name) => ({
    name: `${name} is a number that a double can hold`,
    why: "RFC 7519, section 2: infinity is no NumericDate, and no token is good for ever",
    reason: `invalid_${name}`,
    fits: ({ payload }) => Math.abs(payload[name]) === Infinity,
  })),
  {
    name: "sub is a string",
    why: "RFC 7519, section 4.1.2",
    reason: "invalid_claim",
    fits: ({ payload }) => "sub" in payload && !text(payload.sub),
  },
  {
    name: "a token without a session is of another kind",
    why: "RFC 8725, section 3.12",
    reason: "wrong_token_kind",
    fits: ({ payload }) => !(SESSION in payload),
  },
  {
    name: "a user's session is for no organization",
    why: "RFC 8725, section 3.12: members have one",
    reason: "wrong_token_kind",
    fits: ({ payload }) => ORGANIZATION in payload,
  },
  {
    name: "the session is one that the types promise",
    why: "an object with an id, lists that are lists, an end that is a date",
    reason: "invalid_session",
    fits: ({ payload: { [SESSION]: session } }) => !shaped(session),
  },
  {
    name: "what is looked at in a session stands there once",
    why: "RFC 8259, section 4, leaves open what two of a name mean",
    reason: "duplicate_member",
    fits: ({ sessionText }) => twice(sessionText, MEMBERS),
  },
  {
    name: "the end of a session can be told as a date",
    why: "expires_at is a date of four digits for the year, and from exp where the session has none",
    reason: "invalid_exp",
    fits: ({ payload: { exp, [SESSION]: session } }) => !session.expires_at && exp >= 253_402_300_800,
  },
];

/** What the rows look at; of the objects the last of several members, as JSON.parse has it. */
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

/** A string without half a surrogate pair. */
function text(value) {
  return typeof value === "string" && whole(value);
}

function whole(text) {
  return text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
}

/** Whether every number and every text in a value can be held as it is. */
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

/** The members of an object that is known to be one, duplicates and all, each with its text. */
function members(json) {
  const found = [];
  let [depth, start, name] = [0, 0, undefined];
  // Strings whole, so that what is in them is no bracket.
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

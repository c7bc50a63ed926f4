// Where a request differs from npm stytch's on purpose: by name, each with its reason.
// A row says when it applies and what is expected then, from what npm stytch does.
// README.md has the same table for people.

const REFUSED = { sent: [], error: { name: "ClientError", code: "invalid_argument" } };

/** Rows `{ name, why, applies, expected }`; the first that applies decides. */
export const REQUEST_DIFFERENCES = [
  {
    name: "an argument that cannot stand in a path is refused",
    why: "it would address another resource, and escaping cannot prevent that",
    applies: ({ operation, values: [data] }) =>
      (operation.http?.path_params ?? []).some((name) => !fitsAPath(data?.[name])),
    expected: () => REFUSED,
  },
  {
    name: "authorization that names no session is refused",
    why: "the call would be made with the project's rights in place of the member's",
    applies: (call) => authorizationOf(call) != null && tokensOf(call).length === 0,
    expected: () => REFUSED,
  },
  {
    name: "options that are no object are refused",
    why: "somebody meant to say whose rights the call is made with",
    applies: ({ operation, values: [, options] }) =>
      Boolean(operation.http?.member_session_headers) && options != null && typeof options !== "object",
    expected: () => REFUSED,
  },
  {
    name: "a session that is not visible ASCII is refused",
    why: "no token has such a letter, and a runtime that complains of a header quotes the credential",
    applies: (call) => tokensOf(call).some((token) => !/^[!-~]+$/.test(token)),
    expected: () => REFUSED,
  },
  {
    name: "a text of more than 4,096 letters is refused in a query",
    why: "no route takes one, and servers refuse a longer URL in words of their own",
    applies: ({ operation, values: [data] }) =>
      queryOf(operation, data).some(([, value]) => String(value).length > 4096),
    expected: () => REFUSED,
  },
  {
    name: "a first argument that is no object is refused",
    why: "there is no request that it could mean",
    applies: ({ operation, values: [data] }) => Boolean(operation.http) && data != null && !isRecord(data),
    expected: () => REFUSED,
  },
  {
    name: "fields that JSON cannot hold are a wrong argument",
    why: "npm stytch has a RequestError for them, though no request was made, or leaves them out",
    applies: ({ operation, values: [data] }) =>
      ["POST", "PUT", "DELETE"].includes(operation.http?.method) &&
      !operation.http.form &&
      Object.values(data ?? {}).some((value) => typeof value === "bigint"),
    expected: () => REFUSED,
  },
  {
    name: "a form leaves out what is undefined",
    why: "npm stytch sends the text undefined, or runs into a TypeError where there is no argument",
    applies: ({ operation, values: [data] }) =>
      (operation.http?.form ?? []).some((name) => NEEDED.includes(name) && data?.[name] === undefined),
    expected: async ({ values: [data], theirs, theirsFor }) => {
      const { sent, ...rest } = data == null ? await theirsFor([{}]) : theirs;
      const [{ body, ...request }] = sent;
      const left = body.filter((pair) => !pair.endsWith("=undefined"));
      return {
        ...rest,
        sent: [{ ...request, ...(left.length > 0 ? { body: left } : { body: left, type: "" }) }],
      };
    },
  },
  {
    name: "unknown fields go along also where a path takes some, and in forms",
    why: "a new field of the API needs no new release",
    applies: ({ operation, values: [data], theirs }) =>
      Boolean(operation.http?.path_params ?? operation.http?.form) &&
      theirs.sent.length > 0 &&
      unknownOf(operation, data).length > 0,
    expected: ({ operation, values: [data], theirs }) => {
      const unknown = unknownOf(operation, data);
      const pairs = unknown.map(([name, value]) => `${name}=${value}`);
      const [request] = theirs.sent;
      if (operation.http.method === "GET") {
        return { ...theirs, sent: [{ ...request, query: [...request.query, ...pairs].sort() }] };
      }
      if (operation.http.form) {
        return { ...theirs, sent: [{ ...request, body: [...request.body, ...pairs].sort() }] };
      }
      const body = { ...request.body, ...JSON.parse(JSON.stringify(Object.fromEntries(unknown))) };
      return { ...theirs, sent: [{ ...request, body }] };
    },
  },
];

/** The fields of forms that npm stytch always sends. */
const NEEDED = ["client_id", "client_secret", "token", "SAMLResponse"];

function fitsAPath(value) {
  if (typeof value !== "string" || value.length > 4096) return false;
  // Half a surrogate pair is no letter, and U+FFFD is what would become of it.
  return !["", ".", ".."].includes(value) && !/[\p{Surrogate}\ufffd]/u.test(value);
}

function authorizationOf({ operation, values: [, options] }) {
  return operation.http?.member_session_headers ? options?.authorization : undefined;
}

function tokensOf(call) {
  const { session_token, session_jwt } = authorizationOf(call) ?? {};
  return [session_token, session_jwt].filter((token) => typeof token === "string" && token !== "");
}

function queryOf({ http }, data) {
  if (http?.method !== "GET" || !isRecord(data)) return [];
  return Object.entries(data).filter(([name]) => !http.path_params?.includes(name));
}

function unknownOf({ http }, data) {
  const { path_params = [], query = [], body = [], form = [] } = http;
  const known = [...path_params, ...query, ...body, ...form, "scopes"];
  const given = isRecord(data) ? Object.entries(data) : [];
  return given.filter(([name, value]) => !known.includes(name) && value !== undefined);
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

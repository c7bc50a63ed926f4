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
    applies: ({ operation, path, values: [data] }) =>
      ["POST", "PUT", "DELETE"].includes(operation.http?.method) &&
      !operation.http.form &&
      !picksItsFields(path) &&
      Object.values(data ?? {}).some((value) => typeof value === "bigint"),
    expected: () => REFUSED,
  },
  {
    name: "options of a check are what they are documented to be",
    why: "a visitor's JSON, spread into the call, must not decide how strictly it is checked",
    applies: ({ path, values: [data] }) =>
      path.at(-1) === "authenticateJwt" &&
      isRecord(data) &&
      !areOptions(data),
    expected: () => REFUSED,
  },
  {
    name: "authenticateJwt leaves out what is null",
    why: "null and absent are the same to the API",
    applies: ({ path, values: [data] }) =>
      path.at(-1) === "authenticateJwt" && isRecord(data) && AUTHENTICATED_WITH.some((name) => data[name] === null),
    expected: ({ theirs: { sent, ...rest } }) => {
      const stated = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
      return { ...rest, sent: sent.map(({ body, ...request }) => ({ ...request, body: stated(body) })) };
    },
  },
  {
    name: "a missing argument counts as an empty one",
    why: "npm stytch runs into a TypeError where it does not hand the argument on",
    applies: ({ values: [data], theirs }) =>
      data == null && theirs.error?.name !== "ClientError" && theirs.error,
    expected: async (call) => withoutUndefined(await call.theirsFor([{}])),
  },
  {
    name: "a form leaves out what is undefined",
    why: "npm stytch sends the text undefined",
    applies: ({ operation, required, values: [data] }) =>
      Boolean(operation.http?.form) && Object.keys(required[0]).some((name) => data?.[name] === undefined),
    expected: ({ theirs }) => withoutUndefined(theirs),
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
      const [request, ...others] = theirs.sent;
      const changed = (change) => ({ ...theirs, sent: [{ ...request, ...change }, ...others] });
      if (operation.http.method === "GET") {
        return changed({ query: [...request.query, ...pairs].sort() });
      }
      if (operation.http.form) {
        return changed({ body: [...request.body, ...pairs].sort() });
      }
      return changed({
        body: { ...request.body, ...JSON.parse(JSON.stringify(Object.fromEntries(unknown))) },
      });
    },
  },
];

function withoutUndefined({ sent, ...rest }) {
  return {
    ...rest,
    sent: sent.map(({ body, type, ...request }) => {
      if (!Array.isArray(body)) return { body, type, ...request };
      const left = body.filter((pair) => !pair.endsWith("=undefined"));
      return { body: left, type: left.length > 0 ? type : "", ...request };
    }),
  };
}

/** Whether a method hands on the fields that it knows, in place of its argument. */
export function picksItsFields(path) {
  return ["authenticateJwt", "introspectTokenNetwork", "token"].includes(path.at(-1));
}

function fitsAPath(value) {
  if (typeof value !== "string" || value.length > 4096) return false;
  // Half a surrogate pair is no letter, and U+FFFD is what would become of it.
  return !["", ".", ".."].includes(value) && !/[\p{Surrogate}\ufffd]/u.test(value);
}

const AUTHENTICATED_WITH = ["session_jwt", "session_duration_minutes", "session_custom_claims", "authorization_check"];

/** Whether a check can be made as it is asked for. */
function areOptions({ clock_tolerance_seconds, max_token_age_seconds, current_date, authorization_check }) {
  const isNumber = (value) => value == null || (typeof value === "number" && value >= 0);
  const isText = (value) => typeof value === "string" && !/\p{Surrogate}/u.test(value);
  return (
    isNumber(clock_tolerance_seconds) &&
    clock_tolerance_seconds !== Infinity &&
    isNumber(max_token_age_seconds) &&
    (current_date == null || (current_date instanceof Date && !Number.isNaN(current_date.getTime()))) &&
    (authorization_check == null ||
      [authorization_check.action, authorization_check.resource_id].every(isText))
  );
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

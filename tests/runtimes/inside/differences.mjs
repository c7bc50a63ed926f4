// The deliberate differences between our requests and npm stytch's, each with its reason. A
// row states when it applies, and the expected outcome based on npm stytch's outcome.
// docs/reference/differences.md has the same table for readers.

const REFUSED = { sent: [], error: { name: "ClientError", code: "invalid_argument" } };

/** Rows `{ name, why, applies, expected }`. The first row that applies decides. */
export const REQUEST_DIFFERENCES = [
  {
    name: "an argument that is unsafe in a path is refused",
    why: "it would address another resource, and escaping does not prevent that",
    applies: ({ operation, values: [data] }) =>
      (operation.http?.path_params ?? []).some((name) => !fitsAPath(data?.[name])),
    expected: () => REFUSED,
  },
  {
    name: "authorization without a session is refused",
    why: "the call would have the project's rights instead of the member's",
    applies: (call) => authorizationOf(call) != null && tokensOf(call).length === 0,
    expected: () => REFUSED,
  },
  {
    name: "options that are not an object are refused",
    why: "the caller intended to restrict the rights of the call",
    applies: ({ operation, values: [, options] }) =>
      Boolean(operation.http?.member_session_headers) && options != null && typeof options !== "object",
    expected: () => REFUSED,
  },
  {
    name: "a session that is not visible ASCII is refused",
    why: "tokens have no other characters, and a runtime's error about a header quotes the credential",
    applies: (call) => tokensOf(call).some((token) => !/^[!-~]+$/.test(token)),
    expected: () => REFUSED,
  },
  {
    name: "a string of more than 4,096 characters is refused in a query",
    why: "no route accepts one, and servers refuse long URLs with errors of their own",
    applies: ({ operation, values: [data] }) =>
      queryOf(operation, data).some(([, value]) => String(value).length > 4096),
    expected: () => REFUSED,
  },
  {
    name: "a first argument that is not an object is refused",
    why: "it does not describe a request",
    applies: ({ operation, values: [data] }) => Boolean(operation.http) && data != null && !isRecord(data),
    expected: () => REFUSED,
  },
  {
    name: "fields that JSON cannot represent cause invalid_argument",
    why: "npm stytch throws a RequestError although it sent no request, or omits the fields",
    applies: ({ operation, path, values: [data] }) =>
      ["POST", "PUT", "DELETE"].includes(operation.http?.method) &&
      !operation.http.form &&
      !picksItsFields(path) &&
      Object.values(data ?? {}).some((value) => typeof value === "bigint"),
    expected: () => REFUSED,
  },
  {
    name: "options of a check must have their documented types",
    why: "a request's JSON that is spread into the call must not weaken the check",
    applies: ({ path, values: [data] }) =>
      path.at(-1) === "authenticateJwt" &&
      isRecord(data) &&
      !areOptions(data),
    expected: () => REFUSED,
  },
  {
    name: "authenticateJwt omits fields that are null",
    why: "the API treats null like an absent field",
    applies: ({ path, values: [data] }) =>
      path.at(-1) === "authenticateJwt" && isRecord(data) && AUTHENTICATED_WITH.some((name) => data[name] === null),
    expected: ({ theirs: { sent, ...rest } }) => {
      const stated = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
      return { ...rest, sent: sent.map(({ body, ...request }) => ({ ...request, body: stated(body) })) };
    },
  },
  {
    name: "a missing argument counts as an empty object",
    why: "npm stytch throws a TypeError in methods that read the argument",
    applies: ({ values: [data], theirs }) =>
      data == null && theirs.error?.name !== "ClientError" && theirs.error,
    expected: async (call) => withoutUndefined(await call.theirsFor([{}])),
  },
  {
    name: "a form omits fields that are undefined",
    why: "npm stytch sends the string undefined",
    applies: ({ operation, required, values: [data] }) =>
      Boolean(operation.http?.form) && Object.keys(required[0]).some((name) => data?.[name] === undefined),
    expected: ({ theirs }) => withoutUndefined(theirs),
  },
  {
    name: "unknown fields are sent also by methods with path arguments, and in forms",
    why: "a new field of the API does not require a new release",
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

/** Whether a method sends known fields only, instead of its whole argument. */
export function picksItsFields(path) {
  return ["authenticateJwt", "introspectTokenNetwork", "token"].includes(path.at(-1));
}

function fitsAPath(value) {
  if (typeof value !== "string" || value.length > 4096) return false;
  // Half of a surrogate pair is not a character. Its UTF-8 encoding would be U+FFFD.
  return !["", ".", ".."].includes(value) && !/[\p{Surrogate}\ufffd]/u.test(value);
}

const AUTHENTICATED_WITH = ["session_jwt", "session_duration_minutes", "session_custom_claims", "authorization_check"];

/** Whether the options of a check are valid. */
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

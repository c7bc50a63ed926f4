// Events of a client's hooks, and the attributes that describe them.

export const REQUEST = Object.freeze({
  project_id: "project-test-1",
  operation: "users.get",
  method: "GET",
  path_template: "/v1/users/{user_id}",
  origin: "https://test.stytch.com",
  call: 1,
  attempt: 1,
});

export const RESPONSE = Object.freeze({ ...REQUEST, duration_ms: 12.5, status_code: 200, request_id: "request-id-test-1" });

export const VERDICT = Object.freeze({
  project_id: "project-test-1",
  method: "authenticateRequest",
  status: "authenticated",
  via: "local",
  duration_ms: 2.5,
});

/** The attributes of `REQUEST` in metrics. */
export const ATTRIBUTES = Object.freeze({
  "http.request.method": "GET",
  "server.address": "test.stytch.com",
  "server.port": 443,
  "url.scheme": "https",
  "url.template": "/v1/users/{user_id}",
  "stytch.operation": "users.get",
});

/** The attributes of a verdict in metrics. */
export const verdictAttributes = ({ method, ...rest }) => ({
  "stytch.verdict.method": method,
  ...Object.fromEntries(["status", "reason", "via"].flatMap((name) => (name in rest ? [[`stytch.verdict.${name}`, rest[name]]] : []))),
});

export const CLIENT = 2;
export const INTERNAL = 0;
export const UNSET = 0;
export const ERROR = 2;

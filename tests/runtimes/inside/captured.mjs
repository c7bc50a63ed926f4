// Calls one method of a client over a captured fetch, and returns the outcome: the request, and
// the result or the error. No request leaves this process.

/** The configuration of each client. Each call has its own project, so that calls share no state. */
const CONFIG = {
  Client: (project) => ({ project_id: `project-test-${project}`, secret: "secret-test-x", retries: 0 }),
  B2BClient: (project) => ({ project_id: `project-live-${project}`, secret: "secret-test-:/%?", retries: 0 }),
  SamlShieldClient: () => ({ public_token: "public-token-test-x" }),
};

/** A response of the API: a function that returns a Response, or throws like a failing network. */
export const answering = (body, status = 200) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return () => new Response([204, 304].includes(status) ? null : text, { status });
};

/**
 * The outcome of a call with `values`, as `{ sent, result }` or `{ sent, error }`. `stytch` is
 * the package, `offer` a row of facts.mjs, and `project` the number of the project.
 */
export async function outcome(stytch, { client, path, project = 0 }, values, answer) {
  const sent = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    // Like the runtime's fetch, the constructor normalizes the URL and refuses invalid header values.
    sent.push(await described(new Request(url, init)));
    return answer();
  };
  try {
    const resource = path
      .slice(0, -1)
      .reduce((object, name) => object[name], new stytch[client](CONFIG[client](project)));
    const result = await resource[path.at(-1)](...values);
    // An iterator has not sent a request yet.
    return { sent, result: typeof result?.hasNext === "function" ? await result.next() : result };
  } catch (error) {
    return { sent, error };
  } finally {
    globalThis.fetch = real;
  }
}

async function described(request) {
  const { origin, pathname, searchParams } = new URL(request.url);
  const text = await request.text();
  const header = (name) => request.headers.get(name);
  return {
    method: request.method,
    origin,
    pathname,
    query: [...searchParams].sort().map(([name, value]) => `${name}=${value}`),
    // The content type is irrelevant without a body.
    type: text && header("content-type"),
    body: text && header("content-type") === "application/json" ? sorted(JSON.parse(text)) : fields(text),
    authorization: header("authorization"),
    session_token: header("x-stytch-member-session"),
    session_jwt: header("x-stytch-member-sessionjwt"),
  };
}

function fields(form) {
  return [...new URLSearchParams(form)].sort().map(([name, value]) => `${name}=${value}`);
}

/** Sorts the members, because their order is irrelevant. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

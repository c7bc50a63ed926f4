// Drives one method of a client over a captured fetch, and says what came of it: what
// was sent, and the result or the error. Nothing leaves this process.

/** How each client is set up; a project of its own for each call has nothing kept from another. */
const CONFIG = {
  Client: (project) => ({ project_id: `project-test-${project}`, secret: "secret-test-x" }),
  B2BClient: (project) => ({ project_id: `project-live-${project}`, secret: "secret-test-:/%?" }),
  SamlShieldClient: () => ({ public_token: "public-token-test-x" }),
};

/** Answers that the API may give: a function that makes a Response, or throws as a network does. */
export const answering = (body, status = 200) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return () => new Response([204, 304].includes(status) ? null : text, { status });
};

/**
 * What calling a method with `values` comes to, as `{ sent, result }` or `{ sent, error }`.
 * `stytch` is the package, `offer` a row of facts.mjs, and perhaps the number of a `project`.
 */
export async function outcome(stytch, { client, path, project = 0 }, values, answer) {
  const sent = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    // As the runtime's own would: it normalises the URL and refuses what no header can hold.
    sent.push(await described(new Request(url, init)));
    return answer();
  };
  try {
    const resource = path
      .slice(0, -1)
      .reduce((object, name) => object[name], new stytch[client](CONFIG[client](project)));
    const result = await resource[path.at(-1)](...values);
    // An iterator has asked nothing yet.
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
    // What no body has is no matter of its type.
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

/** The order of members means nothing. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

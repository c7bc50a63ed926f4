// The parts of a cold start, in milliseconds. Import this module before the package: it replaces the functions of the
// runtime that decode, compile, instantiate and fetch, and measures them.

const spent = { decode: 0, compile: 0, instantiate: 0, fetch: 0 };

/** The configuration of a client by the origin of its keys. `store` has the entries that another isolate has stored. */
export const OPTIONS = {
  given: ({ key_set }) => ({ jwks: key_set }),
  fetched: () => ({}),
  store: (_, store) => ({ store: { get: async (key) => store[key] ?? null, put: async () => {} } }),
};

/** The checks of a client or of a verifier, by the class that `load` returns. */
export function checksOf({ Client, SessionVerifier }, { url, project_id }, options) {
  if (!Client) {
    const verifier = new SessionVerifier({ project_id, custom_base_url: url, ...options });
    return { load: () => verifier.loadKeys(), check: (session_jwt) => verifier.authenticateJwtLocal({ session_jwt }) };
  }
  const client = new Client({ project_id, secret: "none", custom_base_url: url, ...options });
  return { load: () => client.loadKeys(), check: (session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt }) };
}

/** Imports the package with `load`, and checks a first token, another token and the first token again. */
export async function partsOf(load, { server, keys, store, tokens }) {
  const found = {};
  const part = async (name, work) => {
    const before = total();
    const started = performance.now();
    const result = await work();
    // The replaced functions are parts of their own.
    found[name] = performance.now() - started - (total() - before);
    return result;
  };
  const module = await part("modules", load);
  const client = await part("client", () => checksOf(module, server, OPTIONS[keys](server, store)));
  await part("keys", client.load);
  await part("first", () => client.check(tokens[0]));
  await part("other", () => client.check(tokens[1]));
  await part("again", () => client.check(tokens[0]));
  return { ...found, ...spent };
}

const total = () => Object.values(spent).reduce((sum, ms) => sum + ms, 0);

/** Calls `work` and adds its time to a part. */
function timed(name, work) {
  const started = performance.now();
  const end = () => (spent[name] += performance.now() - started);
  const result = work();
  if (typeof result?.then === "function") return result.finally(end);
  end();
  return result;
}

function replace(owner, name, part, isMeant = () => true) {
  const its = owner?.[name];
  if (typeof its !== "function") return;
  owner[name] = new Proxy(its, {
    apply(target, self, given) {
      const call = () => Reflect.apply(target, self, given);
      return isMeant(...given) ? timed(part, call) : call();
    },
    construct: (target, given) => timed(part, () => new target(...given)),
  });
}

replace(globalThis, "atob", "decode");
replace(Uint8Array, "fromBase64", "decode");
replace(globalThis.Buffer, "from", "decode", (_, encoding) => encoding === "base64");
replace(WebAssembly, "Module", "compile");
// Only browsers compile the package's wasm in the background. Node compiles a wasm of its own for HTTP.
if (globalThis.document) replace(WebAssembly, "compile", "compile");
replace(WebAssembly, "Instance", "instantiate");
replace(globalThis, "fetch", "fetch");

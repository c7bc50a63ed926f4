// The suite in a page. The runner calls the functions that this module sets on the window. The
// page's import map resolves the unbundled package.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";
import * as stytch from "stytch-edge";
import * as verify from "stytch-edge/verify";

globalThis.runSuite = (emulator) => run({ runtime: "chromium", stytch, verify, emulator, memory });

/** Concurrent local checks. Returns the error's code or the session's id for each. */
globalThis.checkAll = ({ url, consumer }, tokens) => {
  const client = new stytch.Client({ ...consumer, custom_base_url: url });
  const check = (session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });
  return Promise.all(
    tokens.map((token) =>
      check(token).then(
        ({ session_id }) => session_id,
        ({ code }) => code,
      ),
    ),
  );
};

/** A synchronous check before and after loadKeys. Returns the error's code or the session's id for each. */
globalThis.checkSync = async ({ url, consumer }, session_jwt) => {
  const client = new stytch.Client({ ...consumer, custom_base_url: url });
  const check = () => {
    try {
      return client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id;
    } catch ({ code }) {
      return code;
    }
  };
  const before = check();
  await client.loadKeys();
  return [before, check()];
};

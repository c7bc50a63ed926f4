// The suite in a page. The runner calls what hangs on the window here; the package
// comes unbundled, through the page's import map.

// First, so that it sees the wasm start.
import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";
import * as stytch from "stytch-edge";
import * as verify from "stytch-edge/verify";

globalThis.runSuite = (emulator) => run({ runtime: "chromium", stytch, verify, emulator, memory });

/** Some local checks at once; gives a code for each that failed, and the session's id for the others. */
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

/** A check that does not wait, before and after the keys are loaded: the code it fails with, and the session's id. */
globalThis.checkAtOnce = async ({ url, consumer }, session_jwt) => {
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

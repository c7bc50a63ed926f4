// What a bundler uploads for the Worker: wasm-bindgen's glue, the wasm, and the one
// handler that the runtime calls.

import * as glue from "./rust_worker.js";
import module from "./rust_worker_bg.wasm";

glue.initSync({ module });

/** The exports of the wasm, for the test that lists them. */
const names = WebAssembly.Module.exports(module).map(({ name }) => name);

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/exports") return Response.json(names);
    return glue.fetch(request, env, context);
  },
};

// The main module of the Worker: loads wasm-bindgen's glue and the wasm, and exports the fetch handler.

import * as glue from "./rust_worker.js";
import module from "./rust_worker_bg.wasm";

glue.initSync({ module });

/** The names of the wasm's exports. A test compares them with a list. */
const names = WebAssembly.Module.exports(module).map(({ name }) => name);

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/exports") return Response.json(names);
    return glue.fetch(request, env, context);
  },
};

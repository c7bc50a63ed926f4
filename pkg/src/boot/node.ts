// Node: the wasm is part of this module, as base64, because bundlers, test runners and compilers lose files that
// are found by URL.

import base64 from "wasm-as-base64";

import { boot } from "../engine.js";

boot(new WebAssembly.Module(Buffer!.from(base64, "base64")));

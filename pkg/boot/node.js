// Node and Bun: the wasm is a file beside this one, read before anybody asks.
import { readFileSync } from "node:fs";
import { boot } from "../engine.js";

boot(new WebAssembly.Module(readFileSync(new URL("../wasm/stytch_edge_bg.wasm", import.meta.url))));

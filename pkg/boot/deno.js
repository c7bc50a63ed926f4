// Deno: a source phase import compiles the wasm and needs no read permission.
import source module from "../wasm/stytch_edge_bg.wasm";
import { boot } from "../engine.js";

boot(module);

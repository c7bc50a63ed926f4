// Browsers, and whatever runtime is not named: the wasm is fetched by the first call.
import { bootLazily } from "../engine.js";

const url = new URL("../wasm/stytch_edge_bg.wasm", import.meta.url);
bootLazily(() => fetch(url).then(bytesOf).then((bytes) => WebAssembly.compile(bytes)));
const bytesOf = (answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(`HTTP ${answer.status}`)));

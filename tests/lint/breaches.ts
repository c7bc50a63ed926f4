// Each line below a directive breaks a rule of pkg/oxlint.jsonc. `cargo xtask test --only lint-ts` reports a directive
// that hides nothing as an error, so the step fails if the linter misses one of the breaches.

// oxlint-disable-next-line no-restricted-globals -- a call
await fetch("u");
// oxlint-disable-next-line no-restricted-globals -- inside a template literal
export const text = `x ${fetch("u")}`;
// oxlint-disable-next-line no-restricted-globals -- as the tag of a template literal
fetch`u`;
// oxlint-disable-next-line no-restricted-globals -- under another name
const send = fetch;
// oxlint-disable-next-line no-restricted-globals -- called through a method of its own
fetch.call(undefined, "u");
// oxlint-disable-next-line no-restricted-globals -- as an argument
["u"].map(fetch);
// oxlint-disable-next-line no-restricted-globals -- as a property
export const host = { fetch };
// oxlint-disable-next-line no-restricted-globals -- through the global object
globalThis.fetch("u");
// oxlint-disable-next-line no-restricted-globals -- through a string key
self["fetch"]("u");
// oxlint-disable-next-line no-restricted-globals -- through destructuring
const { fetch: taken } = globalThis;
// oxlint-disable-next-line no-restricted-globals -- through reflection
Reflect.get(globalThis, "fetch");
// oxlint-disable-next-line no-restricted-globals -- the global object under another name
const runtime = window;
// oxlint-disable-next-line no-restricted-globals -- a global of pages
document.defaultView?.fetch("u");
// oxlint-disable-next-line no-restricted-globals -- another kind of request
new XMLHttpRequest();
// oxlint-disable-next-line no-restricted-globals -- another kind of request
new WebSocket("u");
// oxlint-disable-next-line no-restricted-globals -- another kind of request
new EventSource("u");
// oxlint-disable-next-line no-restricted-properties -- another kind of request
navigator.sendBeacon("u");
// oxlint-disable-next-line no-restricted-imports -- a runtime's own module
import http from "node:http";
// oxlint-disable-next-line no-restricted-imports -- a module that is loaded later
await import("undici");
// oxlint-disable-next-line no-eval -- from a string
eval("fetch('u')");
// oxlint-disable-next-line no-new-func -- from a string
new Function("return fetch")();

// oxlint-disable-next-line no-restricted-globals -- a call
encodeURIComponent("x");
// oxlint-disable-next-line no-restricted-globals -- inside a template literal
export const path = `/${encodeURIComponent("x")}`;
// oxlint-disable-next-line no-restricted-globals -- as an argument
["x"].map(encodeURIComponent);
// oxlint-disable-next-line no-restricted-globals -- a whole URL
encodeURI("x");
// oxlint-disable-next-line no-restricted-globals -- an old function
escape("x");

// These lines are not breaches: the name belongs to a parameter, a method or an option.
export const local = (fetch: (url: string) => void) => fetch("u");
export const option = (host: { fetch?: (url: string) => void }) => host.fetch?.("u");
export const used = [send, taken, runtime, http];

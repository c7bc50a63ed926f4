// Serves one edge function, an ES module, on 127.0.0.1 with the rules of Vercel's Edge runtime: code
// generation at run time is forbidden, also from wasm bytes, and a wasm file is imported as a
// compiled module. Run it as `node --experimental-vm-modules edge.mjs <file> <port>`. The working
// directory's node_modules must contain @edge-runtime/vm.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { SourceTextModule, SyntheticModule } from "node:vm";

const [entry, port] = process.argv.slice(2);
const { EdgeVM } = createRequire(join(process.cwd(), "package.json"))("@edge-runtime/vm");
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("STYTCH_")));
const { context } = new EdgeVM({
  codeGeneration: { strings: false, wasm: false },
  extend: (context) => Object.assign(context, { process: { env } }),
});
const loaded = new Map();
const main = load(resolve(entry));
await main.link(link);
await main.evaluate();
const handle = main.namespace.default;

createServer(async ({ method, url, headers }, response) => {
  const address = new URL(url, `http://127.0.0.1:${port}`);
  const answer = await handle(new context.Request(`${address}`, { method, headers }), { waitUntil() {} });
  const { "set-cookie": _, ...rest } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, { ...rest, "set-cookie": answer.headers.getSetCookie() });
  response.end(await answer.text());
}).listen(port, "127.0.0.1");

function load(file) {
  const source = readFileSync(file, "utf8");
  return new SourceTextModule(source, { context, identifier: file, importModuleDynamically });
}

function link(specifier, importer) {
  const path = specifier.startsWith(".") ? join(dirname(importer.identifier), specifier) : specifier;
  if (!loaded.has(path)) loaded.set(path, resolved(path));
  return loaded.get(path);
}

async function resolved(path) {
  if (path.startsWith("node:")) return synthetic(path, await import(path));
  const [file, query] = path.split("?");
  if (!file.endsWith(".wasm")) return load(file);
  if (![undefined, "module"].includes(query)) throw new Error(`cannot import wasm as ?${query}`);
  return synthetic(path, { default: new WebAssembly.Module(readFileSync(file)) });
}

function synthetic(identifier, values) {
  const names = Object.keys(values);
  const set = function () {
    for (const name of names) this.setExport(name, values[name]);
  };
  return new SyntheticModule(names, set, { context, identifier });
}

async function importModuleDynamically(specifier, importer) {
  const module = await link(specifier, importer);
  if (module.status === "unlinked") await module.link(link);
  await module.evaluate();
  return module;
}

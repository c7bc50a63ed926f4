// The TypeScript blocks of the README and the guide compile in strict mode. A block with imports is a module. Any other
// block is the body of the function in tests/types/block-frame.ts.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import { deepSame, same } from "../../conformance/assert.js";
import { blocksOf, DOCUMENTS } from "../../packaging/blocks.mjs";

/** The number of blocks that are compiled. */
const COMPILED = 45;

/** Blocks that are not compiled here: the document, words that only this block has, and the reason. */
const NOT_COMPILED = [
  ["docs/guide/nextjs.md", "// app/auth/[...path]/route.ts", "tests/frameworks/next compiles it with Next"],
  ["docs/guide/nextjs.md", "// app/account/page.tsx", "tests/frameworks/next compiles it with Next"],
  ["docs/guide/nextjs.md", "// proxy.ts", "tests/frameworks/next compiles it with Next"],
  ["docs/guide/nextjs.md", "// app/api/me/route.ts", "tests/frameworks/next compiles it with Next"],
  ["docs/guide/nextjs.md", "// app/actions.ts", "tests/frameworks/next compiles it with Next"],
  ["docs/guide/nextjs.md", "intl(request)", "a part of a proxy, without its imports"],
  ["docs/guide/express.md", `from "express"`, "tests/frameworks/servers compiles it with Express"],
  ["docs/guide/fastify.md", `from "fastify"`, "tests/frameworks/servers compiles it with Fastify"],
  ["docs/guide/sveltekit.md", "// src/hooks.server.ts", "tests/frameworks/sveltekit compiles it with SvelteKit"],
  ["docs/guide/sveltekit.md", "// src/app.d.ts", "tests/frameworks/sveltekit compiles it with SvelteKit"],
  ["docs/guide/sveltekit.md", "// src/routes/account/+page.server.ts", "tests/frameworks/sveltekit compiles it with SvelteKit"],
  ["docs/guide/react-router.md", "// app/guard.server.ts", "tests/frameworks/react-router compiles it with React Router"],
  ["docs/guide/react-router.md", "// app/routes/account.tsx", "tests/frameworks/react-router compiles it with React Router"],
  ["docs/guide/react-router.md", "// app/routes/auth.ts", "tests/frameworks/react-router compiles it with React Router"],
  ["docs/guide/astro.md", "// src/middleware.ts", "tests/frameworks/astro compiles it with Astro"],
  ["docs/guide/astro.md", "// src/env.d.ts", "tests/frameworks/astro compiles it with Astro"],
  ["docs/guide/nuxt.md", "// server/session.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/nuxt.md", "// server/middleware/1.log-in.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/nuxt.md", "// server/middleware/2.session.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/nuxt.md", "// shared/session.d.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/nuxt.md", "// app/middleware/account.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/nuxt.md", "// server/api/me.ts", "tests/frameworks/nuxt compiles it with Nuxt"],
  ["docs/guide/hono.md", "// vite.config.ts", "a part of a configuration, without its imports"],
  ["docs/guide/nuxt.md", "// nuxt.config.ts", "Nuxt declares defineNuxtConfig"],
  ["docs/guide/nuxt.md", "esmImport: true", "Nuxt declares defineNuxtConfig"],
];

/** Tests of the blocks, by name. */
export const blockTypeTests = {
  [`${COMPILED} blocks of the documents compile`]: () => {
    same(compiled.length, COMPILED);
    same(complaints(compiled).join("\n"), "");
  },
  "blocks that are not compiled are listed, each with its reason": () => {
    for (const [document, words] of NOT_COMPILED) {
      same(typed.filter((block) => block.document === document && block.text.includes(words)).length, 1, `${document}: ${words}`);
    }
    same(typed.length - compiled.length, NOT_COMPILED.length);
  },
  "a mistake at the end of each block is reported with its line": () => {
    const wrong = compiled.map((block) => ({ ...block, text: `${block.text}true satisfies false;\n` }));
    const lines = wrong.map(({ document, line, text }) => `${document}:${line + text.split("\n").length - 2}`);
    const reported = complaints(wrong).map((complaint) => complaint.replace(/: .*/s, ""));
    deepSame(reported.sort(), lines.sort());
  },
};

const typed = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => ["ts", "tsx"].includes(language));
const compiled = typed.filter(
  ({ document, text }) => !NOT_COMPILED.some(([where, words]) => document === where && text.includes(words)),
);

/** The errors of the compiler, each as `document:line: message`. */
function complaints(blocks) {
  const sources = new Map(blocks.map((block) => [`${types}${block.document.replaceAll("/", "-")}-${block.line}.ts`, framed(block)]));
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists } = host;
  host.readFile = (name) => sources.get(name)?.text ?? readFile(name);
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  const program = ts.createProgram([...sources.keys(), `${types}block-globals.d.ts`], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, "\n");
    const source = sources.get(file?.fileName);
    if (!source) return `${file?.fileName}: ${message}`;
    const line = file.getLineAndCharacterOfPosition(start).line;
    return `${source.document}:${source.line + line}: ${message}`;
  });
}

/** A block as a module, and the line of its document to which the module's first line belongs. */
function framed({ document, line, text }) {
  if (/^import /m.test(text)) return { document, line, text };
  const [before, after] = frame.split("  // the block\n");
  return { document, line: line - (before.split("\n").length - 1), text: before + text + after };
}

const types = fileURLToPath(new URL("../../types/", import.meta.url));
const frame = readFileSync(`${types}block-frame.ts`, "utf8");

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
};

// The blocks of the README and the guide: each has a language that a test knows, and the copies of files in tests/ equal
// these files.

import { readFileSync } from "node:fs";

import { deepSame, ok, same } from "../conformance/assert.js";
import { blocksOf, blockWith, DOCUMENTS, textOf } from "./blocks.mjs";

/** How many blocks of each language other tests compile or run. After a change, change these tests, too. */
const COUNTS = { js: 16, python: 1, rust: 1, ts: 68, tsx: 2, yaml: 3 };

/** The languages of blocks that no test runs. */
const OTHERS = ["diff", "html", "json", "sh", "toml"];

/** The document, words that only this block has, and the file in tests/ that contains the block. */
const COPIES = [
  ["docs/guide/express.md", `from "express"`, "frameworks/servers/typescript/express.ts"],
  ["docs/guide/fastify.md", `from "fastify"`, "frameworks/servers/typescript/fastify.ts"],
  ["docs/guide/nextjs.md", "// app/session.ts", "frameworks/next/app/app/session.ts"],
  ["docs/guide/nextjs.md", "// app/account/page.tsx", "frameworks/next/app/app/account/page.tsx"],
  ["docs/guide/nextjs.md", "// app/auth/[...path]/route.ts", "frameworks/next/app/app/auth/[...path]/route.ts"],
  ["docs/guide/nextjs.md", "// proxy.ts", "frameworks/next/app/proxy.ts"],
  ["docs/guide/nextjs.md", "// app/api/me/route.ts", "frameworks/next/app/app/api/me/route.ts"],
  ["docs/guide/nextjs.md", "// app/actions.ts", "frameworks/next/adapter/app/actions.ts"],
  ["docs/guide/sveltekit.md", "// src/hooks.server.ts", "frameworks/sveltekit/app/src/hooks.server.ts"],
  ["docs/guide/sveltekit.md", "// src/app.d.ts", "frameworks/sveltekit/app/src/app.d.ts"],
  ["docs/guide/sveltekit.md", "// src/routes/account/+page.server.ts", "frameworks/sveltekit/app/src/routes/account/+page.server.ts"],
  ["docs/guide/react-router.md", "// app/guard.server.ts", "frameworks/react-router/app/app/guard.server.ts"],
  ["docs/guide/react-router.md", "// app/routes/account.tsx", "frameworks/react-router/app/app/routes/account.tsx"],
  ["docs/guide/react-router.md", "// app/routes/auth.ts", "frameworks/react-router/app/app/routes/auth.ts"],
  ["docs/guide/astro.md", "// src/session.ts", "frameworks/astro/node/src/session.ts"],
  ["docs/guide/astro.md", "// src/middleware.ts", "frameworks/astro/app/src/middleware.ts"],
  ["docs/guide/astro.md", "// src/env.d.ts", "frameworks/astro/app/src/env.d.ts"],
  ["docs/guide/nuxt.md", "// server/session.ts", "frameworks/nuxt/app/server/session.ts"],
  ["docs/guide/nuxt.md", "// server/middleware/1.log-in.ts", "frameworks/nuxt/app/server/middleware/1.log-in.ts"],
  ["docs/guide/nuxt.md", "// server/middleware/2.session.ts", "frameworks/nuxt/app/server/middleware/2.session.ts"],
  ["docs/guide/nuxt.md", "// shared/session.d.ts", "frameworks/nuxt/app/shared/session.d.ts"],
  ["docs/guide/nuxt.md", "// app/middleware/account.ts", "frameworks/nuxt/app/app/middleware/account.ts"],
  ["docs/guide/nuxt.md", "// server/api/me.ts", "frameworks/nuxt/app/server/api/me.ts"],
  ["docs/guide/rust-workers.md", ".authenticate_request(", "rust-worker/src/lib.rs"],
];

/** Tests of the blocks, by name. */
export const blockTests = {
  "the blocks of the documents have languages that a test knows": () => {
    const counts = {};
    for (const { document, line, language } of DOCUMENTS.flatMap(blocksOf)) {
      if (OTHERS.includes(language)) continue;
      ok(language in COUNTS, `the language ${language} of ${document}:${line} is known`);
      counts[language] = (counts[language] ?? 0) + 1;
    }
    deepSame(counts, COUNTS);
  },
  "every block of the documents is found": () => {
    for (const document of DOCUMENTS) {
      same(textOf(document).split(/```|~~~/).length - 1, 2 * blocksOf(document).length, `the marks of blocks in ${document}`);
    }
  },
  ...Object.fromEntries(
    COPIES.map(([document, words, path]) => [
      `tests/${path} contains the block of ${document}`,
      () => {
        const file = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
        ok(folded(file).includes(folded(blockWith(document, words))), "the file contains the block");
      },
    ]),
  ),
};

/**
 * The text without the name of the file in its first line, and without white space. rustfmt adds a comma after the last item
 * of a list that it breaks into lines.
 */
function folded(text) {
  return text.replace(/^\/\/ \S+\n/, "").replace(/\s+/g, "").replace(/,(?=[)}\]])/g, "");
}

// SvelteKit for Cloudflare Workers, in the newest release that adapter-cloudflare supports.

import { checkPage } from "../pages.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkHooks } from "../sveltekit/adapter-cells.mjs";
import { serveWorker } from "../workers.mjs";

export const cells = [
  {
    name: "sveltekit: the adapter, adapter-cloudflare in workerd, SvelteKit 2",
    group: "sveltekit-cloudflare",
    seconds: 50,
    run: async (harness) => {
      const cwd = await harness.project(["../sveltekit/adapter", "adapter"], { name: "adapter" });
      await harness.exec("vite", ["build"], { cwd, env: WITHOUT_PROJECT, node: "newer" });
      await withProject(harness, async (own, variables) => {
        const { url } = await serveWorker(harness, { cwd, more: variables });
        await checkHooks(own, url);
      });
    },
  },
  {
    name: "sveltekit: adapter-cloudflare in workerd",
    group: "sveltekit-cloudflare",
    seconds: 15,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("app");
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(harness, { cwd });
      await harness.guard.check(`${url}/account`);
      await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
    },
  },
];

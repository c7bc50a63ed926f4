// SvelteKit for Cloudflare Workers, in the newest release that adapter-cloudflare is for.

import { checkPage } from "../pages.mjs";
import { serveWorker } from "../workers.mjs";

export const cells = [
  {
    name: "sveltekit: adapter-cloudflare in workerd",
    group: "sveltekit-cloudflare",
    seconds: 15,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project("app");
      await stand.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(stand, { cwd });
      await stand.visits.check(`${url}/account`);
      await checkPage(stand, `${url}/verify?project_id=${stand.environment.STYTCH_PROJECT_ID}`);
    },
  },
];

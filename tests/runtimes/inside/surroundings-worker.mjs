// The outcomes in a Cloudflare Worker.

import "./surroundings-before.mjs";
import { outcomes } from "./surroundings.mjs";

export default { fetch: async () => new Response(JSON.stringify(await outcomes())) };

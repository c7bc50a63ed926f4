// Deno. Its `fetch` may send a request again.

import { bootInline } from "./inline.js";

bootInline({ resends_text: true });

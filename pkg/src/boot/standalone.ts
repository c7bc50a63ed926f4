// Bun, bundlers for Node and unknown runtimes.

import { bootInline } from "./inline.js";

bootInline({});

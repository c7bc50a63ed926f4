// Prints the outcomes in this process as one line of JSON.

import "./surroundings-before.mjs";
import { outcomes } from "./surroundings.mjs";

console.log(JSON.stringify(await outcomes()));

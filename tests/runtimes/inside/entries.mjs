// Every entry of the package, in the form that the suite expects.

import { Hono } from "hono";
import * as stytch from "stytch-edge";
import { authenticated } from "stytch-edge/hono";
import * as verify from "stytch-edge/verify";

export { stytch, verify };
export const hono = { Hono, authenticated };

import { logInRoutes } from "stytch-edge/next";

import { unreachable, options } from "../../log-ins";

export const { GET, POST } = logInRoutes(unreachable, { ...options, base: "/down" });
export { GET as PUT };

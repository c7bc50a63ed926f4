import { logInRoutes } from "stytch-edge/next";

import { client, options } from "../../log-ins";

export const { GET, POST } = logInRoutes(client, { ...options, base: "/confirm", confirm: true });
export { GET as PUT };

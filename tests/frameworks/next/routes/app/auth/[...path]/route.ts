import { logInRoutes } from "stytch-edge/next";

import { client, options } from "../../session";

export const { GET, POST } = logInRoutes(client, options);
export { GET as PUT };

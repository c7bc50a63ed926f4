import { logInRoutes } from "stytch-edge/next";

import { client, options } from "../../log-ins";

export const { GET, POST } = logInRoutes(client, options);
export { GET as PUT };

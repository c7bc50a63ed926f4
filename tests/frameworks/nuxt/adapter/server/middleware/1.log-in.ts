import { logInRoutes } from "stytch-edge/nuxt";

import { client, options } from "../session";

export default logInRoutes(client, options);

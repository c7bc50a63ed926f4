import { logInRoutes } from "stytch-edge/next";

import { members, options } from "../../log-ins";

export const { GET, POST } = logInRoutes(members, { ...options, base: "/b2b", methods: { ...options.methods, sso: true, mfa: ["totp"] } });
export { GET as PUT };

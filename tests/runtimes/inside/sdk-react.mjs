// The page of an application with @stytch/nextjs: the provider, and the hooks of the session and the user. The server renders the
// page without a session, and the browser hydrates it, as Next does.

import { createStytchClient, StytchProvider, useStytchSession, useStytchUser } from "@stytch/nextjs";
import { createElement } from "react";

/** The client of the SDK. On a server, it has no session. */
export const clientOf = (publicToken, url) => createStytchClient(publicToken, { endpoints: { testAPIURL: url } });

/** The provider with the values of the hooks as JSON. */
export const pageOf = (stytch) => createElement(StytchProvider, { stytch }, createElement(Account));

function Account() {
  const { session, isInitialized } = useStytchSession();
  const { user } = useStytchUser();
  return createElement("output", null, JSON.stringify({ isInitialized, session_id: session?.session_id, user_id: user?.user_id }));
}

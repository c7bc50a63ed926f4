// A page that verifies sessions. The test calls the function that this script sets on the window.

import { Client } from "stytch-edge";

/** Returns the id of the session, or the code of the error. */
globalThis.check = (project, session_jwt) => {
  const client = new Client({ ...project, custom_base_url: location.origin });
  return client.sessions.authenticateJwtLocal({ session_jwt }).then(
    ({ session_id }) => session_id,
    ({ code }) => code,
  );
};

// A page that checks sessions. The test calls what hangs on the window here.

import { Client } from "stytch-edge";

/** Gives the id of the session, or the code of the error. */
globalThis.check = (project, session_jwt) => {
  const client = new Client({ ...project, custom_base_url: location.origin });
  return client.sessions.authenticateJwtLocal({ session_jwt }).then(
    ({ session_id }) => session_id,
    ({ code }) => code,
  );
};

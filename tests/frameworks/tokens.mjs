// The tokens of the emulator for the test files of the test runners.

/** Environment variables with a valid session JWT, an expired one, and the session token that refreshes it. */
export async function tokens({ guard }) {
  const { session_token } = await guard.logIn();
  return {
    GOOD_TOKEN: await guard.emulator.token(),
    EXPIRED_TOKEN: await guard.expired(),
    SESSION_TOKEN: session_token,
  };
}

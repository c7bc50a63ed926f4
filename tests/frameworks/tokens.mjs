// The tokens of the emulator for the test files of the test runners.

/** Environment variables with a valid session JWT, and with the token and an expired JWT of one session. */
export async function tokens({ guard }) {
  const { session_token, session_jwt } = await guard.logIn();
  return {
    GOOD_TOKEN: await guard.emulator.token(),
    EXPIRED_TOKEN: await guard.expired(session_jwt),
    SESSION_TOKEN: session_token,
  };
}

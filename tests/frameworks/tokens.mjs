// The tokens with which test files in the test runners call the emulator.

/** A session JWT that is good, one that has expired, and the session token that refreshes it, as environment variables. */
export async function tokens({ visits }) {
  const { session_token } = await visits.logIn();
  return {
    GOOD_TOKEN: await visits.emulator.token(),
    EXPIRED_TOKEN: await visits.expired(),
    SESSION_TOKEN: session_token,
  };
}

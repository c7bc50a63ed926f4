// Calls of npm stytch without its warnings.

/** Runs `step` without npm stytch's warning about an unknown `env`. */
export function silently(step) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return step();
  } finally {
    console.warn = warn;
  }
}

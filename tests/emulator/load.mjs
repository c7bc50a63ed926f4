// Prints the time from the import to the first emulator with a seed, in milliseconds.

const started = performance.now();
const { createEmulator } = await import("stytch-emulator");
await createEmulator({ seed: 1 });
console.log(performance.now() - started);

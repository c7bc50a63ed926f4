// Makes a call into the WebAssembly fail as a trap does, and prints what callers see.

const { Instance } = WebAssembly;
let fails = false;
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, its) {
    const { exports } = new target(...its);
    const handle = exports.nativeemulator_handle;
    const failing = (...more) => {
      if (fails) throw new WebAssembly.RuntimeError("unreachable");
      return handle(...more);
    };
    return { exports: { ...exports, nativeemulator_handle: failing } };
  },
});

const { createEmulator } = await import("stytch-emulator");
const [one, other] = [await createEmulator({ seed: 1 }), await createEmulator({ seed: 2 })];
const code = (call) => {
  try {
    return call();
  } catch (error) {
    return error.code;
  }
};
fails = true;
const trapped = code(() => one.mint());
fails = false;
const again = code(() => one.mint());
const fresh = await createEmulator({ seed: 3 });
const found = { trapped, again, other: code(() => other.mint()), closed: (other.close(), true) };
console.log(JSON.stringify({ ...found, fresh: (await fresh.fetch("https://test.stytch.com/v1/debug/whoami")).status }));

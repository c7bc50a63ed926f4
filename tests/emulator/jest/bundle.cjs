// A transform of Jest: bundles a test file as CommonJS. The packages are left to Jest.

const { buildSync } = require("esbuild");

module.exports = {
  process(_, entry) {
    const external = ["stytch-emulator", "stytch-edge"];
    const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: "cjs", platform: "node", external, write: false });
    return { code: outputFiles[0].text };
  },
};

// The suite is ES modules, which Jest does not load without an option of Node; esbuild bundles it.
module.exports = { testEnvironment: "node", testMatch: ["**/suite.test.js"], transform: { "\\.js$": require.resolve("./bundle.cjs") } };

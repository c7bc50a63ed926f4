export default { entry: "./server.js", target: "node", output: { filename: "server.cjs" } };

// The suite in a process of Node that requires the packages. Prints the results as JSON.

const { B2BClient, Client } = require("stytch-edge");
const { createEmulator, EmulatorError } = require("stytch-emulator");

import("./suite.js")
  .then(({ run }) => run({ runtime: "node-require", createEmulator, EmulatorError, Client, B2BClient }))
  .then((results) => console.log(JSON.stringify(results)));

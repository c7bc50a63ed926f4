// The same for `require`. Name by name, for tools that read exports and do not run them.
const verify = require("./entry/verify/node.js");

Object.defineProperty(exports, "__esModule", { value: true });
exports.ClientError = verify.ClientError;
exports.SessionVerifier = verify.SessionVerifier;
exports.refusal = verify.refusal;
exports.withSession = verify.withSession;

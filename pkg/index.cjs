// The same for `require`. Name by name, for tools that read exports and do not run them.
const stytch = require("./entry/node.js");

Object.defineProperty(exports, "__esModule", { value: true });
exports.B2BClient = stytch.B2BClient;
exports.Client = stytch.Client;
exports.ClientError = stytch.ClientError;
exports.RequestError = stytch.RequestError;
exports.SamlShield = stytch.SamlShield;
exports.SamlShieldClient = stytch.SamlShieldClient;
exports.SessionVerifier = stytch.SessionVerifier;
exports.StytchError = stytch.StytchError;
exports.cacheStore = stytch.cacheStore;
exports.default = stytch.default;
exports.denoKvStore = stytch.denoKvStore;
exports.envs = stytch.envs;
exports.kvStore = stytch.kvStore;
exports.refusal = stytch.refusal;
exports.withSession = stytch.withSession;

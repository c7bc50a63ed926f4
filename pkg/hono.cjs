// The same for `require`.
const hono = require("./hono.js");

Object.defineProperty(exports, "__esModule", { value: true });
exports.authenticated = hono.authenticated;

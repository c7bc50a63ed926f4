// jest-environment-jsdom has no fetch, Headers and TextDecoder; this is the same with Node's own.
module.exports = { testEnvironment: "jest-fixed-jsdom" };

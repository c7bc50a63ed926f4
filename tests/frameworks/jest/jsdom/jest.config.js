// jest-environment-jsdom lacks fetch, Headers and TextDecoder. This environment adds those of Node.
module.exports = { testEnvironment: "jest-fixed-jsdom" };

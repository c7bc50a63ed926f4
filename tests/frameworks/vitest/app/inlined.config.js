export default { test: { server: { deps: { inline: ["stytch-edge"] } } } };

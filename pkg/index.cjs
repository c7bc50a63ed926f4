module.exports = require("./entry/node.js");

// The plugin that api/redocly.yaml names: a preprocessor that collects the paths of the resource files, the rule about
// descriptions, and a decorator that gives the bundle its shape.

import { collectPaths } from "./collect-paths.mjs";
import { Descriptions } from "./descriptions.mjs";
import { inlineFields } from "./inline-fields.mjs";

export default () => ({
  id: "stytch",
  preprocessors: { oas3: { "collect-paths": collectPaths } },
  decorators: { oas3: { "inline-fields": inlineFields } },
  rules: { oas3: { descriptions: Descriptions } },
});

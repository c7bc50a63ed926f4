// The plugin for api/redocly.yaml: a preprocessor that collects the paths of the resource files, the rule for descriptions,
// and a decorator that inlines fields in the bundle.

import { collectPaths } from "./collect-paths.mjs";
import { Descriptions } from "./descriptions.mjs";
import { inlineFields } from "./inline-fields.mjs";

export default () => ({
  id: "stytch",
  preprocessors: { oas3: { "collect-paths": collectPaths } },
  decorators: { oas3: { "inline-fields": inlineFields } },
  rules: { oas3: { descriptions: Descriptions } },
});

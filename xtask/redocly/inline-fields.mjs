// The bundle has a component for each type and for each response that several requests share. Redocly makes a component for
// every reference. This decorator inlines the components of parameters and single fields, as our own clients do. It also
// removes our own keys, except `x-stytch-methods`, which lists the client methods of a request.

export const inlineFields = () => ({
  Root: {
    leave(root, { location, report }) {
      const { components } = root;
      // If a name occurs twice, Redocly appends a number.
      for (const name of Object.keys(components.schemas).filter((name) => /^[A-Z].*-\d+$/.test(name))) {
        report({ message: `\`${name.replace(/-\d+$/, "")}\` is the name of two types; rename one`, location });
      }
      const bundle = inline(root, components);
      for (const section of Object.keys(components)) {
        const kept = Object.entries(bundle.components[section]).filter(([name]) => isNamed(section, name));
        kept.sort(([a], [b]) => (a < b ? -1 : 1));
        if (kept.length === 0) delete bundle.components[section];
        else bundle.components[section] = Object.fromEntries(kept);
      }
      for (const key of Object.keys(root)) delete root[key];
      const { paths, components: named, ...head } = bundle;
      Object.assign(root, head, { paths: sorted(paths), components: named });
    },
  },
});

function inline(node, components) {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => inline(item, components));
  const [, section, name] = node.$ref?.match(/^#\/components\/([^/]+)\/([^/]+)$/) ?? [];
  // Keys next to a reference override keys of its target.
  const { $ref, ...others } = node;
  const full = section && !isNamed(section, name) ? { ...components[section][name], ...others } : node;
  if (full !== node && full.$ref) return inline(full, components);
  const kept = Object.entries(full).filter(([key]) => !key.startsWith("x-stytch-") || key === "x-stytch-methods");
  return Object.fromEntries(kept.map(([key, value]) => [key, inline(value, components)]));
}

/** Whether a component stays in the bundle. The names of types are in PascalCase, those of fields are not. */
function isNamed(section, name) {
  return section !== "parameters" && (section !== "schemas" || /^[A-Z]/.test(name));
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

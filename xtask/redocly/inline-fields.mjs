// The bundle has a component for each type and for each answer that several requests share. Redocly makes one of every
// reference; those to parameters and to single fields are read in place here, as they are in our own clients. Keys of our own
// that say nothing to other tools go: what stays is which client methods make a request.

export const inlineFields = () => ({
  Root: {
    leave(root, { location, report }) {
      const { components } = root;
      // Redocly makes a name unique by a number at its end.
      for (const name of Object.keys(components.schemas).filter((name) => /^[A-Z].*-\d+$/.test(name))) {
        report({ message: `\`${name.replace(/-\d+$/, "")}\` is the name of two types`, location });
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
  // What stands beside a reference wins over what it leads to.
  const { $ref, ...beside } = node;
  const full = section && !isNamed(section, name) ? { ...components[section][name], ...beside } : node;
  if (full !== node && full.$ref) return inline(full, components);
  const kept = Object.entries(full).filter(([key]) => !key.startsWith("x-stytch-") || key === "x-stytch-methods");
  return Object.fromEntries(kept.map(([key, value]) => [key, inline(value, components)]));
}

/** Types are in PascalCase; fields are as the API spells them. */
function isNamed(section, name) {
  return section !== "parameters" && (section !== "schemas" || /^[A-Z]/.test(name));
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

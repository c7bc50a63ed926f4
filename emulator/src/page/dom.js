// Makes elements and updates the document. Texts become text nodes and never HTML, because all data may be hostile.
//
// `update` keeps the nodes that are displayed and changes only the differences. So the focus, the selection, the scroll
// position and open details survive a refresh.

/**
 * Makes an element. `null` as an attribute leaves the attribute out, `true` adds it without a value. `key` identifies the
 * element among its siblings.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key === "key" ? "data-key" : key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Makes a link if the URL's scheme is http or https, otherwise an element that cannot be clicked. */
export function link(url, attributes, ...children) {
  const scheme = URL.canParse(url) ? new URL(url).protocol : "";
  const is_safe = scheme === "http:" || scheme === "https:";
  return is_safe
    ? element("a", { ...attributes, href: url, rel: "noreferrer" }, ...children)
    : element("span", { ...attributes, "aria-disabled": "true" }, ...children);
}

/** Makes the children of an element equal to the given nodes. */
export function update(parent, fresh) {
  const wanted = new Set(fresh.map(keyOf));
  for (const child of [...parent.childNodes]) {
    if (keyOf(child) !== undefined && !wanted.has(keyOf(child))) child.remove();
  }
  const known = new Map([...parent.childNodes].map((child) => [keyOf(child), child]));
  known.delete(undefined);
  let at = parent.firstChild;
  for (const node of fresh) {
    const key = keyOf(node);
    const old = key === undefined ? at : known.get(key);
    if (!old || keyOf(old) !== key || old.nodeName !== node.nodeName) {
      parent.insertBefore(node, at);
    } else if (old === at) {
      at = at.nextSibling;
      change(old, node);
    } else {
      parent.insertBefore(old, at);
      change(old, node);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function change(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // The user opens and closes details.
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  update(old, [...fresh.childNodes]);
}

function keyOf(node) {
  return node.dataset?.key;
}

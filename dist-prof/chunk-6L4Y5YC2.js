import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/packages/purl.ts
var imagePurlType = "oci";
var encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%3A", ":");
function purl({ type, namespace, name, version, qualifiers = {} }) {
  const pairs = Object.entries(qualifiers).filter(([, value]) => value !== void 0 && value !== "").sort(([a], [b]) => a < b ? -1 : 1).map(([key, value = ""]) => `${key}=${encoded(value)}`);
  return [
    `pkg:${type}/`,
    namespace === void 0 ? "" : `${encoded(namespace)}/`,
    encoded(name),
    version === void 0 ? "" : `@${encoded(version)}`,
    pairs.length === 0 ? "" : `?${pairs.join("&")}`
  ].join("");
}
function upstream({ name, version, source }) {
  if (source.version !== version) return `${source.name}@${source.version}`;
  return source.name === name ? void 0 : source.name;
}
function packagePurl(record, distro) {
  const { kind, name, version, architecture } = record;
  return purl({
    type: kind,
    namespace: distro.id,
    name,
    version,
    qualifiers: { arch: architecture, distro: distro.release, upstream: upstream(record) }
  });
}

// src/packages/update.ts
function mergeUpdated(before, after, isUpdated) {
  const old = new Set(before.map(({ name }) => name));
  const fresh = after.filter((each) => isUpdated(each) || !old.has(each.name));
  const kept = before.filter((each) => !isUpdated(each));
  return [...kept, ...fresh].sort((a, b) => a.name < b.name ? -1 : 1);
}

export {
  imagePurlType,
  purl,
  packagePurl,
  mergeUpdated
};
//# sourceMappingURL=chunk-6L4Y5YC2.js.map

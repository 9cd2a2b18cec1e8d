import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/image/reference.ts
var domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
var domainPattern = new RegExp(
  `^(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`
);
var pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
var tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var identifier = /^[a-f0-9]{64}$/;
var longestName = 255;
function refuse(text, why) {
  throw new MkbaseError({
    code: "USAGE",
    message: `${JSON.stringify(text)} is not an image reference to tag with: ${why}.`,
    hint: "Write [registry[:port]/]name[:tag] with a lower-case name, for instance mkbase/hello:1.0."
  });
}
function splitDomain(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  const isDomain = slash !== -1 && (/[.:A-Z]/.test(first) || first === "localhost");
  return isDomain ? [first, name.slice(slash + 1)] : [void 0, name];
}
function parseReference(text) {
  if (text.includes("@")) refuse(text, "a digest is computed, not chosen");
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  const name = colon === -1 ? text : text.slice(0, colon);
  const tag = colon === -1 ? "latest" : text.slice(colon + 1);
  const [domain, path] = splitDomain(name);
  if (domain !== void 0 && !domainPattern.test(domain)) {
    refuse(text, `${JSON.stringify(domain)} is not a registry's name`);
  }
  if (!pathPattern.test(path)) refuse(text, `${JSON.stringify(path)} is not a name`);
  if (!tagPattern.test(tag)) refuse(text, `${JSON.stringify(tag)} is not a tag`);
  if (name.length > longestName) refuse(text, `its name is longer than ${longestName} characters`);
  if (identifier.test(name)) refuse(text, "engines would take it for an image id");
  return { domain, path, tag };
}
var shortForm = ({ domain, path, tag }) => `${domain === void 0 ? "" : `${domain}/`}${path}:${tag}`;
function fullForm({ domain, path, tag }) {
  if (domain !== void 0 && domain !== "docker.io") return `${domain}/${path}:${tag}`;
  return `docker.io/${path.includes("/") ? path : `library/${path}`}:${tag}`;
}

export {
  parseReference,
  shortForm,
  fullForm
};
//# sourceMappingURL=chunk-HHDGQMDT.js.map

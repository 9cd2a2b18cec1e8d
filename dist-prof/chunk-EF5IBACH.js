import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  kindOf,
  sourceOf
} from "./chunk-KN3M32LU.js";
import {
  nameOf
} from "./chunk-7SZXV43M.js";

// src/lock/inputs.ts
import { createHash } from "node:crypto";
import { posix } from "node:path";
var fileName = (url) => {
  const { pathname, host } = new URL(url);
  return posix.basename(pathname) || host;
};
function fileInput({ url, sha256 }) {
  const name = nameOf(url);
  const comparedAs = { name: url, version: `sha256:${sha256.slice(0, 12)}` };
  return {
    ...{ role: "file", name, uri: url, url, file: fileName(url), sha256, comparedAs },
    trust: { by: "recipe" }
  };
}
var partOf = (from) => {
  const kind = kindOf(from);
  const locked = sourceOf(from);
  return { inputs: kind.inputs(locked), indexes: kind.indexes(locked) };
};
function imageSet({ from, files = [] }) {
  const { inputs, indexes } = partOf(from);
  return { of: "image", name: "image", inputs: [...inputs, ...files.map(fileInput)], indexes };
}
var builderSet = ({ toolchain }) => toolchain && { of: "builder", name: toolchain.name, ...partOf(toolchain.from) };
function inputSets(lock) {
  const builder = builderSet(lock);
  return [imageSet(lock), ...builder ? [builder] : []];
}
function blobsOf(sets) {
  const all = sets.flatMap(
    ({ inputs, indexes }) => [...inputs, ...indexes].map(({ sha256, file }) => ({ sha256, name: file }))
  );
  return [...new Map(all.map((blob) => [blob.sha256, blob])).values()];
}
function inputsDigest(lock) {
  const { inputs } = imageSet(lock);
  const own = inputs.filter(({ role }) => role !== "package-tool");
  const lines = blobsOf([{ inputs: own, indexes: [] }]).map(
    ({ sha256, name }) => `${sha256}  ${name}
`
  );
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}

export {
  imageSet,
  builderSet,
  inputSets,
  blobsOf,
  inputsDigest
};
//# sourceMappingURL=chunk-EF5IBACH.js.map

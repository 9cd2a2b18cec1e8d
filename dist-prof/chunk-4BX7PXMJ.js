import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  inputSets
} from "./chunk-EF5IBACH.js";
import {
  kindOf,
  sourceOf,
  withSource
} from "./chunk-KN3M32LU.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/lock/changes.ts
var short = (sha256) => `sha256:${sha256.slice(0, 12)}`;
function pinsOf(lock) {
  const pins = (lock === void 0 ? [] : inputSets(lock)).flatMap(
    ({ name: set, inputs }) => inputs.filter(({ role }) => role !== "package-tool").map(({ name, version, sha256, comparedAs }) => ({
      set,
      sha256,
      ...comparedAs ?? { name, version: version ?? short(sha256) }
    }))
  );
  return new Map(pins.map((pin) => [`${pin.set} ${pin.name}`, pin]));
}
function lockChanges(before, after) {
  const [old, now] = [pinsOf(before), pinsOf(after)];
  return [.../* @__PURE__ */ new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key), now.get(key)];
    if (a?.sha256 === b?.sha256) return [];
    const { set, name } = b ?? a;
    const same = a !== void 0 && b !== void 0 && a.version === b.version;
    const shown = (pin) => pin && (same ? short(pin.sha256) : pin.version);
    return [{ set, name, before: shown(a), after: shown(b) }];
  });
}
var packagesOf = (inputs) => inputs.filter(({ role }) => role === "package");
var packagesIn = (lock) => inputSets(lock).flatMap(({ inputs }) => packagesOf(inputs));
async function updatedPart(before, after, names) {
  if (before.kind !== after.kind) return after;
  const named = [before, after].flatMap(
    (from) => packagesOf(kindOf(from).inputs(sourceOf(from))).filter(({ name }) => names.includes(name))
  );
  const sources = new Set(named.map(({ name, source }) => source?.name ?? name));
  const { update } = await kindOf(after).load();
  return withSource(after, update(sourceOf(before), sourceOf(after), sources));
}
async function updateOnly(before, after, names) {
  const packages = [before, after].flatMap(packagesIn);
  for (const name of names) {
    if (packages.some((each) => each.name === name)) continue;
    throw new MkbaseError({
      code: "PACKAGE_NOT_FOUND",
      message: `The lock pins no package ${name}, so --only cannot update it.`,
      hint: "Name one that `mkbase show` lists, or leave --only out to update all."
    });
  }
  const [old, now] = [before.toolchain, after.toolchain];
  return {
    ...after,
    epoch: before.epoch,
    from: await updatedPart(before.from, after.from, names),
    ...now && {
      toolchain: old ? { ...now, from: await updatedPart(old.from, now.from, names) } : now
    }
  };
}

export {
  lockChanges,
  updateOnly
};
//# sourceMappingURL=chunk-4BX7PXMJ.js.map

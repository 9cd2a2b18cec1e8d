import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockChanges
} from "./chunk-4BX7PXMJ.js";
import {
  families,
  rootfsView
} from "./chunk-5THGRWDT.js";
import {
  importOutput
} from "./chunk-WZWFXZVQ.js";
import {
  comparePaths,
  differences
} from "./chunk-2L2WQICQ.js";
import {
  isEmpty,
  record
} from "./chunk-IIMGXTQ4.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/diff/causes.ts
import { gunzipSync } from "node:zlib";
var only = ({ one, other, keywords }, ...allowed) => one !== void 0 && other !== void 0 && keywords.every(({ keyword }) => allowed.includes(keyword));
var at = (pattern) => ({ path }) => pattern.test(path) ? "" : void 0;
var shown = ({ name, before = "absent", after = "absent" }) => `${name} ${before} \u2192 ${after}`;
var linesOf = (bytes) => bytes.toString("latin1").split("\n");
var withoutDate = (bytes) => linesOf(bytes).map(
  (line) => line.split(":").with(Math.min(2, line.split(":").length - 1), "").join(":")
).join("\n");
function sameBut({ path }, { contentsOf }, form) {
  const contents = contentsOf(path);
  return contents && form(contents[0]) === form(contents[1]) ? "" : void 0;
}
function unpacked(bytes) {
  try {
    return gunzipSync(bytes, { maxOutputLength: 64 * 1024 ** 2 }).toString("latin1");
  } catch {
    return bytes.toString("latin1");
  }
}
function changedOwner({ path }, { ownersOf, changeOf }) {
  const changes = ownersOf(path).flatMap((name) => changeOf(name) ?? []);
  return changes.length === 0 ? void 0 : [...new Set(changes.map(shown))].join(", ");
}
function leftOut({ path, one, other }, facts) {
  if (one !== void 0 && other !== void 0) return void 0;
  const [owner] = facts.ownersOf(path).filter(facts.onBothSides);
  return owner;
}
var alternative = /^\/?etc\/alternatives\//;
var most = 3;
function someInputs(inputs) {
  const first = inputs.slice(0, most).map(shown).join(", ");
  return inputs.length > most ? `${first} and ${inputs.length - most} more` : first;
}
var causes = [
  {
    name: "timestamp",
    reason: "Only the time differs: the contents are the same.",
    explains: (difference) => only(difference, "time") ? "" : void 0
  },
  {
    name: "links",
    reason: "Only the number of names differs: a hard link on one side is a copy on the other.",
    explains: (difference) => only(difference, "nlink", "time") ? "" : void 0
  },
  {
    name: "machine-id",
    reason: "A random id of one machine (machine-id(5)); an image should have none.",
    explains: at(/^(?:etc\/machine-id|var\/lib\/dbus\/machine-id)$/)
  },
  {
    name: "shadow-date",
    reason: "The day on which a password was last changed (shadow(5)): the day of the build.",
    explains: (difference, facts) => /^etc\/g?shadow-?$/.test(difference.path) ? sameBut(difference, facts, withoutDate) : void 0
  },
  {
    name: "python-bytecode",
    reason: "Compiled Python holds the time of its source unless it is compiled by hash (PEP 552).",
    explains: at(/(?:^|\/)__pycache__(?:\/|$)|\.py[co]$/)
  },
  {
    name: "log",
    reason: "A log of the build, with its times.",
    explains: at(/^var\/log\//)
  },
  {
    name: "cache",
    reason: "A cache that is made anew when it is missing.",
    explains: at(
      /^(?:var\/cache\/|etc\/ld\.so\.cache$|.*\/(?:fontconfig|mime\.cache|icon-theme\.cache)(?:\/|$))/
    )
  },
  {
    name: "package-lists",
    reason: "Indexes of the package manager, of another day: apt's lists, apk's cache.",
    explains: at(
      /^var\/lib\/apt\/(?:lists\/|extended_states$)|^(?:usr\/)?lib\/apk\/db\/(?!installed$)/
    )
  },
  {
    name: "random",
    reason: "Made from random numbers; an image that is shared must not have it.",
    explains: at(
      /^(?:etc\/ssh\/ssh_host_.*|var\/lib\/(?:systemd\/random-seed|urandom\/random-seed))$/
    )
  },
  {
    name: "host",
    reason: "Copied from the machine that the image was made on.",
    explains: at(/^etc\/(?:hostname|hosts|resolv\.conf)$/)
  },
  {
    name: "devices",
    reason: "Container engines make /dev themselves and hide what an image has there.",
    explains: at(/^dev\//)
  },
  {
    name: "backup",
    reason: "What a file of accounts was before its last change.",
    explains: at(/^etc\/(?:passwd|group|g?shadow|sub[ug]id)-$/)
  },
  {
    name: "package",
    reason: "It belongs to a package that is of another version, or on one side only.",
    explains: changedOwner
  },
  {
    name: "left-out",
    reason: "A file of a package that both sides have in the same version: one leaves it out (slim).",
    explains: leftOut
  },
  {
    name: "alternatives",
    reason: "A choice of update-alternatives, whose file is another or is left out.",
    explains: ({ path, one, other }) => [path, one?.target ?? "", other?.target ?? ""].some((each) => alternative.test(each)) ? "" : void 0
  },
  {
    name: "package-records",
    reason: "The package manager's own record of packages that changed.",
    explains: at(/^(?:var\/lib\/dpkg\/|(?:usr\/)?lib\/apk\/db\/)/)
  },
  {
    name: "order",
    reason: "The same lines in another order: something read a folder or a hash table as it came.",
    explains: (difference, facts) => sameBut(difference, facts, (bytes) => linesOf(bytes).sort().join("\n"))
  },
  {
    name: "compression",
    reason: "The same contents compressed otherwise: a time in the header (RFC 1952), or another tool.",
    explains: (difference, facts) => difference.path.endsWith(".gz") ? sameBut(difference, facts, unpacked) : void 0
  },
  {
    name: "permissions",
    reason: "Only mode or owner differ: a umask, or whoever unpacked it.",
    explains: (difference) => only(difference, "mode", "uid", "gid", "time") ? "" : void 0
  },
  {
    name: "inputs",
    reason: "It was built from inputs that changed: the builder, or the source archive.",
    explains: ({ path }, { ownersOf, inputs }) => inputs.length > 0 && ownersOf(path).length === 0 ? someInputs(inputs) : void 0
  },
  {
    name: "recipe",
    reason: "The recipes differ, and no package owns the path.",
    explains: ({ path }, { ownersOf, recipeChanged }) => recipeChanged && ownersOf(path).length === 0 ? "" : void 0
  }
];
var unexplained = {
  name: "unexplained",
  reason: "Nothing known explains it: look at these."
};

// src/diff/config.ts
var enginesOwn = /* @__PURE__ */ new Set(["container", "container_config", "docker_version", "id", "parent"]);
var without = (value, leave) => Object.fromEntries(Object.entries(value).filter(([key, member]) => !leave(key, member)));
function comparable(config) {
  return {
    ...without(config, (key) => enginesOwn.has(key)),
    config: without(record(config.config), (_, member) => isEmpty(member))
  };
}
var causes2 = [
  [/^(?:created|history\[\d+\]\.created)$/, "timestamp"],
  [/^(?:comment|history\[\d+\]\..*)$/, importOutput.name],
  [/^rootfs\.diff_ids/, "files"],
  [/^(?:architecture|os|variant)$/, "platform"],
  [/^config(?:\.|$)/, "recipe"]
];
var configDifferences = (one, other) => differences(comparable(one), comparable(other)).map((each) => ({
  ...each,
  cause: causes2.find(([pattern]) => pattern.test(each.field))?.[1] ?? "unexplained"
}));

// src/diff/packages.ts
async function installedIn({ entries = [] }) {
  const view = rootfsView(entries);
  const versions = /* @__PURE__ */ new Map();
  const owners = /* @__PURE__ */ new Map();
  try {
    for (const family of families) {
      for (const { record: record2, claims } of await family.database(view) ?? []) {
        versions.set(record2.name, record2.version);
        for (const { path } of claims(record2.name)) owners.set(view.resolve(path), record2.name);
      }
      const recorded = await family.recorded?.(view);
      for (const [name, version] of recorded?.versions ?? []) versions.set(name, version);
      for (const [path, name] of recorded?.owners ?? []) owners.set(path, name);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { versions, owners };
}
function databaseChanges(before, after) {
  const names = [.../* @__PURE__ */ new Set([...before.versions.keys(), ...after.versions.keys()])].sort();
  return names.map((name) => ({
    set: "image",
    name,
    before: before.versions.get(name),
    after: after.versions.get(name)
  })).filter((change) => change.before !== change.after);
}
var packageChanges = ([one, other], [before, after]) => one.lock && other.lock ? lockChanges(one.lock, other.lock) : databaseChanges(before, after);

// src/diff/diff.ts
var filesOf = (entries) => new Map(
  entries.flatMap((entry) => entry.type === "file" ? [[entry.path, entry]] : [])
);
var mostOfOne = 1024 ** 2;
var mostOfAll = 32 * 1024 ** 2;
async function changedContents(differences2, one = [], other = []) {
  const [before, after] = [filesOf(one), filesOf(other)];
  const contents = /* @__PURE__ */ new Map();
  let held = 0;
  for (const { path, keywords } of differences2) {
    const [a, b] = [before.get(path), after.get(path)];
    if (!a || !b || !keywords.some(({ keyword }) => keyword === "sha256")) continue;
    if (a.size > mostOfOne || b.size > mostOfOne || held + a.size + b.size > mostOfAll) continue;
    held += a.size + b.size;
    contents.set(path, [await readContent(a.content), await readContent(b.content)]);
  }
  return contents;
}
var isSame = ({ digests, recipe, packages, paths, config }) => [digests, recipe, packages, paths, config].every((each) => each.length === 0);
function explain(difference, facts) {
  for (const { name, explains } of causes) {
    const detail = explains(difference, facts);
    if (detail !== void 0) return { ...difference, cause: name, detail };
  }
  return { ...difference, cause: unexplained.name, detail: "" };
}
function both([a, b], compare) {
  return a === void 0 || b === void 0 ? [] : compare(a, b);
}
function digestsBetween(one, other) {
  const common = Object.keys(one.digests).filter((name) => Object.hasOwn(other.digests, name));
  return common.flatMap((name) => differences(one.digests[name], other.digests[name], name));
}
var parts = [
  ["lock", "lock", "lock"],
  ["recipe", "recipe", "provenance"],
  ["paths", "files", "root filesystem"],
  ["config", "config", "image config"]
];
var comparedOf = (one, other) => parts.flatMap(([field, what]) => one[field] && other[field] ? [what] : []);
var missingOf = (one, other) => parts.flatMap(([field, what, lacks]) => {
  if (one[field] === void 0 === (other[field] === void 0)) return [];
  return [`${what}: ${(one[field] === void 0 ? one : other).name} has no ${lacks}`];
});
function requireCommon(one, other) {
  const compared = comparedOf(one, other);
  if (compared.length > 0) return compared;
  throw new MkbaseError({
    code: "USAGE",
    message: `${one.name} and ${other.name} have nothing that could be compared: ${missingOf(one, other).join("; ")}.`,
    hint: "Name two output folders, archives or images, or two locks."
  });
}
function factsOf(packages, [before, after], contents, recipeChanged) {
  const inImage = new Map(
    packages.filter(({ set }) => set === "image").map((change) => [change.name, change])
  );
  const isPackage = (name) => before.versions.has(name) || after.versions.has(name);
  return {
    ownersOf: (path) => [before.owners.get(path), after.owners.get(path)].filter((name) => name !== void 0),
    onBothSides: (name) => before.versions.has(name) && after.versions.has(name),
    changeOf: (name) => inImage.get(name),
    contentsOf: (path) => contents.get(path),
    inputs: packages.filter(({ set, name }) => set !== "image" || !isPackage(name)),
    recipeChanged
  };
}
async function diff(one, other) {
  const compared = requireCommon(one, other);
  const installed = [await installedIn(one), await installedIn(other)];
  const packages = packageChanges([one, other], installed);
  const recipe = both([one.recipe, other.recipe], (a, b) => differences(a, b));
  const paths = both([one.paths, other.paths], comparePaths);
  const contents = await changedContents(paths, one.entries, other.entries);
  const facts = factsOf(packages, installed, contents, recipe.length > 0);
  return {
    one: one.name,
    other: other.name,
    digests: digestsBetween(one, other),
    recipe,
    packages,
    paths: paths.map((each) => explain(each, facts)),
    config: both([one.config, other.config], configDifferences),
    compared,
    missing: missingOf(one, other)
  };
}

export {
  causes,
  unexplained,
  isSame,
  diff
};
//# sourceMappingURL=chunk-EF33RX3V.js.map

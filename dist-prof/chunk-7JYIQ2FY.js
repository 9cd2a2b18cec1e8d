import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  debianRules,
  licenceFinder,
  recordedInstalled,
  unpackedRules
} from "./chunk-IQCQLPDV.js";
import {
  parseRelations
} from "./chunk-L5GUHF3F.js";
import {
  debMembers,
  debRecord,
  readDebFiles
} from "./chunk-WSLDK5XW.js";
import {
  mapConcurrent
} from "./chunk-CGY25BUW.js";
import {
  noParts
} from "./chunk-NMZX4AIR.js";
import {
  family
} from "./chunk-BQTZTREF.js";
import {
  parseParagraph
} from "./chunk-FYFTS2JL.js";
import {
  decompress,
  refusedArchive
} from "./chunk-R3GKPU3X.js";
import {
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/packages/deb/installed/unpacked-packages.ts
var records = "var/lib/dpkg/status.d";
var sha256 = (bytes) => ({
  type: "file",
  algorithm: "sha256",
  digest: sha256OfBytes(bytes)
});
function recordFiles({ locked, control, md5sums }) {
  const stanza = Buffer.from(`${control.toString("latin1").trimEnd()}
`, "latin1");
  const files = [[`${records}/${locked.name}`, sha256(stanza)]];
  if (md5sums !== void 0) files.push([`${records}/${locked.name}.md5sums`, sha256(md5sums)]);
  return files;
}
function placing(view, diversions, name) {
  const inTree = (path) => view.resolve(Buffer.from(path).toString("latin1"));
  const others = diversions.filter(({ by }) => by !== name);
  const moved = new Map(others.map(({ path, to }) => [inTree(path), inTree(to)]));
  return (path) => {
    const place = view.resolve(path);
    return moved.get(place) ?? place;
  };
}
async function unpackedPackages({ packages }, diversions, { view, store }, io) {
  const debs = await mapConcurrent(
    packages,
    2,
    (each, group) => readDebFiles(each, store, group),
    io
  );
  const copyrights = /* @__PURE__ */ new Map();
  const installed = debs.flatMap((deb) => {
    const { name } = deb.locked;
    if (deb.copyright !== void 0) copyrights.set(name, deb.copyright);
    const record = debRecord(deb.fields);
    if (record === void 0) return [];
    const place = placing(view, diversions, name);
    const files = [...deb.files].map(([path, what]) => [
      place(path),
      what
    ]);
    const claims = (component) => [...files, ...recordFiles(deb)].map(([path, expected]) => ({ component, path, expected }));
    return [{ record, claims }];
  });
  return { packages: installed, copyrights };
}

// src/kinds/debs/deb-parts.ts
async function unpackedParts(debs, diversions, { view, store, families }, io) {
  const base = { ...noParts, madeByBuild: true };
  if (store === void 0) {
    if (families.has(family)) return base;
    const recorded = await recordedInstalled(view);
    return { ...base, packages: recorded, generated: [...unpackedRules, ...debianRules] };
  }
  if (families.has(family)) {
    const finder2 = licenceFinder({ view, known: /* @__PURE__ */ new Map(), locked: { debs, store } }, io);
    return { ...base, licences: /* @__PURE__ */ new Map([[family, finder2]]) };
  }
  const { packages, copyrights } = await unpackedPackages(debs, diversions, { view, store }, io);
  const finder = licenceFinder({ view, known: copyrights, locked: { debs, store } }, io);
  return {
    ...base,
    packages,
    generated: [...unpackedRules, ...debianRules],
    licences: /* @__PURE__ */ new Map([[family, finder]])
  };
}

// src/packages/deb/unpack/deb-member.ts
var debName = ({ filename }) => filename.slice(filename.lastIndexOf("/") + 1);
function spoolMember(member, file, what, limits, { signal }) {
  const source = `${member.name}.tar of ${what}`;
  const { maxBytes } = limits;
  const stream = decompress(member.content, member.compression, { maxBytes, what: source, signal });
  return spoolTar(stream, file, { source, limits });
}
async function contentOf(entries, path) {
  const entry = entries.find((each) => each.type === "file" && each.path === path);
  return entry?.type === "file" ? readContent(entry.content) : void 0;
}
async function tellingDamage(locked, store, io, read) {
  try {
    await read();
  } catch (error) {
    const refused = error instanceof MkbaseError && error.code === "ARCHIVE_REFUSED";
    if (!refused || await store.verify(locked.sha256, io)) throw error;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The stored ${debName(locked)} was damaged, and has been removed from the store.`,
      hint: "Run the same command again; it is fetched anew.",
      cause: error
    });
  }
}

// src/packages/deb/unpack/deb-control.ts
import { rm } from "node:fs/promises";
import { join } from "node:path";
var controlLimits = { maxBytes: 16 * 1024 ** 2, maxEntries: 1e3 };
async function readControl(member, file, locked, io) {
  const spool = `${file}.control.tar`;
  const what = debName(locked);
  const entries = await spoolMember(member, spool, what, controlLimits, io);
  try {
    const control = await contentOf(entries, "control");
    if (control === void 0) throw refusedArchive(what, "has no control file");
    const fields = controlFields(control, what);
    checkIdentity(fields, locked, what);
    return {
      fields,
      control,
      md5sums: await contentOf(entries, "md5sums"),
      replaces: parseRelations(fields.get("replaces"), locked.architecture).flat()
    };
  } finally {
    await rm(spool, { force: true });
  }
}
async function packageControl(locked, { store, workFolder }, io) {
  const file = join(workFolder, `${locked.name}_${locked.architecture}`);
  let found;
  await tellingDamage(locked, store, io, async () => {
    for await (const member of debMembers(store.read(locked.sha256), debName(locked))) {
      if (member.name === "control") found = await readControl(member, file, locked, io);
    }
  });
  return found;
}
function controlFields(control, what) {
  try {
    return parseParagraph(control.toString("utf8"));
  } catch (error) {
    throw refusedArchive(
      what,
      `has a control file that cannot be read: ${error.message}`
    );
  }
}
function checkIdentity(fields, locked, what) {
  const expected = {
    package: locked.name,
    version: locked.version,
    architecture: locked.architecture
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = fields.get(name);
    if (found === value) continue;
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `${what} says ${name} ${found ?? "(none)"}, where the index and the lock say ${value}.`,
      hint: "Pin anew with `mkbase update`, or use another mirror with --mirror."
    });
  }
}

export {
  debName,
  spoolMember,
  tellingDamage,
  readControl,
  packageControl,
  unpackedParts
};
//# sourceMappingURL=chunk-7JYIQ2FY.js.map

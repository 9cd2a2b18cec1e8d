import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  isMergeLink,
  mergeLinks,
  mergedPath
} from "./chunk-22KFFOIY.js";
import {
  debName,
  readControl,
  spoolMember,
  tellingDamage,
  unpackedParts
} from "./chunk-7JYIQ2FY.js";
import "./chunk-IQCQLPDV.js";
import {
  debDownloads,
  debianContext,
  followChain,
  indexBlobs,
  meets,
  resolveDebs
} from "./chunk-L5GUHF3F.js";
import {
  debMembers
} from "./chunk-WSLDK5XW.js";
import "./chunk-VOFVSU25.js";
import "./chunk-3JJWLCQN.js";
import "./chunk-WOT4JK3B.js";
import "./chunk-XRUW2DML.js";
import {
  mapConcurrent
} from "./chunk-CGY25BUW.js";
import "./chunk-NMZX4AIR.js";
import {
  updateDebs
} from "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-EVL232IS.js";
import "./chunk-FYFTS2JL.js";
import "./chunk-BRAI6YI6.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-C36BAQN3.js";
import {
  fromByteString
} from "./chunk-KU2VIPS7.js";
import {
  contentReader,
  contentSize
} from "./chunk-4IXO52BR.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/debs/work.ts
import { join as join2 } from "node:path";

// src/packages/deb/unpack/merge.ts
async function mergePackages(packages, diversions) {
  const tree = /* @__PURE__ */ new Map();
  for (const owner of packages) {
    const redirect = redirection(owner.locked.name, diversions);
    for (const original of owner.entries) {
      if (isMergeLink(original)) continue;
      const entry = redirected(original, redirect);
      const existing = tree.get(entry.path);
      const winner = existing === void 0 ? { entry, owner } : await winnerOf(existing, { entry, owner });
      tree.set(entry.path, winner);
    }
  }
  return tree;
}
function redirection(name, diversions) {
  const inTree = (path) => mergedPath(Buffer.from(path.slice(1)).toString("latin1"));
  const others = diversions.filter(({ by }) => by !== name);
  const moved = new Map(others.map(({ path, to }) => [inTree(path), inTree(to)]));
  return (path) => {
    const place = mergedPath(path);
    return moved.get(place) ?? place;
  };
}
function redirected(entry, redirect) {
  const path = redirect(entry.path);
  if (entry.type === "hardlink") return { ...entry, path, target: redirect(entry.target) };
  return path === entry.path ? entry : { ...entry, path };
}
async function winnerOf(existing, incoming) {
  const [first, second] = [existing.entry, incoming.entry];
  if (first.type === "directory" && second.type === "directory") return existing;
  if (replaces(incoming.owner, existing.owner)) return incoming;
  if (replaces(existing.owner, incoming.owner)) return existing;
  if (await same(first, second)) return existing;
  throw conflict(existing, incoming);
}
function replaces(winner, loser) {
  return winner !== loser && winner.replaces.some((relation) => meets(loser.locked, relation));
}
async function same(first, second) {
  if (first.type === "symlink" && second.type === "symlink") return first.target === second.target;
  if (first.type !== "file" || second.type !== "file") return false;
  return first.mode === second.mode && await sameContent(first.content, second.content);
}
var pieceSize = 64 * 1024;
async function sameContent(first, second) {
  const size = contentSize(first);
  if (size !== contentSize(second)) return false;
  const reader = contentReader();
  try {
    for (let position = 0; position < size; position += pieceSize) {
      const length = Math.min(pieceSize, size - position);
      const [left, right] = [Buffer.alloc(length), Buffer.alloc(length)];
      await reader.fill(first, position, left);
      await reader.fill(second, position, right);
      if (!left.equals(right)) return false;
    }
    return true;
  } finally {
    reader.close();
  }
}
function conflict(existing, incoming) {
  const path = `/${fromByteString(existing.entry.path)}`;
  const [first, second] = [existing, incoming].map(
    ({ entry, owner }) => `${owner.locked.name} ${owner.locked.version} (${entry.type})`
  );
  return new MkbaseError({
    code: "PACKAGE_CONFLICT",
    message: `${path} is in two packages and neither replaces the other: ${first} and ${second}.`,
    hint: 'Leave one of them out with "exclude", or move one file aside with "diversions".'
  });
}

// src/packages/deb/unpack/package-records.ts
var folder = "var/lib/dpkg/status.d";
function packageRecords(packages, mtime) {
  return packages.flatMap(({ locked, control, md5sums }) => [
    record(locked.name, ended(control), mtime),
    ...md5sums === void 0 ? [] : [record(`${locked.name}.md5sums`, md5sums, mtime)]
  ]);
}
function record(name, bytes, mtime) {
  return {
    type: "file",
    path: `${folder}/${name}`,
    mode: 420,
    uid: 0,
    gid: 0,
    mtime,
    xattrs: [],
    size: bytes.length,
    content: { bytes }
  };
}
var ended = (control) => Buffer.from(`${control.toString("latin1").trimEnd()}
`, "latin1");

// src/packages/deb/unpack/unpack-deb.ts
import { join } from "node:path";
var mebibyte = 1024 * 1024;
var maxEntries = 5e5;
function dataLimit(control) {
  const kibibytes = Number(control.get("installed-size") ?? 0);
  return Math.max(64 * mebibyte, 4 * 1024 * (Number.isFinite(kibibytes) ? kibibytes : 0));
}
async function unpackDeb(locked, { store, workFolder }, io) {
  const what = debName(locked);
  const file = join(workFolder, `${locked.name}_${locked.architecture}`);
  let control;
  let entries = [];
  await tellingDamage(locked, store, io, async () => {
    for await (const member of debMembers(store.read(locked.sha256), what)) {
      if (member.name === "control") control = await readControl(member, file, locked, io);
      else {
        const limits = { maxBytes: dataLimit(control.fields), maxEntries };
        entries = await spoolMember(member, `${file}.tar`, what, limits, io);
      }
    }
  });
  return { locked, ...control, entries };
}

// src/packages/deb/unpack/unpack.ts
var concurrency = 2;
async function unpackDebs(locked, options, io) {
  const packages = await unpackAll(locked, options, io);
  const tree = await mergePackages(packages, options.diversions);
  const mtime = locked.indexes[0]?.date ?? 0;
  const entries = /* @__PURE__ */ new Map();
  for (const [path, { entry }] of tree) entries.set(path, entry);
  for (const entry of packageRecords(packages, mtime)) entries.set(entry.path, entry);
  for (const link of mergeLinks(entries.keys(), mtime)) addLink(entries, link, tree);
  addParents(entries, tree, mtime);
  return [...entries.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}
async function unpackAll(locked, { store, workFolder, stage = "toolchain" }, io) {
  const total = locked.packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const unpack = async (each, group) => {
    const unpacked = await unpackDeb(each, { store, workFolder }, group);
    done += each.size;
    io.emit({ type: "progress", stage, done, total, item: each.name });
    return unpacked;
  };
  return mapConcurrent(locked.packages, concurrency, unpack, io);
}
function addLink(entries, link, tree) {
  if (entries.has(link.path)) throw inTheWay(link.path, tree);
  entries.set(link.path, link);
}
function addParents(entries, tree, mtime) {
  for (const path of [...entries.keys()]) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const parent = path.slice(0, slash);
      const existing = entries.get(parent);
      if (existing?.type === "directory") break;
      if (existing !== void 0) throw inTheWay(parent, tree, path);
      const common = { mode: 493, uid: 0, gid: 0, mtime, xattrs: [] };
      entries.set(parent, { type: "directory", path: parent, ...common });
    }
  }
}
function inTheWay(path, tree, below) {
  const shown = (each) => `/${fromByteString(each)}`;
  const owner = (each) => tree.get(each)?.owner.locked.name ?? "mkbase";
  const found = tree.get(path)?.entry.type ?? "link";
  return new MkbaseError({
    code: "PACKAGE_CONFLICT",
    message: below === void 0 ? `${owner(path)} ships ${shown(path)} as a ${found}, where a link into /usr belongs.` : `${owner(below)} ships ${shown(below)}, but ${shown(path)} is a ${found} of ${owner(path)}.`,
    hint: 'Leave one of the packages out with "exclude".'
  });
}

// src/kinds/debs/work.ts
var contextOf = ({ source, folder: folder2, platform }, sources) => {
  const keyrings = source.keyrings.map((path) => join2(folder2, path));
  return debianContext({ keyrings }, platform, sources);
};
var work = {
  resolve: async (wanted, { sources }, io) => resolveDebs(wanted.source, wanted.platform, await contextOf(wanted, sources), io),
  downloads: async (wanted, locked, sources) => debDownloads(locked, await contextOf(wanted, sources)),
  isProven: async (wanted, locked, sources, io) => followChain(locked, wanted.platform, await contextOf(wanted, sources), io),
  indexFiles: async (wanted, locked, sources, io) => indexBlobs(locked, wanted.platform, await contextOf(wanted, sources), io),
  update: updateDebs,
  build: async ({ source: { diversions }, locked }, { store, folder: folder2, stage }, io) => ({
    entries: await unpackDebs(locked, { store, workFolder: folder2, diversions, stage }, io)
  }),
  unpacks: true,
  special: () => "listed",
  parts: ({ source }, locked, context, io) => unpackedParts(locked, source.diversions, context, io)
};
export {
  work
};
//# sourceMappingURL=work-R6H5MY3T.js.map

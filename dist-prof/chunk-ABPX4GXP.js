import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  contentFingerprint,
  fingerprintsOf
} from "./chunk-B44ZKUT4.js";
import {
  plural
} from "./chunk-Z5B43JE3.js";
import {
  glob,
  sourceFile,
  wantedByToolchain
} from "./chunk-E4W5ZIBO.js";
import {
  namesOf
} from "./chunk-E6FI3J5L.js";
import {
  builderName,
  kindOf,
  pathsOf,
  sourceOf
} from "./chunk-KN3M32LU.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  digestOf
} from "./chunk-FGYWVWTF.js";
import {
  checkPath,
  parentOf,
  shown,
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  contentSize,
  readContent
} from "./chunk-4IXO52BR.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  hashedStream,
  sha256OfFile
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/base/events.ts
var stageName = namesOf({
  lock: 1,
  fetch: 2,
  toolchain: 3,
  build: 4,
  rootfs: 5,
  image: 6,
  test: 7,
  evidence: 8
});
var stages = Object.values(stageName);

// src/rootfs/accounts.ts
var sizeLimit = 1024 * 1024;
async function existingText(tree, path, refuse) {
  const inode = tree.get(path);
  if (inode === void 0) return "";
  if (inode.type !== "file") refuse(path, `is a ${inode.type}; accounts: cannot be added to it`);
  else if (inode.size > sizeLimit) refuse(path, `has ${inode.size} bytes, too many for accounts:`);
  else {
    const text = (await readContent(inode.content)).toString("latin1");
    return text === "" || text.endsWith("\n") ? text : `${text}
`;
  }
  return "";
}
function putText(tree, path, text, epoch) {
  const bytes = Buffer.from(text, "latin1");
  const before = tree.get(path);
  const { mode, uid, gid, xattrs } = before ?? { mode: 420, uid: 0, gid: 0, xattrs: [] };
  const common = { path, mode, uid, gid, xattrs, mtime: epoch };
  tree.set(path, { ...common, type: "file", size: bytes.length, content: { bytes } });
}
async function readAccountFile(tree, path, refuse) {
  const text = await existingText(tree, path, refuse);
  const names = /* @__PURE__ */ new Map();
  const ids = /* @__PURE__ */ new Map();
  const added = [];
  const remember = (name, id) => {
    if (!names.has(id)) names.set(id, name);
    if (!ids.has(name)) ids.set(name, id);
  };
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (/^[0-9]+$/.test(id)) remember(name, Number(id));
  }
  return {
    path,
    names,
    ids,
    add: (name, id, fields) => {
      const holder = names.get(id);
      const taken = ids.get(name);
      if (taken !== void 0) refuse(path, `has ${name} already, with the id ${taken}`, name);
      else if (holder !== void 0)
        refuse(path, `has the id ${id} already; ${holder} has it, ${name} cannot`, name);
      else {
        remember(name, id);
        added.push(`${fields.join(":")}
`);
      }
    },
    save: (epoch) => {
      if (added.length > 0) putText(tree, path, text + added.join(""), epoch);
    }
  };
}
function addGroup(group, name, gid, members) {
  group.add(name, gid, [name, "x", String(gid), members.join(",")]);
}
function addUsers(users, passwd, group) {
  for (const { name, uid, gid = uid, comment, home, shell } of users) {
    const fields = [name, "x", String(uid), String(gid), comment, home, shell];
    passwd.add(name, uid, fields.map(toByteString));
    if (!group.names.has(gid)) addGroup(group, name, gid, []);
  }
}
async function applyAccounts(tree, { users, groups }, epoch, refuse) {
  if (users.length + groups.length === 0) return;
  const passwd = await readAccountFile(tree, "etc/passwd", refuse);
  const group = await readAccountFile(tree, "etc/group", refuse);
  for (const { name, gid, members } of groups) addGroup(group, name, gid, members);
  addUsers(users, passwd, group);
  for (const { name, members } of groups) {
    for (const member of members) {
      if (!passwd.ids.has(member))
        refuse(group.path, `cannot list ${member} in ${name}: no such user`, name);
    }
  }
  passwd.save(epoch);
  group.save(epoch);
}

// src/rootfs/tree.ts
function replaceProblem(before, type) {
  if (before === void 0) return void 0;
  if (before.type === "directory" === (type === "directory")) return void 0;
  return `is a ${before.type} already and cannot become a ${type}`;
}
function* ancestorsOf(path) {
  for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) yield parent;
}
function linkedInode(tree, { path, target }, refuse) {
  const inode = tree.get(target);
  const link = `is a hard link to ${shown(target)}`;
  if (inode === void 0) refuse(path, `${link}, which is not there before it`);
  else if (inode.type === "file") return inode;
  else if (inode.type === "symlink") return { ...inode };
  else refuse(path, `${link}, which is a ${inode.type}, not a file`);
  return void 0;
}
function addLayer(tree, layer, refuse) {
  const seen = /* @__PURE__ */ new Set();
  for (const entry of layer) {
    const { path } = entry;
    if (path === "") continue;
    const inode = entry.type === "hardlink" ? linkedInode(tree, entry, refuse) : entry;
    if (inode === void 0) continue;
    const problem = replaceProblem(tree.get(path), inode.type);
    if (problem !== void 0) refuse(path, problem);
    else if (seen.has(path) && inode.type !== "directory") refuse(path, "is there twice");
    else tree.set(path, inode);
    seen.add(path);
  }
}
function mergeLayers(layers, refuse) {
  const tree = /* @__PURE__ */ new Map();
  for (const layer of layers) addLayer(tree, layer, refuse);
  return tree;
}

// src/rootfs/canonical.ts
var symlinkMode = 511;
var plainDirectory = (path, mtime) => ({
  type: "directory",
  path,
  mode: 493,
  uid: 0,
  gid: 0,
  mtime,
  xattrs: []
});
function withParents(tree, epoch) {
  const whole = new Map(tree);
  for (const path of tree.keys()) {
    for (const parent of ancestorsOf(path)) {
      if (whole.has(parent)) break;
      whole.set(parent, plainDirectory(parent, epoch));
    }
  }
  return whole;
}
var sortKey = (path) => path.replaceAll("/", "\0");
var inOrder = (tree) => [...tree].map(([path, inode]) => ({ key: sortKey(path), path, inode })).sort((a, b) => a.key < b.key ? -1 : 1).map(({ path, inode }) => [path, inode]);
function canonicalOrder(tree, epoch) {
  const first = /* @__PURE__ */ new Map();
  return inOrder(withParents(tree, epoch)).map(([path, inode]) => {
    const { uid, gid, xattrs } = inode;
    const mode = inode.type === "symlink" ? symlinkMode : inode.mode;
    const mtime = Math.min(inode.mtime, epoch);
    const target = first.get(inode);
    if (target === void 0) {
      first.set(inode, path);
      const same = inode.path === path && inode.mode === mode && inode.mtime === mtime;
      return same ? inode : { ...inode, path, mode, mtime };
    }
    return { type: "hardlink", path, mode, uid, gid, mtime, xattrs, target };
  });
}

// src/rootfs/file-overlays.ts
var concatenationLimit = 16 * 1024 * 1024;
async function concatenated(tree, pattern) {
  const matches = glob(toByteString(pattern.slice(1)));
  const contents = [...tree].filter(([path, inode]) => inode.type === "file" && matches(path)).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([, inode]) => inode.type === "file" ? [inode.content] : []);
  if (contents.length === 0) return `joins ${pattern}, but no file matches that`;
  const size = contents.reduce((sum, content) => sum + contentSize(content), 0);
  if (size > concatenationLimit) {
    return `joins ${size} bytes; at most ${concatenationLimit} are taken`;
  }
  const pieces = [];
  for (const content of contents) pieces.push(await readContent(content));
  return { bytes: Buffer.concat(pieces) };
}
async function contentOf(overlay, tree, { recipe, downloaded }) {
  if ("content" in overlay) return { bytes: Buffer.from(overlay.content) };
  if ("source" in overlay) return sourceFile(overlay.beside ?? recipe.origin, overlay.source);
  if ("url" in overlay) {
    return downloaded?.get(overlay.sha256) ?? "comes from a URL and was not fetched";
  }
  if ("concatenate" in overlay) return concatenated(tree, overlay.concatenate);
  return { bytes: Buffer.alloc(0) };
}
async function inodeOf(overlay, path, tree, input) {
  const common = { path, mtime: input.epoch, xattrs: [] };
  if ("symlink" in overlay) {
    const target = toByteString(overlay.symlink);
    return { ...common, type: "symlink", mode: 511, uid: 0, gid: 0, target };
  }
  const { owner: uid, group: gid } = overlay;
  const owned = { ...common, mode: Number.parseInt(overlay.mode, 8), uid, gid };
  if ("directory" in overlay) return { ...owned, type: "directory" };
  const content = await contentOf(overlay, tree, input);
  if (typeof content === "string") return content;
  return { ...owned, type: "file", size: contentSize(content), content };
}
async function applyFiles(tree, input, refuse) {
  const placed = /* @__PURE__ */ new Set();
  for (const overlay of input.recipe.files) {
    const path = toByteString(overlay.path.slice(1));
    const inode = await inodeOf(overlay, path, tree, input);
    const unnamed = checkPath(path).problem;
    if (typeof inode === "string") refuse(path, inode);
    else if (unnamed !== void 0) refuse(path, `is no path for a file: it ${unnamed}`);
    else if (placed.has(path)) refuse(path, "is listed twice in files:");
    else {
      const problem = replaceProblem(tree.get(path), inode.type);
      if (problem === void 0) tree.set(path, inode);
      else refuse(path, problem);
    }
    placed.add(path);
  }
  return placed;
}

// src/rootfs/policy.ts
function nonDirectoryAbove(path, tree) {
  for (const ancestor of ancestorsOf(path)) {
    const above = tree.get(ancestor);
    if (above === void 0) continue;
    if (above.type === "directory") return void 0;
    if (above.type !== "symlink") return `is beneath ${shown(ancestor)}, a ${above.type}`;
    return `is reached through ${shown(ancestor)}, a symlink to ${shown(above.target)}`;
  }
  return void 0;
}
var setid = (mode) => mode & 2048 ? "setuid" : "setgid";
var rules = [
  {
    finding: (path) => path.split("/").some((part) => part.startsWith(".wh.")) ? "is a whiteout" : void 0,
    reason: "image stores take it as an order to delete a file (OCI image-spec, layer.md)",
    declarable: false
  },
  {
    finding: (path, _, tree) => nonDirectoryAbove(path, tree),
    reason: "where it lands would depend on who unpacks it",
    declarable: false
  },
  {
    finding: (_, { type }) => type === "character" || type === "block" ? `is a ${type} device` : void 0,
    reason: "it opens a device of the machine; container engines make /dev themselves",
    declarable: true
  },
  {
    finding: (_, { type, mode }) => type === "file" && mode & 3072 ? `is ${setid(mode)} (mode ${mode.toString(8)})` : void 0,
    reason: "whoever runs it gets the rights of its owner",
    declarable: true
  },
  {
    finding: (_, { xattrs }) => xattrs.length > 0 ? `has extended attributes (${xattrs.map(([name]) => shown(name)).join(", ")})` : void 0,
    reason: "they may grant capabilities to whoever runs it (capabilities(7))",
    declarable: true
  }
];
function checkPolicy(tree, declared, { refuse, keep }) {
  const listed = declared.allow === "listed" ? void 0 : new Set(declared.allow);
  const isDeclared = (path) => listed === void 0 || listed.has(path) || declared.byRecipe.has(path);
  for (const [path, inode] of tree) {
    for (const { finding, reason, declarable } of rules) {
      const found = finding(path, inode, tree);
      if (found === void 0) continue;
      if (declarable && isDeclared(path)) keep(path, found);
      else refuse(path, `${found}: ${reason}`);
    }
  }
}

// src/rootfs/refusals.ts
var shownLimit = 20;
function throwRefusals(refusals) {
  if (refusals.length === 0) return;
  const lines = refusals.slice(0, shownLimit).map(({ path, problem }) => `  ${shown(path)} ${problem}`);
  const more = refusals.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  const ofAccounts = refusals.every(({ about }) => about !== void 0);
  throw new MkbaseError({
    code: "ROOTFS_REFUSED",
    message: `The root filesystem is refused:
${lines.join("\n")}`,
    hint: ofAccounts ? "Choose a name and a number under `accounts:` that nothing else has." : "Leave these paths out with `slim:` or at their source, or say in `files:` what is meant to be there.",
    about: refusals.slice(0, shownLimit).map(({ path, about }) => about ?? `/${shown(path)}`)
  });
}

// src/rootfs/slim.ts
var globOf = (imagePath) => glob(toByteString(imagePath.slice(1)));
function allPaths(tree) {
  const paths = new Set(tree.keys());
  for (const path of tree.keys()) {
    for (const parent of ancestorsOf(path)) {
      if (paths.has(parent)) break;
      paths.add(parent);
    }
  }
  return [...paths].sort();
}
function selected(paths, matches) {
  const found = /* @__PURE__ */ new Set();
  for (const path of paths) {
    if (found.has(parentOf(path)) || matches(path)) found.add(path);
  }
  return found;
}
function keptPaths(paths, rule) {
  const kept = /* @__PURE__ */ new Set();
  for (const pattern of rule.keep) {
    for (const path of selected(paths, globOf(pattern))) {
      kept.add(path);
      for (const ancestor of ancestorsOf(path)) kept.add(ancestor);
    }
  }
  return kept;
}
var withAncestors = (paths) => new Set(paths.flatMap((path) => [path, ...ancestorsOf(path)]));
function applySlim(tree, rules2, placed = []) {
  if (rules2.length === 0) return;
  const left = withAncestors(placed.map((path) => toByteString(path.slice(1))));
  const paths = allPaths(tree);
  for (const rule of rules2) {
    const kept = keptPaths(paths, rule);
    for (const path of selected(paths, globOf(rule.drop))) {
      if (!kept.has(path) && !left.has(path)) tree.delete(path);
    }
  }
}

// src/rootfs/write-hashed.ts
import { open, rm } from "node:fs/promises";
async function writeHashed(stream, file, onProgress) {
  const { bytes, sha256, size } = hashedStream(stream);
  const handle = await open(file, "w", 438).catch((error) => {
    throw ioError(error, "creating", file);
  });
  try {
    try {
      for await (const chunk of bytes) {
        await handle.writeFile(chunk);
        onProgress(size());
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(file, { force: true });
    throw ioError(error, "writing", file);
  }
  return { sha256: sha256(), size: size() };
}

// src/rootfs/rootfs.ts
var refuseInto = (refusals) => (path, problem, about) => refusals.push({ path, problem, ...about !== void 0 && { about } });
async function overlaidEntries(input) {
  const refusals = [];
  const refuse = refuseInto(refusals);
  const tree = mergeLayers(input.layers, refuse);
  await addOverlays(tree, input, refuse);
  throwRefusals(refusals);
  return canonicalOrder(tree, input.epoch);
}
async function addOverlays(tree, input, refuse) {
  const { recipe, epoch } = input;
  const byRecipe = await applyFiles(tree, input, refuse);
  await applyAccounts(tree, recipe.accounts, epoch, refuse);
  return byRecipe;
}
async function canonicalEntries(input, io) {
  const { layers, recipe, epoch, allow = [], placed = [] } = input;
  const refusals = [];
  const refuse = refuseInto(refusals);
  const keep = (path, finding) => io.emit({ type: "log", stage: stageName.rootfs, line: `kept: ${shown(path)} ${finding}` });
  const tree = mergeLayers(layers, refuse);
  applySlim(tree, recipe.slim, placed);
  const byRecipe = await addOverlays(tree, input, refuse);
  checkPolicy(tree, { allow, byRecipe }, { refuse, keep });
  throwRefusals(refusals);
  if (tree.size === 0) {
    throw new MkbaseError({
      code: "ROOTFS_REFUSED",
      message: `The root filesystem of ${recipe.origin.file} has nothing in it.`,
      hint: "Check what the recipe is made from, and that `slim:` does not drop everything."
    });
  }
  return canonicalOrder(tree, epoch);
}
async function assembleRootfs(input, io) {
  const { file } = input;
  const entries = await canonicalEntries(input, io);
  const { sha256, size } = await writeHashed(
    writeTar(entries, { reuseMemory: true }),
    file,
    (done) => {
      if (io.signal.aborted) throw interrupted(io.signal);
      io.emit({ type: "progress", stage: stageName.rootfs, done });
    }
  );
  return { diffId: `sha256:${sha256}`, size, tar: file, entries };
}

// src/pipeline/stages.ts
async function inStage(io, stage, title, work, detail) {
  io.emit({ type: "stage-start", stage, title });
  const value = await work();
  io.emit({ type: "stage-done", stage, detail: detail(value) });
  return value;
}
function stageClock({ emit, signal }) {
  const begin = performance.now();
  const started = /* @__PURE__ */ new Map();
  const spent = {};
  const warnings = [];
  const note = (event) => {
    if (event.type === "stage-start") started.set(event.stage, performance.now());
    if (event.type === "stage-done") {
      const since = started.get(event.stage) ?? performance.now();
      spent[event.stage] = (spent[event.stage] ?? 0) + Math.round(performance.now() - since);
    }
    if (event.type === "warning") warnings.push(event.warning);
    emit(event);
  };
  return {
    io: { emit: note, signal },
    warnings,
    timings: () => ({ ...spent, total: Math.round(performance.now() - begin) })
  };
}

// src/pipeline/builder.ts
var format = 2;
async function contentsOf({ files, origin }) {
  const digests = [];
  for (const file of files) {
    if ("source" in file) digests.push(await digestOfFile(origin, file.source));
  }
  return digests;
}
async function digestOfFile(origin, source) {
  const { file } = await sourceFile(origin, source);
  return sha256OfFile(file);
}
async function builderFor(toolchain, locked, platform) {
  const { files, accounts, slim, name } = toolchain;
  const key = digestOf({
    format,
    platform,
    epoch: locked.epoch,
    from: toolchain.from,
    inputs: inputsOf(locked).map(({ name: name2, sha256 }) => [name2, sha256]),
    files,
    contents: await contentsOf(toolchain),
    accounts,
    slim
  });
  return { toolchain, locked, reference: { name, platform, key } };
}
var inputsOf = ({ from }) => kindOf(from).inputs(sourceOf(from));
async function builderEntries({ toolchain, locked, reference }, context, io) {
  const { epoch } = locked;
  const { build } = await kindOf(toolchain.from).load();
  const wanted = wantedByToolchain(toolchain, platforms[reference.platform]);
  const pinned = { ...wanted, locked: sourceOf(locked.from), epoch };
  const making = { ...context, builder: void 0, stage: "toolchain" };
  const { entries } = await build(pinned, making, io);
  return canonicalEntries({ layers: [entries], recipe: toolchain, epoch, allow: "listed" }, io);
}
async function makeBuilder(builder, context, io) {
  const { reference, locked, toolchain } = builder;
  await inStage(
    io,
    "toolchain",
    `Making builder ${toolchain.name}`,
    async () => {
      const entries = await builderEntries(builder, context, io);
      await context.engine.addToolchain(reference, writeTar(entries, { reuseMemory: true }), io);
    },
    () => plural(inputsOf(locked).length, "package")
  );
}

// src/pipeline/local-files.ts
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
function pathsBeside({ recipe, toolchain }) {
  const { from, files, origin, fromOrigin } = recipe;
  const paths = pathsOf(kindOf(from), sourceOf(from));
  const kind = paths.map((path) => ({ origin: fromOrigin, path }));
  const sources = files.flatMap(
    (file) => "source" in file ? [{ origin: file.beside ?? origin, path: file.source }] : []
  );
  const tools = (toolchain?.files ?? []).flatMap(
    (file) => toolchain !== void 0 && "source" in file ? [{ origin: toolchain.origin, path: file.source }] : []
  );
  return [...kind, ...sources, ...tools];
}
function pathsToRead(plan) {
  const { recipe } = plan;
  const name = builderName(recipe);
  const own = name === void 0 ? [] : [join(recipe.fromOrigin.folder, "toolchains", `${name}.yaml`)];
  return [...own, ...pathsBeside(plan).map(({ origin, path }) => join(origin.folder, path))];
}
async function fingerprintsBefore(plan) {
  const { recipe, toolchain } = plan;
  const read = [recipe.origin, ...recipe.ancestors, ...toolchain ? [toolchain.origin] : []];
  const origins = read.map(({ file, sha256 }) => [file, contentFingerprint(sha256)]);
  return { ...await fingerprintsOf(pathsToRead(plan)), ...Object.fromEntries(origins) };
}
async function filesBelow(path) {
  const found = await stat(path).catch(() => void 0);
  if (found?.isFile()) return [""];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1)).sort();
}
async function expand({ origin, path }) {
  const names = await filesBelow(join(origin.folder, path));
  const paths = names.map((name) => join(path, name));
  return Promise.all(
    paths.map(async (each) => ({
      path: each,
      sha256: await sha256OfFile(join(origin.folder, each)),
      beside: origin
    }))
  );
}
async function localFiles(plan) {
  const files = (await Promise.all(pathsBeside(plan).map(expand))).flat();
  return [...new Map(files.map((file) => [join(file.beside.folder, file.path), file])).values()];
}

export {
  stageName,
  overlaidEntries,
  assembleRootfs,
  inStage,
  stageClock,
  builderFor,
  makeBuilder,
  fingerprintsBefore,
  localFiles
};
//# sourceMappingURL=chunk-ABPX4GXP.js.map

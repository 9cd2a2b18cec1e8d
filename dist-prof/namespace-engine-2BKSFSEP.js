import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  nothingToRun,
  pipeStep,
  runResult
} from "./chunk-XUOWNDDI.js";
import {
  idRange,
  missingTools,
  onlyRoot,
  outerId,
  rowsOf,
  toolPath,
  treeFolder,
  withinItself
} from "./chunk-QTOXF7KZ.js";
import {
  runAttached,
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  openWorkspace,
  sweepWorkspaces
} from "./chunk-Z5JDSP4X.js";
import {
  removeTree
} from "./chunk-KLTWRJAM.js";
import {
  baseEnvironment,
  writableFolders
} from "./chunk-TNYKORMP.js";
import {
  readTar,
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  fromByteString,
  parentOf,
  shown
} from "./chunk-KU2VIPS7.js";
import {
  contentReader,
  readContent
} from "./chunk-4IXO52BR.js";
import "./chunk-7K5WTWOY.js";
import "./chunk-67ZVI5OU.js";
import {
  ownedName
} from "./chunk-22XNJDHL.js";
import {
  hashedStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/engines/namespace/namespace-engine.ts
import { readFile as readFile2 } from "node:fs/promises";
import { join as join5 } from "node:path";

// src/engines/namespace/run-image.ts
import { createReadStream } from "node:fs";
import { chmod, lchown as lchown3 } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/engines/namespace/find-user.ts
var isNumber = (text) => /^\d+$/.test(text);
async function rows(entries, path) {
  const file = entries.find((entry) => entry.path === path);
  if (file?.type !== "file") return [];
  const text = fromByteString((await readContent(file.content)).toString("latin1"));
  return text.split("\n").map((line) => line.split(":"));
}
function unknown(kind, name) {
  throw new MkbaseError({
    code: "ENGINE_FAILED",
    message: `The image runs as ${kind} ${name}, which is not in its /etc/${kind === "user" ? "passwd" : "group"}.`,
    hint: "Name one that is there, or give a number."
  });
}
async function findUser(specification, entries) {
  const [user = "", group] = specification.split(":");
  const passwd = await rows(entries, "etc/passwd");
  const account = passwd.find(
    ([name, , uid2]) => (isNumber(user) ? uid2 : name) === (user || "root")
  );
  if (account === void 0 && user !== "" && !isNumber(user)) unknown("user", user);
  const uid = Number(account?.[2] ?? (user || 0));
  const home = account?.[5] || "/";
  if (!group) return { uid, gid: Number(account?.[3] ?? 0), home };
  if (isNumber(group)) return { uid, gid: Number(group), home };
  const found = (await rows(entries, "etc/group")).find(([name]) => name === group);
  return { uid, gid: Number(found?.[2] ?? unknown("group", group)), home };
}

// src/engines/namespace/isolation.ts
var ownProcesses = 4;
function limited({ limits }) {
  if (limits === void 0) return ["prlimit", "--core=0"];
  const { memoryBytes, processes } = limits;
  return ["prlimit", "--core=0", `--data=${memoryBytes}`, `--nproc=${processes + ownProcesses}`];
}

// src/engines/namespace/scripts.ts
var shell = "sh";
var runScript = (script, ...parameters) => [
  ...[shell, "-euc", script, "mkbase"],
  ...parameters
];
var faultMark = "mkbase-namespace: ";
var die = `die() { printf '${faultMark}%s\\n' "$1" >&2; exit 125; }`;
var enterScript = `
exec 9</
pipe=$1
shift
if [ -n "$pipe" ]; then
  mkfifo -m 600 "$pipe" "\${pipe}a"
  exec 3<>"$pipe" 4<"$pipe" 5>"$pipe" 3>&-
  cat <&4 4<&- 5>&- 9<&- &
  exec 1>&5 3<>"\${pipe}a" 4<"\${pipe}a" 5>"\${pipe}a" 3>&-
  cat <&4 >&2 4<&- 5>&- 9<&- &
  exec 2>&5 4<&- 5>&-
  rm "$pipe" "\${pipe}a"
  chmod 666 /proc/self/fd/1 /proc/self/fd/2
fi
exec "$@"
`;
var scratch = "/tmp/proc";
var isTemporary = (folder) => folder.endsWith("tmp");
var nameOf = (folder) => folder.slice(1).replaceAll("/", "-");
var makeFolders = writableFolders.map((folder) => `mkdir -m ${isTemporary(folder) ? "1777" : "755"} ${nameOf(folder)}`).join("\n");
var bindFolders = writableFolders.map((folder) => `echo '${scratch}/${nameOf(folder)} /tmp${folder} none bind 0 0'`).join("\n");
var prepareScript = `
${die}
umask 022
root=$1 kind=$2 size=$3
shift 3
hostname mkbase || die 'cannot set the host name'
echo 1000 >/proc/self/oom_score_adj || die 'cannot offer itself to the out-of-memory killer'
mount -c --bind "$root" /tmp || die 'cannot mount the root file system'
if [ "$kind" = step ]; then
  mount -o remount,bind,ro /tmp || die 'cannot make the root file system read-only'
fi
mount -t tmpfs -o "mode=755,size=$size" mkbase ${scratch} || die 'cannot mount a memory file system'
cd ${scratch}
mkdir dev dev/.host
mkdir -m 1777 dev/shm
for device in full null random tty urandom zero; do : >"dev/$device"; done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkfifo ready go
exec 5<>ready 6<ready 7>ready 5<&-
exec 5<>go 8<go 4>go 5<&-
{
  echo '${scratch}/dev /tmp/dev none bind 0 0'
  for device in full null random tty urandom zero; do
    echo "/dev/$device /tmp/dev/$device none bind 0 0"
  done
  if [ "$kind" = step ]; then
    ${bindFolders}
  fi
  echo 'proc /tmp/proc proc nosuid,nodev,noexec 0 0'
  if [ "$kind" = step ]; then
    echo '/tmp/proc/sys /tmp/proc/sys none bind,ro,nosuid,nodev,noexec 0 0'
  fi
} >fstab
if [ "$kind" = step ]; then
  ${makeFolders}
fi
mount -a -T fstab || die 'cannot mount /proc, /dev and the writable folders'
cd /
exec "$@"
`;
var backToHostRoot = ["unshare", "--root=/proc/self/fd/9", "--wd=."];
var waitScript = `
${die}
exec 3<&0
unshare --root=. --wd=. "$@" <&3 3<&- 4>&- 6<&- 9<&- &
program=$!
exec </dev/null 3<&- 7>&- 8<&-
if ! read -r ready <&6; then
  status=0
  wait "$program" || status=$?
  die "cannot prepare the program: exit code $status"
fi
for each in /proc/sys/user/max_*_namespaces; do
  case $each in
    */max_mnt_namespaces) ;;
    *) echo 0 >"$each" || die 'cannot forbid further namespaces' ;;
  esac
done
unshare --root=. --wd=. pivot_root tmp tmp/dev/.host || die 'cannot change the root'
umount -c -l dev/.host || die 'cannot detach the host'
rmdir dev/.host
exec 9<&-
echo go >&4
exec 4>&- 6<&-
status=0
wait "$program" || status=$?
exit "$status"
`;
var gateScript = `
echo ready >&7
exec 7>&-
read -r go <&8 || exit 125
exec 8<&-
cd "$1" || exit 126
shift
unset PWD OLDPWD SHLVL
while [ "$1" != -- ]; do
  export "$1"
  shift
done
shift
exec "$@"
`;

// src/engines/namespace/nested.ts
var mapScript = `
pipe=$1 proc=$2 writer=$3 users=$4 groups=$5
shift 5
if [ -n "$pipe" ]; then
  mkfifo -m 600 "$pipe" "\${pipe}a"
  exec 5<>"$pipe" 6<"$pipe" 7>"$pipe" 5<&-
  exec 5<>"\${pipe}a" 8<"\${pipe}a" 4>"\${pipe}a" 5<&-
  rm "$pipe" "\${pipe}a"
fi
map() {
  if [ "$writer" = newidmap ]; then
    newuidmap $$ $users && newgidmap $$ $groups
  else
    printf '%s\\n' "$users" >"$proc/$$/uid_map" && printf '%s\\n' "$groups" >"$proc/$$/gid_map"
  fi
}
{
  exec 7>&- 8<&-
  if read -r unshared <&6; then
    if map; then echo mapped >&4; else echo refused >&4; fi
  fi
} </dev/null 9<&- &
exec "$@"
`;
var mappedScript = `
${die}
echo unshared >&7
read -r answer <&8
[ "$answer" = mapped ] || die 'cannot map user and group ids'
exec setpriv --pdeathsig KILL "$@"
`;
var rebindScript = `
${die}
mount -c --rbind /tmp /tmp || die 'cannot mount the root file system again'
cd /
exec "$@"
`;
var namespaces = [
  ...["--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"],
  // A program left inside dies with the process that waits for it.
  ...["--fork", "--kill-child", "--propagation", "private"]
];
function outerNamespaces({ ids, pipe = "" }, outer) {
  const identity = outer === void 0 ? [] : [`--reuid=${outer}`, `--regid=${outer}`, "--clear-groups"];
  const unshare = ["setpriv", ...identity, "--pdeathsig", "KILL", "unshare", "--user"];
  if (ids === void 0) return [...unshare, "--map-root-user", ...namespaces];
  return [
    ...mapping(ids, pipe, "/proc"),
    ...unshare,
    ...runScript(mappedScript),
    ...["unshare", ...namespaces]
  ];
}
var mapping = (maps, pipe, proc) => runScript(mapScript, pipe, proc, maps.writer, rowsOf(maps.users), rowsOf(maps.groups));
var mayMount = (capabilities) => capabilities.includes("CAP_MKNOD");
var grantedFor = (capability) => mayMount([capability]) ? "CAP_SYS_ADMIN" : capability;
function innerNamespaces(isolation) {
  const { ids, capabilities } = isolation;
  if (ids === void 0 && !mayMount(capabilities)) return [];
  const maps = withinItself(ids ?? { writer: "write", ...onlyRoot });
  return [
    ...mapping(maps, "", "/tmp/proc"),
    ...limited(isolation),
    ...["unshare", "--user", "--mount"],
    ...runScript(mappedScript),
    ...runScript(rebindScript)
  ];
}

// src/engines/namespace/isolate.ts
var exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;
var variables = (env) => Object.entries(env).filter(([name]) => exportable.test(name)).map(([name, value]) => `${name}=${value}`);
var capabilityName = (name) => name.replace(/^CAP_/i, "").toLowerCase();
function unprivileged({ user, capabilities, ids }) {
  if (user !== void 0) {
    const own = [`--map-user=${user.uid}`, `--map-group=${user.gid}`];
    return ["unshare", "--user", ...own, "setpriv", "--no-new-privs"];
  }
  const names = capabilities.map(grantedFor).map(capabilityName);
  const bounds = ["-all", ...names.map((name) => `+${name}`)].join(",");
  const groups = ids === void 0 ? [] : ["--clear-groups"];
  return ["setpriv", ...groups, `--bounding-set=${bounds}`, "--inh-caps=-all", "--no-new-privs"];
}
function program(isolation) {
  const { cwd, env, argv, pipe } = isolation;
  return [
    // In a session of its own it cannot put keystrokes into the terminal that mkbase runs on.
    ...pipe === void 0 ? [] : ["setsid"],
    ...limited(isolation),
    ...unprivileged(isolation),
    ...[shell, "-uc", gateScript, "mkbase", cwd, ...variables(env), "--", ...argv]
  ];
}
function isolate(isolation, outer) {
  const { folder, kind, memoryFolderBytes: memoryFolderBytes2, pipe } = isolation;
  return {
    file: shell,
    cwd: folder,
    env: { PATH: toolPath },
    cleanEnv: true,
    killSignal: "SIGKILL",
    onlyStandardStreams: true,
    args: [
      ...["-euc", enterScript, "mkbase", pipe ?? ""],
      ...outerNamespaces(isolation, outer),
      ...runScript(prepareScript, treeFolder, kind, String(memoryFolderBytes2)),
      ...innerNamespaces(isolation),
      ...backToHostRoot,
      ...runScript(waitScript),
      ...program(isolation)
    ]
  };
}

// src/engines/namespace/run-step.ts
import { mkdir as mkdir3, rm } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/engines/namespace/toolchains.ts
import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { lchown as lchown2, mkdir as mkdir2, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/engines/namespace/unpack-rootfs.ts
import { lchown, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";

// src/tar/extract.ts
import { linkSync, mkdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

// src/tar/place-entry.ts
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync
} from "node:fs";
var bufferSize = 1024 * 1024;
var newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
function writeWhole(fd, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
async function writeContent(fd, entry, contents) {
  const buffer = Buffer.allocUnsafe(Math.min(entry.size, bufferSize));
  for (let done = 0; done < entry.size; done += buffer.length) {
    const piece = buffer.subarray(0, entry.size - done);
    const filling = contents.fill(entry.content, done, piece);
    if (filling !== void 0) await filling;
    writeWhole(fd, piece);
  }
}
async function placeFile(at, entry, ownership, contents) {
  const fd = openSync(at, newFile, 384);
  try {
    await writeContent(fd, entry, contents);
    if (ownership) fchownSync(fd, entry.uid, entry.gid);
    fchmodSync(fd, entry.mode);
    futimesSync(fd, entry.mtime, entry.mtime);
  } finally {
    closeSync(fd);
  }
}
function placeSymlink(at, entry, ownership) {
  symlinkSync(Buffer.from(entry.target, "latin1"), at);
  if (ownership) lchownSync(at, entry.uid, entry.gid);
  lutimesSync(at, entry.mtime, entry.mtime);
}
function finishDirectory(at, attributes, ownership) {
  if (ownership) lchownSync(at, attributes.uid, attributes.gid);
  chmodSync(at, attributes.mode);
  utimesSync(at, attributes.mtime, attributes.mtime);
}

// src/tar/extract.ts
var turn = 64;
function refuse(entry, problem) {
  throw new MkbaseError({
    code: "ROOTFS_REFUSED",
    message: `Cannot unpack ${shown(entry.path)}: ${problem}.`
  });
}
function checkPlace(entry, made) {
  const unsafe = entry.path.split("/").some((part) => ["", ".", ".."].includes(part));
  const parent = parentOf(entry.path);
  if (unsafe) refuse(entry, "it is no path inside the folder");
  if (parent !== "" && !made.directories.has(parent)) refuse(entry, "its parent is no directory");
  if (entry.type === "hardlink" && !made.files.has(entry.target)) {
    refuse(entry, `it is a hard link to ${shown(entry.target)}, which is no file before it`);
  }
}
async function makeEntry(entry, place, made, contents, ownership) {
  const at = place(entry.path);
  switch (entry.type) {
    case "directory":
      mkdirSync(at, 448);
      made.directories.set(entry.path, entry);
      break;
    case "file":
      await placeFile(at, entry, ownership, contents);
      made.files.add(entry.path);
      break;
    case "hardlink":
      linkSync(place(entry.target), at);
      made.files.add(entry.path);
      break;
    case "symlink":
      placeSymlink(at, entry, ownership);
      break;
    default:
      return entry.type === "fifo" ? "fifo" : "device";
  }
  return entry.xattrs.length > 0 ? "xattrs" : void 0;
}
async function extractEntries(entries, folder, { ownership, signal }) {
  const root = Buffer.from(`${folder}/`);
  const place = (path) => Buffer.concat([root, Buffer.from(path, "latin1")]);
  const made = { directories: /* @__PURE__ */ new Map(), files: /* @__PURE__ */ new Set() };
  const skipped = [];
  const contents = contentReader();
  let count = 0;
  try {
    for (const entry of entries) {
      if (signal?.aborted) throw interrupted(signal);
      checkPlace(entry, made);
      const what = await makeEntry(entry, place, made, contents, ownership);
      if (what !== void 0) skipped.push({ path: entry.path, what });
      count += 1;
      if (count % turn === 0) await setImmediate();
    }
    for (const [path, attributes] of [...made.directories].reverse()) {
      finishDirectory(place(path), attributes, ownership);
    }
    return skipped;
  } catch (error) {
    throw ioError(error, "unpacking into", folder);
  } finally {
    contents.close();
  }
}

// src/engines/namespace/unpack-rootfs.ts
var mountPoints = {
  image: ["proc", "dev"],
  step: ["proc", "dev", "var", ...writableFolders.map((folder) => folder.slice(1))]
};
async function makeMountPoint(rootfs, name, outer) {
  const path = join(rootfs, name);
  const there = await lstat(path).catch(() => void 0);
  if (there === void 0) {
    await mkdir(path, { mode: 493 });
    if (outer !== void 0) await lchown(path, outer, outer);
  } else if (!there.isDirectory()) {
    throw new MkbaseError({
      code: "ENGINE_FAILED",
      message: `The namespace engine mounts a folder on /${name}, which is none in this root file system.`,
      hint: "Use the docker or podman engine for it."
    });
  }
}
async function unpackRootfs(entries, rootfs, kind, outer, { signal }) {
  await mkdir(rootfs, { mode: 493 });
  if (outer !== void 0) await lchown(rootfs, outer, outer);
  const owned = outer === void 0 ? entries : entries.map((entry) => ownedBy(entry, outer));
  await extractEntries(owned, rootfs, { ownership: outer !== void 0, signal });
  for (const name of mountPoints[kind]) await makeMountPoint(rootfs, name, outer);
}
var ownedBy = (entry, id) => ({ ...entry, uid: id, gid: id });

// src/engines/namespace/toolchains.ts
function addFolder(hash, folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = join2(folder, entry.name);
    const { ino, mode, size, mtimeMs, ctimeMs } = lstatSync(path);
    hash.update(`${entry.name}\0${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}\0`);
    if (entry.isDirectory()) addFolder(hash, path);
    hash.update("\0");
  }
}
function fingerprint(folder) {
  const hash = createHash("sha256");
  addFolder(hash, folder);
  return hash.digest("hex");
}
var toolchainsFolder = (cacheFolder) => join2(cacheFolder, "toolchains");
var toolchainFolder = (cacheFolder, { key }) => join2(toolchainsFolder(cacheFolder), key);
function isAsMade(folder, made) {
  try {
    return fingerprint(join2(folder, treeFolder)) === made;
  } catch {
    return false;
  }
}
async function hasToolchain(cacheFolder, toolchain) {
  const folder = toolchainFolder(cacheFolder, toolchain);
  const made = await readFile(join2(folder, "look"), "utf8").catch(() => "");
  if (isAsMade(folder, made)) return true;
  await removeTree(folder);
  return false;
}
async function flush(folder, { signal }) {
  const env = { PATH: toolPath };
  await runCommand({ file: "sync", args: ["--file-system", folder], env, cleanEnv: true, signal });
}
async function addToolchain(cacheFolder, toolchain, tar, outer, io) {
  const workspace = await openWorkspace(join2(cacheFolder, "tmp"));
  const { bytes, sha256 } = hashedStream(tar);
  const made = join2(workspace.folder, toolchain.key);
  const target = toolchainFolder(cacheFolder, toolchain);
  try {
    const entries = await spoolTar(bytes, join2(workspace.folder, "toolchain.tar"));
    await mkdir2(made, { mode: 448 });
    await unpackRootfs(entries, join2(made, treeFolder), "step", outer, io);
    await writeFile(join2(made, "sha256"), `sha256:${sha256()}
`);
    await writeFile(join2(made, "look"), fingerprint(join2(made, treeFolder)));
    if (outer !== void 0) await lchown2(made, outer, outer);
    await flush(made, io);
    await mkdir2(toolchainsFolder(cacheFolder), { recursive: true });
    await rename(made, target).catch((error) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    throw ioError(error, "adding a builder to", target);
  } finally {
    await workspace.dispose();
  }
}
async function removeToolchains(cacheFolder, keep) {
  const parent = toolchainsFolder(cacheFolder);
  const removed = [];
  for (const key of await readdir(parent).catch(() => [])) {
    if (keep.has(key)) continue;
    if (await removeTree(join2(parent, key))) removed.push({ kind: "folder", id: key });
  }
  return removed;
}

// src/engines/namespace/run-step.ts
function engineFault({ exitCode, stderr, problem, timedOut }) {
  const stillborn = exitCode === void 0 && !timedOut;
  if (!stillborn && !(exitCode === 125 && stderr.includes(faultMark))) return void 0;
  return new MkbaseError({
    code: "ENGINE_FAILED",
    message: `The namespace engine failed: ${stderr.replaceAll(faultMark, "").trim() || problem}`,
    hint: "`mkbase doctor` shows what this machine permits; --engine chooses another engine."
  });
}
async function pipeName(cacheFolder) {
  const parent = join3(cacheFolder, "tmp");
  await mkdir3(parent, { recursive: true });
  return join3(parent, await ownedName());
}
async function runStep(cacheFolder, step, consume, outer, io) {
  const { limits, capabilities, argv, env, toolchain } = step;
  const folder = toolchainFolder(cacheFolder, toolchain);
  const ids = step.ids === "range" ? await idRange(outer) : void 0;
  const pipe = await pipeName(cacheFolder);
  const command = isolate(
    {
      folder,
      kind: "step",
      memoryFolderBytes: limits.memoryBytes,
      env: { ...baseEnvironment, ...env },
      cwd: "/",
      argv,
      capabilities,
      limits,
      pipe,
      ...ids && { ids }
    },
    outer
  );
  try {
    return await pipeStep(step, command, consume, engineFault, io);
  } finally {
    await Promise.all([pipe, `${pipe}a`].map((path) => rm(path, { force: true })));
  }
}

// src/engines/namespace/run-image.ts
var memoryFolderBytes = 64 * 1024 ** 2;
async function entriesOf(file) {
  const entries = [];
  for await (const { entry, contentOffset: offset } of readTar(createReadStream(file))) {
    if (entry.type !== "file") entries.push(entry);
    else entries.push({ ...entry, content: { file, offset, size: entry.size } });
  }
  return entries;
}
function argvOf(config, { entrypoint, args }) {
  const program2 = entrypoint ?? config.Entrypoint ?? [];
  return [...program2, ...args ?? (entrypoint === void 0 ? config.Cmd ?? [] : [])];
}
function environmentOf(config, options, { home }) {
  const { PATH = "", HOSTNAME = "" } = baseEnvironment;
  const own = (config.Env ?? []).map((variable) => {
    const equals = variable.indexOf("=");
    return [variable.slice(0, equals), variable.slice(equals + 1)];
  });
  return { PATH, HOSTNAME, HOME: home, ...Object.fromEntries(own), ...options.env };
}
function isolationOf(folder, { config }, options, user) {
  const argv = argvOf(config, options);
  if (argv.length === 0) throw nothingToRun();
  return {
    folder,
    kind: "image",
    memoryFolderBytes,
    env: environmentOf(config, options, user),
    cwd: config.WorkingDir || "/",
    argv,
    capabilities: [],
    pipe: options.stdio === "inherit" ? void 0 : join4(folder, "pipe"),
    ...(user.uid !== 0 || user.gid !== 0) && { user }
  };
}
async function runImage(cacheFolder, image, options, outer, io) {
  if (image.kind !== "tar") {
    const message = "The namespace engine has no image store to run an image from.";
    throw new MkbaseError({ code: "INTERNAL", message });
  }
  if (options.network === "default") warnOfNoNetwork(io);
  const entries = await entriesOf(image.tar);
  const user = await findUser(image.config.User ?? "", entries);
  const workspace = await openWorkspace(join4(cacheFolder, "tmp"));
  try {
    const isolation = isolationOf(workspace.folder, image, options, user);
    await unpackRootfs(entries, join4(workspace.folder, treeFolder), "image", outer, io);
    if (outer !== void 0) await lchown3(workspace.folder, outer, outer);
    await chmod(workspace.folder, 448);
    return await run(isolation, options, outer, io);
  } finally {
    await workspace.dispose();
  }
}
async function run(isolation, { stdin: input, timeoutSeconds, stdio }, outer, { signal }) {
  const command = {
    ...isolate(isolation, outer),
    signal,
    ...input !== void 0 && { input },
    ...timeoutSeconds !== void 0 && { timeoutSeconds }
  };
  const result = await (stdio === "inherit" ? runAttached(command) : runCommand(command));
  const fault = engineFault(result);
  if (fault !== void 0 && stdio === "capture") throw fault;
  return runResult(result);
}
function warnOfNoNetwork(io) {
  const warning = {
    code: "no-network",
    message: "The namespace engine runs images without a network.",
    advice: "Load the image into docker or podman to run it with one."
  };
  io.emit({ type: "warning", stage: "test", warning });
}

// src/engines/namespace/namespace-engine.ts
var switches = [
  { name: "kernel.unprivileged_userns_clone", off: "0", on: "1" },
  { name: "user.max_user_namespaces", off: "0", on: "15000" },
  { name: "kernel.apparmor_restrict_unprivileged_userns", off: "1", on: "0" }
];
var settingOf = (name) => readFile2(`/proc/sys/${name.replaceAll(".", "/")}`, "latin1").then(
  (value) => value.trim(),
  () => void 0
);
async function namespaceRefusal(stderr, read = settingOf) {
  for (const { name, off, on } of switches) {
    if (await read(name) !== off) continue;
    return {
      reason: `this system forbids user namespaces (${name} is ${off})`,
      cure: `Permit them: sudo sysctl -w ${name}=${on}.`
    };
  }
  if (/unrecognized option/.test(stderr)) {
    return { reason: "its util-linux is too old", cure: "Upgrade util-linux to 2.35 or newer." };
  }
  return {
    reason: `this system refuses a user namespace (${stderr.trim().split("\n").at(-1)})`,
    cure: "Inside a container, run that one with --privileged, or with seccomp=unconfined and systempaths=unconfined."
  };
}
async function trial({ signal }) {
  const outer = await outerId();
  const identity = outer === void 0 ? [] : [`--reuid=${outer}`, `--regid=${outer}`, "--clear-groups"];
  const result = await runCommand({
    file: "setpriv",
    args: [
      ...[...identity, "--pdeathsig", "KILL", "unshare", "--user", "--map-root-user"],
      ...["--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child"],
      ...["--mount-proc", "unshare", "--root=/", "--wd=/", "true"]
    ],
    env: { PATH: toolPath },
    cleanEnv: true,
    cwd: "/",
    killSignal: "SIGKILL",
    timeoutSeconds: 10,
    signal
  });
  return result.ok ? void 0 : namespaceRefusal(result.stderr || result.problem);
}
async function probeNamespace(cacheFolder, io) {
  const refusal = await missingTools() ?? await trial(io);
  return refusal === void 0 ? { name: "namespace", ok: true, engine: namespaceEngine({ cacheFolder }) } : { name: "namespace", ok: false, ...refusal };
}
function namespaceEngine({ cacheFolder }) {
  return {
    name: "namespace",
    description: "Linux namespaces of this machine (no daemon)",
    hasToolchain: (toolchain) => hasToolchain(cacheFolder, toolchain),
    addToolchain: async (toolchain, tar, io) => addToolchain(cacheFolder, toolchain, tar, await outerId(), io),
    async runStep(step, consume, io) {
      const { toolchain } = step;
      if (await hasToolchain(cacheFolder, toolchain)) {
        return runStep(cacheFolder, step, consume, await outerId(), io);
      }
      const message = `The namespace engine has no builder ${toolchain.name}.`;
      const hint = "Run the same command again: it makes the builder anew.";
      throw new MkbaseError({ code: "ENGINE_FAILED", message, hint });
    },
    runImage: async (image, options, io) => runImage(cacheFolder, image, options, await outerId(), io),
    async removeLeftovers(now, io) {
      const names = await sweepWorkspaces(join5(cacheFolder, "tmp"), now, io);
      return names.map((id) => ({ kind: "folder", id }));
    },
    removeToolchains: (keep) => removeToolchains(cacheFolder, keep)
  };
}
export {
  namespaceEngine,
  namespaceRefusal,
  probeNamespace
};
//# sourceMappingURL=namespace-engine-2BKSFSEP.js.map

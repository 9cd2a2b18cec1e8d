import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  idCount
} from "./chunk-TNYKORMP.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/engines/namespace/ids.ts
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";

// src/engines/namespace/id-maps.ts
var rowsOf = (extents) => extents.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join("\n");
function withinItself({ users, groups }) {
  const same = (extents) => extents.map(({ inside, count }) => ({ inside, outside: inside, count }));
  return { writer: "write", users: same(users), groups: same(groups) };
}
var onlyRoot = {
  users: [{ inside: 0, outside: 0, count: 1 }],
  groups: [{ inside: 0, outside: 0, count: 1 }]
};
function idsOfMap(map) {
  return map.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number)).map(([first = 0, , count = 0]) => ({ first, last: first + count - 1 }));
}
function rootExtents(map, outer) {
  const ids = idsOfMap(map);
  const has = (first, count) => ids.some((each) => each.first <= first && first + count - 1 <= each.last);
  if (has(outer, idCount)) return [{ inside: 0, outside: outer, count: idCount }];
  if (outer < idCount || !has(1, idCount - 1)) return void 0;
  return [
    { inside: 0, outside: outer, count: 1 },
    { inside: 1, outside: 1, count: idCount - 1 }
  ];
}
function subordinates(text) {
  return text.split("\n").map((line) => line.split(":")).map(([owner = "", first, count]) => ({ owner, first: Number(first), count: Number(count) })).filter(({ owner, first, count }) => owner !== "" && first > 0 && count > 0);
}
function userExtents(text, names, id) {
  const range = subordinates(text).find(
    ({ owner, count }) => names.includes(owner) && count >= idCount - 1
  );
  return range && [
    { inside: 0, outside: id, count: 1 },
    { inside: 1, outside: range.first, count: idCount - 1 }
  ];
}
var firstGiven = 1e5;
function freeRange(texts) {
  const ends = texts.flatMap(subordinates).map(({ first: first2, count }) => first2 + count);
  const first = Math.max(firstGiven, ...ends);
  return `${first}-${first + 65535}`;
}

// src/engines/namespace/tools.ts
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
var toolPath = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
var tools = {
  hostname: "hostname",
  mkfifo: "coreutils",
  mount: "mount",
  pivot_root: "util-linux",
  prlimit: "util-linux",
  setpriv: "util-linux",
  setsid: "util-linux",
  sh: "dash",
  umount: "mount",
  unshare: "util-linux"
};
async function isInstalled(tool) {
  const tries = toolPath.split(":").map((folder) => access(join(folder, tool), constants.X_OK).then(() => true));
  return Promise.any(tries).catch(() => false);
}
async function missingTools() {
  const names = Object.keys(tools);
  const installed = await Promise.all(names.map(isInstalled));
  const missing = names.filter((_, at) => !installed[at]);
  if (missing.length === 0) return void 0;
  const packages = [...new Set(missing.map((tool) => tools[tool]))].join(" ");
  return {
    reason: `it needs ${missing.join(", ")}, not found in ${toolPath}`,
    cure: `Install util-linux and its like (on Debian and Ubuntu: sudo apt-get install ${packages}).`
  };
}
var treeFolder = "tree";

// src/engines/namespace/ids.ts
var preferred = 1878982656;
function pickOuterId(map) {
  const ranges = idsOfMap(map);
  if (ranges.some(({ first, last }) => first <= preferred && preferred <= last)) return preferred;
  const highest = Math.max(0, ...ranges.map(({ last }) => last));
  return highest > 0 ? highest : void 0;
}
async function outerId() {
  if (process.geteuid?.() !== 0) return void 0;
  const [users, groups] = await Promise.all(
    ["/proc/self/uid_map", "/proc/self/gid_map"].map((file) => readFile(file, "latin1"))
  );
  const user = pickOuterId(users ?? "");
  const group = pickOuterId(groups ?? "");
  return user === void 0 || group === void 0 ? void 0 : Math.min(user, group);
}
var read = (file) => readFile(file, "latin1").catch(() => "");
var readBoth = (...files) => Promise.all(files.map(read));
async function rangeOfRoot(outer) {
  const maps = await readBoth("/proc/self/uid_map", "/proc/self/gid_map");
  const [users, groups] = maps.map(
    (map) => outer === void 0 ? void 0 : rootExtents(map, outer)
  );
  if (users && groups) return { writer: "write", users, groups };
  return {
    reason: `this container has not the ${idCount + 1} user and group ids`,
    cure: `Give it ids 0 to ${idCount}, or run mkbase outside of it.`
  };
}
function userName() {
  try {
    return userInfo().username;
  } catch {
    return void 0;
  }
}
function rangeOfUser({ name, uid, gid }, subuid, subgid) {
  if (name === void 0) {
    return {
      reason: `user ${uid} has no name in /etc/passwd, and so no range of ids`,
      cure: "Run mkbase as a user that has an account."
    };
  }
  const names = [name, String(uid)];
  const users = userExtents(subuid, names, uid);
  const groups = userExtents(subgid, names, gid);
  if (users && groups) return { writer: "newidmap", users, groups };
  const range = freeRange([subuid, subgid]);
  const lacking = [...users ? [] : ["/etc/subuid"], ...groups ? [] : ["/etc/subgid"]];
  return {
    reason: `${lacking.join(" and ")} ${lacking.length > 1 ? "have" : "has"} no range of ${idCount - 1} ids for ${name}`,
    cure: `Add one: sudo usermod --add-subuids ${range} --add-subgids ${range} ${name}.`
  };
}
async function findRange(outer) {
  if (process.geteuid?.() === 0) return rangeOfRoot(outer);
  const [subuid = "", subgid = ""] = await readBoth("/etc/subuid", "/etc/subgid");
  const user = { name: userName(), uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const range = rangeOfUser(user, subuid, subgid);
  const installed = await Promise.all(["newuidmap", "newgidmap"].map(isInstalled));
  if ("reason" in range || installed.every(Boolean)) return range;
  return {
    reason: "newuidmap and newgidmap are not installed",
    cure: "Install them (on Debian and Ubuntu: sudo apt-get install uidmap)."
  };
}
async function idRangeRefusal() {
  const range = await findRange(await outerId());
  return "reason" in range ? range : void 0;
}
async function idRange(outer) {
  const range = await findRange(outer);
  if (!("reason" in range)) return range;
  throw new MkbaseError({
    code: "ENGINE_FAILED",
    message: `A root file system has files of many users and groups, which the namespace engine cannot give it here: ${range.reason}.`,
    hint: `${range.cure} Or choose another engine with --engine.`
  });
}

export {
  rowsOf,
  withinItself,
  onlyRoot,
  toolPath,
  missingTools,
  treeFolder,
  pickOuterId,
  outerId,
  rangeOfUser,
  idRangeRefusal,
  idRange
};
//# sourceMappingURL=chunk-QTOXF7KZ.js.map

import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/owner.ts
import { randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
var pattern = /^mkbase-([0-9a-f]+)-(\d+)-(\d+)-(\d+)-[0-9A-Za-z]+$/;
async function processStat(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
}
async function describeSelf() {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => "");
  const pidNamespace = await readlink("/proc/self/ns/pid").catch(() => "");
  const { startTime } = await processStat(process.pid);
  return {
    boot: boot.replace(/[^0-9a-f]/g, "").slice(0, 12) || "0",
    pidNamespace: pidNamespace.replace(/\D/g, "") || "0",
    pid: process.pid,
    startTime
  };
}
var self;
function currentOwner() {
  self ??= describeSelf();
  return self;
}
async function ownedPrefix() {
  const { boot, pidNamespace, pid, startTime } = await currentOwner();
  return `mkbase-${boot}-${pidNamespace}-${pid}-${startTime}-`;
}
async function ownedName() {
  return `${await ownedPrefix()}${randomBytes(6).toString("hex")}`;
}
async function ownerState(name) {
  const [, boot, pidNamespace, pid, startTime] = pattern.exec(name) ?? [];
  if (boot === void 0 || startTime === void 0) return "nobody";
  const here = await currentOwner();
  const visible = boot === here.boot && pidNamespace === here.pidNamespace;
  if (!visible || boot === "0" || pidNamespace === "0") return "elsewhere";
  return await isRunning(Number(pid), startTime) ? "alive" : "dead";
}
async function isRunning(pid, startTime) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return false;
  }
  try {
    const stat = await processStat(pid);
    return stat.startTime === startTime && stat.state !== "Z" && stat.state !== "X";
  } catch {
    return true;
  }
}

export {
  ownedPrefix,
  ownedName,
  ownerState
};
//# sourceMappingURL=chunk-22XNJDHL.js.map

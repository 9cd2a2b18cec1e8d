import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  containerEngine,
  lastLine,
  podman
} from "./chunk-4NEF6XSA.js";
import "./chunk-XUOWNDDI.js";
import "./chunk-E6FI3J5L.js";
import {
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  openWorkspace
} from "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-TNYKORMP.js";
import {
  platformNames
} from "./chunk-7K5WTWOY.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/engines/container-cli/probe-podman.ts
import { join } from "node:path";
var probeSeconds = 10;
var oldestMajor = 4;
function podmanRefusal(result) {
  if (result.notFound) {
    return {
      reason: "the podman command is not installed",
      cure: "Install podman (on Debian and Ubuntu: sudo apt-get install podman uidmap)."
    };
  }
  if (result.timedOut) {
    return {
      reason: `podman did not answer within ${probeSeconds} seconds`,
      cure: "Look after it with `podman info`."
    };
  }
  return {
    reason: lastLine(result.stderr) || result.problem,
    cure: "See that `podman info` works; rootless podman needs uidmap and a range in /etc/subuid and /etc/subgid."
  };
}
function readPodmanFacts(version, info) {
  const { Client, Server } = JSON.parse(version);
  const about = Server ?? Client;
  const number = about?.Version ?? "0";
  if (Number.parseInt(number, 10) < oldestMajor) {
    return {
      reason: `it is version ${number}; mkbase needs ${oldestMajor}.0 or newer`,
      cure: "Upgrade podman."
    };
  }
  const host = info === void 0 ? void 0 : JSON.parse(info).host;
  const controllers = info === void 0 ? void 0 : host?.cgroupControllers ?? [];
  const platform = platformNames.find((name) => name === about?.OsArch);
  return {
    description: `podman ${number}`,
    platform,
    limitsMemory: controllers?.includes("memory") ?? true,
    limitsProcesses: controllers?.includes("pids") ?? true,
    inUserNamespace: host?.security?.rootless === true
  };
}
var programMissing = 127;
function trialRefusal(result) {
  if (result.exitCode === programMissing || result.timedOut) return void 0;
  return {
    reason: `it cannot start a container (${lastLine(result.stderr) || result.problem})`,
    cure: "See what `podman run` says of any image; inside a container, run that one with --privileged."
  };
}
async function trial(call, cache) {
  const workspace = await openWorkspace(join(cache, "tmp")).catch(() => void 0);
  if (workspace === void 0) return void 0;
  const options = ["--rm", "--network", "none", "--log-driver", "none", "--http-proxy=false"];
  try {
    return trialRefusal(await call("run", ...options, "--rootfs", workspace.folder, "/mkbase"));
  } finally {
    await workspace.dispose();
  }
}
async function probePodman(cache, { signal }) {
  const call = (...args) => runCommand({ file: podman.name, args, timeoutSeconds: probeSeconds, signal });
  const rootful = process.getuid?.() === 0;
  const [version, works] = await Promise.all([
    call("version", "--format", "json"),
    rootful ? call("ps", "--quiet") : call("info", "--format", "json")
  ]);
  const failed = [version, works].find(({ ok }) => !ok);
  const facts = failed ? podmanRefusal(failed) : readPodmanFacts(version.stdout, rootful ? void 0 : works.stdout);
  const local = !("reason" in facts) && JSON.parse(version.stdout).Server === void 0;
  const answer = local && await trial(call, cache) || facts;
  return "reason" in answer ? { name: "podman", ok: false, ...answer } : { name: "podman", ok: true, engine: containerEngine(podman, answer) };
}
export {
  podmanRefusal,
  probePodman,
  readPodmanFacts,
  trialRefusal
};
//# sourceMappingURL=probe-podman-2Z3B5JH5.js.map

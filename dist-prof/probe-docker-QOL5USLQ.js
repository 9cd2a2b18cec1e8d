import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  containerEngine,
  docker,
  lastLine
} from "./chunk-4NEF6XSA.js";
import "./chunk-XUOWNDDI.js";
import "./chunk-E6FI3J5L.js";
import {
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import "./chunk-TNYKORMP.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import "./chunk-22XNJDHL.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/engines/container-cli/probe-docker.ts
var probeSeconds = 10;
var oldest = [20, 10];
function dockerRefusal(result) {
  if (result.notFound) {
    return {
      reason: "the docker command is not installed",
      cure: "Install Docker (on Debian and Ubuntu: sudo apt-get install docker.io)."
    };
  }
  if (result.timedOut) {
    return {
      reason: `the daemon did not answer within ${probeSeconds} seconds`,
      cure: "Look after it with `docker info`, or choose another with DOCKER_HOST or `docker context use`."
    };
  }
  const reason = lastLine(result.stderr) || result.problem;
  if (/permission denied/i.test(reason)) {
    return {
      reason: "you are not permitted to use the Docker daemon",
      cure: 'Join its group (sudo usermod -aG docker "$USER") and log in again.'
    };
  }
  return {
    reason,
    cure: "Start the daemon (sudo systemctl start docker), or name another with DOCKER_HOST or `docker context use`."
  };
}
function parseInfo(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
var userNamespaces = /^name=(rootless|userns)\b/;
var architectures = {
  x86_64: platforms["linux/amd64"].name,
  aarch64: platforms["linux/arm64"].name
};
function readDockerInfo(text) {
  const info = parseInfo(text);
  const version = info.ServerVersion;
  if (!version) {
    return {
      reason: "the docker command here is not Docker (podman has one like it)",
      cure: "Use --engine podman, or install Docker."
    };
  }
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major < oldest[0] || major === oldest[0] && minor < oldest[1]) {
    return {
      reason: `its daemon is version ${version}; mkbase needs ${oldest.join(".")} or newer`,
      cure: "Upgrade Docker."
    };
  }
  if (info.OSType !== "linux") {
    return { reason: `its daemon runs ${info.OSType} containers`, cure: "Use one for Linux." };
  }
  return {
    description: `docker ${version} (context ${info.ClientInfo?.Context ?? "default"})`,
    platform: architectures[info.Architecture ?? ""],
    limitsMemory: info.MemoryLimit === true,
    limitsProcesses: info.PidsLimit === true,
    inUserNamespace: info.SecurityOptions?.some((option) => userNamespaces.test(option)) ?? false
  };
}
async function probeDocker({ signal }) {
  const result = await runCommand({
    file: docker.name,
    args: ["info", "--format", "{{json .}}"],
    timeoutSeconds: probeSeconds,
    signal
  });
  const answer = result.ok ? readDockerInfo(result.stdout) : dockerRefusal(result);
  return "reason" in answer ? { name: docker.name, ok: false, ...answer } : { name: docker.name, ok: true, engine: containerEngine(docker, answer) };
}
export {
  dockerRefusal,
  probeDocker,
  readDockerInfo
};
//# sourceMappingURL=probe-docker-QOL5USLQ.js.map

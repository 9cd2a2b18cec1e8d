import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  nothingToRun,
  pipeStep,
  runResult
} from "./chunk-XUOWNDDI.js";
import {
  engineName,
  namesOf
} from "./chunk-E6FI3J5L.js";
import {
  runAttached,
  runCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  baseEnvironment,
  writableFolders
} from "./chunk-TNYKORMP.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  ownedName,
  ownerState
} from "./chunk-22XNJDHL.js";
import {
  hashedStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/engines/container-cli/cli.ts
var noSpace = /no space left on device|disk quota exceeded/i;
function engineFailed(name, doing, { stderr, problem }) {
  const words = stderr.trim();
  const message = `${name} failed ${doing}: ${words === "" ? problem : words}`;
  if (noSpace.test(words)) {
    const hint = `Free some space where ${name} keeps its images (\`${name} info\` says where), then run the same command again.`;
    return new MkbaseError({ code: "NO_SPACE", message, hint });
  }
  return new MkbaseError({
    code: "ENGINE_FAILED",
    message,
    hint: `See whether \`${name} info\` works, then run the same command again; --engine chooses another engine.`
  });
}
var storeCommand = namesOf({ import: 1, load: 2, tag: 3, rm: 4 });
var changing = /* @__PURE__ */ new Set([...Object.keys(storeCommand), "image rm"]);
var patience = 3e4;
var changes = ([verb = "", object = ""]) => changing.has(verb) || changing.has(`${verb} ${object}`);
function containerCli(dialect, facts) {
  const run = (args, { signal }, input) => runCommand({
    file: dialect.name,
    args,
    signal,
    ...input && { input },
    ...changes(args) && { patience }
  });
  return {
    dialect,
    facts,
    run,
    async expect(doing, args, io, input) {
      const result = await run(args, io, input);
      if (!result.ok) throw engineFailed(dialect.name, doing, result);
      return result.stdout.trim();
    }
  };
}
var linesOf = (printed) => [...new Set(printed.split("\n").filter(Boolean))];
var lastLine = (printed) => printed.trim().split("\n").at(-1) ?? "";

// src/engines/container-cli/images.ts
import { setTimeout } from "node:timers/promises";
var withAlgorithm = (id) => id.startsWith("sha256:") ? id : `sha256:${id}`;
var localRegistry = /^localhost\//;
function readInspected(printed) {
  return JSON.parse(printed).map((image) => ({
    id: withAlgorithm(image.Id),
    diffIds: image.RootFS?.Layers ?? [],
    labels: image.Config?.Labels ?? {},
    tags: (image.RepoTags ?? []).map((tag) => tag.replace(localRegistry, "")),
    config: image.Config ?? {},
    comment: image.Comment ?? "",
    ...image.Architecture && { architecture: image.Architecture }
  }));
}
var inspectedAtOnce = 50;
async function inspectAll(cli, ids, io) {
  const images = [];
  for (let start = 0; start < ids.length; start += inspectedAtOnce) {
    const batch = ids.slice(start, start + inspectedAtOnce);
    const { stdout } = await cli.run(["image", "inspect", ...batch], io);
    images.push(...readInspected(stdout.trim() || "[]"));
  }
  return images;
}
async function untaggedImages(cli, io) {
  const args = ["images", "--quiet", "--no-trunc", "--filter", "dangling=true"];
  return inspectAll(cli, linesOf(await cli.expect("listing images", args, io)), io);
}
var tries = 10;
var betweenTries = 200;
async function inspect(cli, reference, io) {
  for (let left = tries; ; left--) {
    const result = await cli.run(["image", "inspect", reference], io);
    if (result.ok) return readInspected(result.stdout)[0];
    const { noSuchImage, halfStored, name } = cli.dialect;
    if (noSuchImage.test(result.stderr)) return void 0;
    if (left === 1 || !halfStored?.test(result.stderr)) {
      throw engineFailed(name, `looking for image ${reference}`, result);
    }
    await setTimeout(betweenTries);
  }
}
var importMark = /\((mkbase-[^()\s]+)\)$/;
function watched(tar) {
  let ended = false;
  async function* pass() {
    yield* tar;
    ended = true;
  }
  return { bytes: pass(), ended: () => ended };
}
var cleanupMilliseconds = 15e3;
async function removeImported(cli, mark, mayCome) {
  const io = { emit: () => void 0, signal: AbortSignal.timeout(cleanupMilliseconds) };
  for (let left = mayCome ? tries : 1; left > 0; left--) {
    const images = await untaggedImages(cli, io);
    const made = images.filter(({ comment }) => importMark.exec(comment)?.[1] === mark);
    for (const { id } of made) await cli.run(["image", "rm", id], io);
    if (made.length > 0) return;
    await setTimeout(betweenTries);
  }
}
async function importTar(cli, tar, { changes: changes2, message, platform }, io) {
  const { dialect, facts } = cli;
  const foreign = facts.platform !== platform;
  const mark = await ownedName();
  const args = [
    storeCommand.import,
    ...foreign || dialect.name === "podman" ? dialect.importOptions(platform) : [],
    ...["--message", `${message} (${mark})`],
    ...changes2.flatMap((change) => ["--change", change]),
    "-"
  ];
  const { bytes, ended } = watched(tar);
  try {
    const printed = await cli.expect("importing an image", args, io, bytes);
    return withAlgorithm(printed.split("\n").at(-1) ?? "");
  } catch (error) {
    await removeImported(cli, mark, ended()).catch(() => void 0);
    throw error;
  }
}
var loaded = /^Loaded image(?: ID|\(s\))?: (\S+)$/m;
async function loadArchive(cli, file, io) {
  const printed = await cli.expect(`loading ${file}`, ["load", "--input", file], io);
  const reference = loaded.exec(printed)?.[1];
  if (reference?.startsWith("sha256:")) return reference;
  const image = reference === void 0 ? void 0 : await inspect(cli, reference, io);
  if (image !== void 0) return image.id;
  throw new MkbaseError({
    code: "ENGINE_FAILED",
    message: `${cli.dialect.name} loaded ${file} but did not name the image; it said: ${printed}`
  });
}
async function removeUntagged(cli, id, io) {
  const image = await inspect(cli, id, io);
  if (image === void 0 || image.tags.length > 0) return;
  const result = await cli.run(["image", "rm", id], io);
  if (result.ok || cli.dialect.noSuchImage.test(result.stderr)) return;
  throw engineFailed(cli.dialect.name, `removing image ${id}`, result);
}
function imageStore(cli) {
  const { importInstructions, importQuoting } = cli.dialect;
  return {
    importInstructions,
    importQuoting,
    importTar: (tar, options, io) => importTar(cli, tar, options, io),
    loadArchive: (file, io) => loadArchive(cli, file, io),
    inspect: (reference, io) => inspect(cli, reference, io),
    async tag(id, reference, io) {
      await cli.expect(`tagging ${reference}`, ["tag", id, reference], io);
    },
    async untag(reference, io) {
      const result = await cli.run([...cli.dialect.untagArguments, reference], io);
      if (result.ok || cli.dialect.noSuchImage.test(result.stderr)) return;
      throw engineFailed(cli.dialect.name, `taking tag ${reference} off`, result);
    },
    removeUntagged: (id, io) => removeUntagged(cli, id, io)
  };
}

// src/engines/container-cli/run-arguments.ts
var runLabel = "org.mkbase.run";
var named = (name) => ["--name", name, "--label", `${runLabel}=${name}`];
var environment = (env) => Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
function limitOptions({ memoryBytes, processes }, { facts }) {
  return [
    // As much swap as memory would double the limit; equal means none.
    ...facts.limitsMemory ? ["--memory", `${memoryBytes}b`, "--memory-swap", `${memoryBytes}b`] : [],
    ...facts.limitsProcesses ? ["--pids-limit", String(processes)] : []
  ];
}
var unwatched = { memoryBytes: 4 * 1024 ** 3, processes: 2048 };
var temporary = /* @__PURE__ */ new Set(["/tmp", "/var/tmp"]);
function memoryFolders({ memoryBytes }, { dialect }) {
  return writableFolders.flatMap((folder) => {
    const mode = temporary.has(folder) ? "1777" : "0755";
    const options = ["rw", "exec", "suid", "dev", `mode=${mode}`, `size=${memoryBytes}`];
    return ["--tmpfs", `${folder}:${[...options, ...dialect.tmpfsOptions].join(",")}`];
  });
}
function capabilityOptions({ capabilities }, { facts }) {
  const mounts = facts.inUserNamespace && capabilities.includes("CAP_MKNOD");
  const added = [...capabilities, ...mounts ? ["CAP_SYS_ADMIN"] : []];
  return ["--cap-drop", "ALL", ...added.flatMap((each) => ["--cap-add", each])];
}
function stepArguments(step, id, name, cli) {
  const { dialect } = cli;
  return [
    ...["run", "--rm", "--interactive", ...named(name), "--hostname", "mkbase"],
    ...["--pull", "never", "--network", "none"],
    ...capabilityOptions(step, cli),
    ...["--security-opt", "no-new-privileges"],
    // Else the engine keeps a copy of everything that comes out, docker as JSON: 12 s for 300 MB.
    ...["--log-driver", "none"],
    ...dialect.init ? ["--init"] : [],
    ...dialect.runOptions,
    ...dialect.stepOptions,
    ...limitOptions(step.limits, cli),
    ...memoryFolders(step.limits, cli),
    ...environment({ ...baseEnvironment, ...step.env }),
    id,
    ...step.argv
  ];
}
function programOptions({ entrypoint, args = [] }, id) {
  if (entrypoint === void 0) return [id, ...args];
  const [program = "", ...rest] = entrypoint;
  return ["--entrypoint", program, id, ...rest, ...args];
}
function imageArguments(image, options, name, terminal, cli) {
  const { dialect, facts } = cli;
  const foreign = facts.platform !== void 0 && facts.platform !== image.platform;
  return [
    ...["run", "--rm", "--interactive", ...named(name), "--pull", "never"],
    ...terminal ? ["--tty"] : [],
    // A program that runs as the first process and handles no signal could not be interrupted.
    ...options.stdio === "inherit" && dialect.init ? ["--init"] : [],
    ...options.network === "none" ? ["--network", "none"] : [],
    ...options.stdio === "capture" ? limitOptions(unwatched, cli) : [],
    ...["--log-driver", "none"],
    ...foreign ? ["--platform", image.platform] : [],
    ...dialect.runOptions,
    ...environment(options.env ?? {}),
    ...programOptions(options, image.id)
  ];
}

// src/engines/container-cli/container.ts
import { setTimeout as setTimeout2 } from "node:timers/promises";
var withoutProxies = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, void 0])
);
var pauseMilliseconds = 100;
var answerSeconds = 20;
async function did(cli, args, name) {
  const signal = AbortSignal.timeout(answerSeconds * 1e3);
  const result = await cli.run([...args, name], { signal }).catch(() => void 0);
  return result?.ok === true && result.stdout.trim() !== "";
}
async function kill(cli, name, ended) {
  while (!ended.aborted && !await did(cli, cli.dialect.killArguments, name)) {
    await setTimeout2(pauseMilliseconds);
  }
}
async function newContainer(cli) {
  const name = await ownedName();
  return {
    name,
    command: (args) => ({
      file: cli.dialect.name,
      args,
      env: withoutProxies,
      stop: (ended) => kill(cli, name, ended)
    }),
    async remove() {
      await did(cli, cli.dialect.removeArguments, name);
    }
  };
}

// src/engines/container-cli/run-step.ts
var engineExitCode = 125;
var ownWords = /^((docker|podman|error)( run)?: |time="[^"]*" level=)/im;
var runtimeExitCodes = [126, 127];
var runtimeWords = /OCI (?:runtime|permission)/;
var programWords = /exec: |executable/;
var runtimeFailed = ({ exitCode, stderr }) => runtimeExitCodes.includes(exitCode) && runtimeWords.test(stderr) && !programWords.test(stderr);
function engineFault(cli, result) {
  const { exitCode, stderr } = result;
  const engineEnded = exitCode === engineExitCode || runtimeFailed(result);
  const own = engineEnded && ownWords.test(stderr);
  const stillborn = exitCode === void 0 && !result.timedOut;
  return own || stillborn ? engineFailed(cli.dialect.name, "running a container", result) : void 0;
}
function warnOfMissingLimits({ dialect, facts }, io) {
  const missing = [
    ...facts.limitsMemory ? [] : ["memory"],
    ...facts.limitsProcesses ? [] : ["processes"]
  ];
  if (missing.length === 0) return;
  const warning = {
    code: "limits-not-enforced",
    message: `${dialect.name} cannot limit the ${missing.join(" and the ")} of a build here.`,
    advice: "Give it the cgroup controllers (memory, pids), or build only what you trust."
  };
  io.emit({ type: "warning", stage: "build", warning });
}
async function runStep(cli, id, step, consume, io) {
  warnOfMissingLimits(cli, io);
  const container = await newContainer(cli);
  const fault = (result) => engineFault(cli, result);
  const command = container.command(stepArguments(step, id, container.name, cli));
  try {
    return await pipeStep(step, command, consume, fault, io);
  } catch (error) {
    await container.remove();
    throw error;
  }
}

// src/engines/container-cli/run-image.ts
var noCommand = /no command (?:specified|or entrypoint provided)/i;
var onTerminal = () => process.stdin.isTTY === true && process.stdout.isTTY === true;
function execute(command, { stdio }) {
  return stdio === "inherit" ? runAttached(command) : runCommand(command);
}
async function runImage(cli, image, options, io) {
  if (image.kind !== "stored") {
    const message = `${cli.dialect.name} runs images of its own store, not a root filesystem in a file.`;
    throw new MkbaseError({ code: "INTERNAL", message });
  }
  const { stdin: input, timeoutSeconds, stdio } = options;
  const container = await newContainer(cli);
  const terminal = stdio === "inherit" && onTerminal() && cli.dialect.init;
  const args = imageArguments(image, options, container.name, terminal, cli);
  const command = {
    ...container.command(args),
    signal: io.signal,
    ...input !== void 0 && { input },
    ...timeoutSeconds !== void 0 && { timeoutSeconds }
  };
  try {
    const result = await execute(command, options);
    const fault = stdio === "capture" ? engineFault(cli, result) : void 0;
    if (fault !== void 0) throw noCommand.test(result.stderr) ? nothingToRun(fault) : fault;
    if (result.timedOut || stdio === "inherit" && !result.ok) await container.remove();
    return runResult(result);
  } catch (error) {
    await container.remove();
    throw error;
  }
}

// src/engines/container-cli/toolchains.ts
var toolchainLabel = "org.mkbase.toolchain";
var tagOf = ({ name, key }) => `mkbase-toolchain/${name}:${key.slice(0, 16)}`;
async function findToolchain(images, toolchain, io) {
  const image = await images.inspect(tagOf(toolchain), io);
  return image?.labels[toolchainLabel] === toolchain.key ? image.id : void 0;
}
async function importToolchain(images, toolchain, tar, io) {
  const { bytes, sha256 } = hashedStream(tar);
  const changes2 = [`LABEL ${toolchainLabel}=${toolchain.key}`];
  const message = `mkbase toolchain ${toolchain.name}`;
  const { platform } = toolchain;
  const id = await images.importTar(bytes, { changes: changes2, message, platform }, io);
  try {
    await checkLayer(images, id, `sha256:${sha256()}`, io);
    await images.tag(id, tagOf(toolchain), io);
    return id;
  } catch (error) {
    const signal = new AbortController().signal;
    await images.removeUntagged(id, { ...io, signal }).catch(() => void 0);
    throw error;
  }
}
async function checkLayer(images, id, expected, io) {
  const found = (await images.inspect(id, io))?.diffIds ?? [];
  if (found.length === 1 && found[0] === expected) return;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `The engine stored another builder than it was given.
layer expected: ${expected}
layer found:    ${found.join(", ") || "none"}`,
    hint: "See whether the engine was restarted or is out of space, then run the same command again."
  });
}
async function removeToolchains(cli, keep, io) {
  const filter = ["--filter", `label=${toolchainLabel}`];
  const listed = await cli.expect("listing images", ["images", "-q", "--no-trunc", ...filter], io);
  const removed = [];
  for (const image of await inspectAll(cli, linesOf(listed), io)) {
    if (keep.has(image.labels[toolchainLabel] ?? "")) continue;
    const { ok } = await cli.run(["image", "rm", "--force", image.id], io);
    if (ok) removed.push({ kind: "image", id: image.tags[0] ?? image.id });
  }
  return removed;
}

// src/engines/container-cli/container-engine.ts
function containerEngine(dialect, facts) {
  const cli = containerCli(dialect, facts);
  const images = imageStore(cli);
  const known = /* @__PURE__ */ new Map();
  async function find(toolchain, io) {
    const id = await findToolchain(images, toolchain, io);
    if (id !== void 0) known.set(toolchain.key, id);
    return id;
  }
  async function imageOf(toolchain, io) {
    const id = known.get(toolchain.key) ?? await find(toolchain, io);
    if (id !== void 0) return id;
    const message = `${dialect.name} has no builder ${toolchain.name}.`;
    const hint = "Run the same command again: it makes the builder anew.";
    throw new MkbaseError({ code: "ENGINE_FAILED", message, hint });
  }
  return {
    name: dialect.name,
    description: facts.description,
    images,
    hasToolchain: async (toolchain, io) => await find(toolchain, io) !== void 0,
    async addToolchain(toolchain, tar, io) {
      known.set(toolchain.key, await importToolchain(images, toolchain, tar, io));
    },
    runStep: async (step, consume, io) => runStep(cli, await imageOf(step.toolchain, io), step, consume, io),
    runImage: (image, options, io) => runImage(cli, image, options, io),
    removeLeftovers: (_now, io) => removeLeftovers(cli, io),
    removeToolchains: (keep, io) => removeToolchains(cli, keep, io)
  };
}
async function deadContainers(cli, io) {
  const args = ["ps", "--all", "--filter", `label=${runLabel}`, "--format", "{{.Names}}"];
  const names = linesOf(await cli.expect("listing containers", args, io));
  const states = await Promise.all(names.map(ownerState));
  return names.filter((_, at) => states[at] === "dead");
}
async function deadImages(cli, io) {
  const images = await untaggedImages(cli, io);
  const owners = images.map(({ comment }) => importMark.exec(comment)?.[1] ?? "");
  const states = await Promise.all(owners.map(ownerState));
  return images.filter((_, at) => states[at] === "dead").map(({ id }) => id);
}
async function removeLeftovers(cli, io) {
  const [containers, images] = await Promise.all([deadContainers(cli, io), deadImages(cli, io)]);
  const removed = [];
  for (const id of containers) {
    const { ok } = await cli.run([...cli.dialect.removeArguments, id], io);
    if (ok) removed.push({ kind: "container", id });
  }
  for (const id of images) {
    const { ok } = await cli.run(["image", "rm", id], io);
    if (ok) removed.push({ kind: "image", id });
  }
  return removed;
}

// src/engines/container-cli/dialect.ts
var docker = {
  name: engineName.docker,
  runOptions: [],
  stepOptions: ["--read-only"],
  tmpfsOptions: [],
  init: true,
  killArguments: ["rm", "--force"],
  removeArguments: ["rm", "--force"],
  untagArguments: ["image", "rm", "--no-prune"],
  importInstructions: /* @__PURE__ */ new Set([
    "CMD",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "ONBUILD",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR"
  ]),
  importQuoting: "escaped",
  importOptions: (platform) => ["--platform", platforms[platform].name],
  noSuchImage: /no such image|no such object/i
};
var podman = {
  name: "podman",
  // podman hands the host's proxy variables, which may hold passwords, to every container.
  runOptions: ["--http-proxy=false"],
  // Else podman lays file systems of its own over /tmp, /run and /var/tmp, and adds variables.
  stepOptions: ["--read-only", "--read-only-tmpfs=false", "--unsetenv-all"],
  // A tmpfs starts with a copy of what the image has there, and is owned like it.
  tmpfsOptions: ["notmpcopyup"],
  // Its init is a package of its own (catatonit), which is often not there.
  init: false,
  // `rm --force` of a container that is just starting forgets it and leaves it running (4.3.1);
  // `kill` refuses until it runs, and `run --rm` then removes it.
  killArguments: ["kill"],
  removeArguments: ["rm", "--force", "--time", "0"],
  untagArguments: ["untag"],
  importInstructions: /* @__PURE__ */ new Set([
    "CMD",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "LABEL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR"
  ]),
  importQuoting: "literal",
  importOptions: (platform) => {
    const { ociArchitecture, ociVariant } = platforms[platform];
    const variant = ociVariant === void 0 ? [] : ["--variant", ociVariant];
    return ["--quiet", "--os", "linux", "--arch", ociArchitecture, ...variant];
  },
  noSuchImage: /image not known|no such image/i,
  halfStored: /locating item named "manifest"|layer not known/i
};

export {
  lastLine,
  containerEngine,
  docker,
  podman
};
//# sourceMappingURL=chunk-4NEF6XSA.js.map

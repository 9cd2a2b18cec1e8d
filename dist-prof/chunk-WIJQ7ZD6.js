import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  interrupted
} from "./chunk-BYUPOKH5.js";

// src/base/run-command.ts
import { execFile } from "node:child_process";

// src/base/run-command/output.ts
import { setTimeout as pause } from "node:timers/promises";
var captureLimit = 1024 * 1024;
var tailLines = 40;
var longestTailLine = 2e3;
var longestLine = 64 * 1024;
var mostUnwritten = 1024 * 1024;
var congestionMilliseconds = 10;
async function firstOutput(stream) {
  const kept = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < captureLimit) kept.push(chunk.subarray(0, captureLimit - size));
    size += chunk.length;
  }
  return Buffer.concat(kept).toString("utf8");
}
async function congestion(signal) {
  const { stderr } = process;
  while (stderr.writableLength > mostUnwritten && !stderr.destroyed && !signal?.aborted) {
    await pause(congestionMilliseconds);
  }
}
async function lastLines(stream, onLine, signal) {
  const tail = [];
  const decoder = new TextDecoder();
  let rest = "";
  const take = (line) => {
    onLine(line);
    tail.push(line.slice(0, longestTailLine));
    if (tail.length > tailLines) tail.shift();
  };
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    parts.forEach(take);
    if (rest.length > longestLine) {
      take(rest);
      rest = "";
    }
    await congestion(signal);
  }
  rest += decoder.decode();
  if (rest !== "") take(rest);
  return tail.join("\n");
}

// src/base/run-command/start.ts
import { closeSync, openSync } from "node:fs";
import { setTimeout as pause2 } from "node:timers/promises";

// src/base/run-command/command.ts
var hasFailed = ({ failed, isCanceled, exitCode }) => failed && !(isCanceled && exitCode === 0);
function commandResult(result, output, timedOut) {
  return {
    command: result.escapedCommand,
    ok: !hasFailed(result) && !timedOut,
    exitCode: result.exitCode,
    killedBy: result.signal,
    timedOut,
    notFound: result.code === "ENOENT",
    ...output,
    problem: timedOut ? "it took too long and was stopped" : problemOf(result)
  };
}
function problemOf(result) {
  if (!hasFailed(result)) return "";
  if (result.code === "ENOENT") return "it is not installed";
  if (result.signal !== void 0) return `it was stopped by ${result.signal}`;
  if (result.exitCode !== void 0) return `it ended with exit code ${result.exitCode}`;
  return result.originalMessage ?? result.shortMessage ?? "it could not be started";
}

// src/base/run-command/feed.ts
async function feed(input, child) {
  const { stdin } = child;
  if (input === void 0 || stdin === null || stdin === void 0) return;
  let closed = false;
  let resume = () => {
  };
  const close = () => {
    closed = true;
    resume();
  };
  for (const event of ["error", "close"]) stdin.on(event, close);
  void child.finally(close);
  for await (const chunk of typeof input === "string" ? once(input) : input) {
    if (closed) return;
    await new Promise((resolve) => {
      resume = resolve;
      stdin.write(chunk, () => resolve());
    });
    if (closed) return;
  }
  stdin.end();
}
async function* once(text) {
  yield Buffer.from(text);
}

// src/base/run-command/inherited-descriptors.ts
import { readdirSync, readFileSync } from "node:fs";
var closedOnExec = 524288;
function isInherited(descriptor) {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1");
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
    return flags !== void 0 && (Number.parseInt(flags, 8) & closedOnExec) === 0;
  } catch {
    return false;
  }
}
function inheritedDescriptors() {
  return readdirSync("/proc/self/fd").map(Number).filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

// src/base/run-command/start.ts
var killDelay = 5e3;
var endDelay = 500;
function covers(nothing) {
  const inherited = new Set(inheritedDescriptors());
  const beyond = Math.max(2, ...inherited) - 2;
  return Array.from({ length: beyond }, (_, at) => inherited.has(at + 3) ? nothing : "ignore");
}
async function start(command, streams) {
  const { execa } = await import("./execa-VBPTPLCP.js");
  if (command.signal?.aborted) throw interrupted(command.signal);
  const halting = new AbortController();
  const stages = { halting: halting.signal, fed: false, ended: new AbortController() };
  const empty = command.input === void 0 ? "ignore" : "pipe";
  const nothing = command.onlyStandardStreams ? openSync("/dev/null", "r") : void 0;
  const beyond = nothing === void 0 ? [] : covers(nothing);
  const child = execa(command.file, command.args, {
    reject: false,
    buffer: false,
    cleanup: command.patience === void 0,
    detached: command.patience !== void 0,
    extendEnv: !command.cleanEnv,
    ...command.env && { env: command.env },
    ...command.cwd && { cwd: command.cwd },
    stdio: [streams === "pipe" ? empty : streams, streams, streams, ...beyond],
    cancelSignal: killing(command, stages),
    // Execa sends it when mkbase itself ends, too, and a CLI passes SIGTERM on to its container.
    killSignal: command.killSignal ?? "SIGTERM",
    forceKillAfterDelay: command.stop === void 0 ? killDelay : 0
  });
  if (nothing !== void 0) closeSync(nothing);
  void child.finally(() => stages.ended.abort());
  return govern(command, child, halting, stages);
}
function killing({ patience, stop }, stages) {
  if (patience === void 0 && stop === void 0) return stages.halting;
  const kill = new AbortController();
  const { signal } = stages.ended;
  const wait = (milliseconds) => pause2(milliseconds, void 0, { signal });
  const stopGently = async () => {
    if (patience !== void 0 && stages.fed) await wait(patience);
    if (stop !== void 0) {
      await Promise.race([wait(killDelay), stop(signal).then(() => wait(endDelay))]);
    }
    kill.abort();
  };
  const haveEnded = () => {
  };
  stages.halting.addEventListener("abort", () => void stopGently().catch(haveEnded), {
    once: true
  });
  return kill.signal;
}
function govern(command, child, halting, stages) {
  const { signal, timeoutSeconds } = command;
  const halt = () => halting.abort();
  let timedOut = false;
  const expire = () => {
    timedOut = true;
    halt();
  };
  const timer = timeoutSeconds === void 0 ? void 0 : setTimeout(expire, timeoutSeconds * 1e3);
  signal?.addEventListener("abort", halt, { once: true });
  let inputFailure;
  feed(command.input, child).then(
    () => {
      stages.fed = true;
    },
    (error) => {
      inputFailure = { error };
      halt();
    }
  );
  return {
    child,
    halt,
    async settle(output) {
      const result = await child;
      clearTimeout(timer);
      signal?.removeEventListener("abort", halt);
      if (signal?.aborted) throw interrupted(signal);
      if (inputFailure !== void 0) throw inputFailure.error;
      return commandResult(result, output, timedOut);
    }
  };
}

// src/base/run-command.ts
var answerMilliseconds = 1e4;
async function runCommand(command) {
  const { child, settle } = await start(command, "pipe");
  const [stdout, stderr] = await Promise.all([
    firstOutput(child.stdout),
    firstOutput(child.stderr)
  ]);
  return settle({ stdout, stderr });
}
async function runAttached(command) {
  const { settle } = await start(command, "inherit");
  return settle({ stdout: "", stderr: "" });
}
async function pipeCommand(command, consume, onStderrLine) {
  const { child, halt, settle } = await start(command, "pipe");
  const stdout = child.stdout;
  const tail = lastLines(child.stderr, onStderrLine, command.signal);
  const outcome = await consume(stdout.iterator({ destroyOnReturn: false })).then(
    (value) => ({ ok: true, value }),
    (error) => {
      halt();
      return { ok: false, error };
    }
  );
  stdout.resume();
  return { result: await settle({ stdout: "", stderr: await tail }), outcome };
}
function askCommand(file, args, signal) {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { signal, timeout: answerMilliseconds },
      (error, stdout) => resolve(error ? void 0 : stdout)
    );
  });
}

export {
  runCommand,
  runAttached,
  pipeCommand,
  askCommand
};
//# sourceMappingURL=chunk-WIJQ7ZD6.js.map

import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  pipeCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  hostPlatform
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/engines/run-result.ts
import { constants } from "node:os";
var timeoutExitCode = 124;
function exitCodeOf({ exitCode, timedOut, killedBy }) {
  if (timedOut) return timeoutExitCode;
  return exitCode ?? 128 + (constants.signals[killedBy] ?? 0);
}
function runResult(result) {
  const { stdout, stderr, timedOut } = result;
  return { exitCode: exitCodeOf(result), stdout, stderr, timedOut };
}
var nothingToRun = (cause) => new MkbaseError({
  code: "ENGINE_FAILED",
  message: "The image has neither an entrypoint nor a command, so there is nothing to run.",
  hint: "Name a program on the command line, or give the recipe image.entrypoint or image.cmd.",
  cause
});

// src/engines/pipe-step.ts
var mebibytes = (bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`;
function outputTap(step) {
  const { outputBytes } = step.limits;
  const tap = {
    ended: false,
    async *read(stdout) {
      let size = 0;
      for await (const chunk of stdout) {
        size += chunk.length;
        if (size > outputBytes) {
          throw failed(step, `it wrote more than its limit of ${mebibytes(outputBytes)}`, "");
        }
        yield chunk;
      }
      tap.ended = true;
    }
  };
  return tap;
}
var foreign = ({ platform }, stderr) => platform !== hostPlatform().name && /exec format error/i.test(stderr);
var cannotEmulate = ({ platform }) => new MkbaseError({
  code: "ENGINE_FAILED",
  message: `This machine cannot run the programs of a builder for ${platform}.`,
  hint: "Let it emulate them (on Debian and Ubuntu: sudo apt-get install qemu-user-static binfmt-support), or build on such a machine."
});
function failed(step, what, stderr) {
  if (foreign(step.toolchain, stderr)) return cannotEmulate(step.toolchain);
  const output = stderr === "" ? "It printed nothing." : `Its last lines:
${stderr}`;
  return new MkbaseError({
    code: "BUILD_FAILED",
    message: `The build in builder ${step.toolchain.name} failed: ${what}. ${output}`,
    hint: "Correct what the lines above complain of; --progress plain shows the whole log."
  });
}
var killedExitCode = 137;
function reasonOf({ exitCode, problem }, limits) {
  if (exitCode !== killedExitCode) return problem;
  return `it was killed, most likely for taking more than its limit of ${mebibytes(limits.memoryBytes)} of memory`;
}
async function pipeStep(step, command, consume, engineFault, io) {
  const tap = outputTap(step);
  const { result, outcome } = await pipeCommand(
    { ...command, input: step.input, signal: io.signal, timeoutSeconds: step.limits.seconds },
    (stdout) => consume(tap.read(stdout)),
    (line) => io.emit({ type: "log", stage: "build", line })
  );
  if (result.timedOut) {
    throw failed(step, `it took longer than ${step.limits.seconds} seconds`, result.stderr);
  }
  if (!outcome.ok && !tap.ended) throw outcome.error;
  const fault = engineFault(result);
  if (fault !== void 0) throw fault;
  if (!result.ok) throw failed(step, reasonOf(result, step.limits), result.stderr);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

export {
  runResult,
  nothingToRun,
  pipeStep
};
//# sourceMappingURL=chunk-XUOWNDDI.js.map

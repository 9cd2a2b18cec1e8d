import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/image/instructions.ts
var hint = "Use --output type=docker, which loads the image with its config as it is.";
function refuse(word, value, why) {
  throw new MkbaseError({
    code: "RECIPE_INVALID",
    message: `${word} ${JSON.stringify(value)} cannot be given to an engine's import: ${why}.`,
    hint
  });
}
var unknownInstruction = (word, cause) => new MkbaseError({
  code: "ENGINE_FAILED",
  message: `The engine's import takes no ${word} instruction.`,
  hint,
  cause
});
function dockerfileWord(word, value) {
  if (/[\n\r]/.test(value)) refuse(word, value, "it has a line break");
  return `"${value.replace(/["$\\]/g, "\\$&")}"`;
}
var dockerfilePath = (word, path) => /^[\w./+:@-]+$/.test(path) ? path : dockerfileWord(word, path);
var literalWord = (value) => `"${value}"`;
var quote = (quoting, word, value) => quoting === "escaped" ? dockerfileWord(word, value) : literalWord(value);
var labels = (config, quoting) => Object.entries(config.Labels ?? {}).map(([name, value]) => [
  "LABEL",
  `${name}=${quote(quoting, "LABEL", value)}`
]);
var environment = (config, quoting) => (config.Env ?? []).map((variable) => {
  const equals = variable.indexOf("=");
  const value = quote(quoting, "ENV", variable.slice(equals + 1));
  return ["ENV", `${variable.slice(0, equals)}=${value}`];
});
function volumes(config, quoting) {
  const paths = Object.keys(config.Volumes ?? {});
  const words = quoting === "escaped" ? paths.map((path) => dockerfilePath("VOLUME", path)) : paths;
  return words.length === 0 ? [] : [["VOLUME", JSON.stringify(words)]];
}
function workdir(path, quoting) {
  if (quoting === "escaped") return dockerfilePath("WORKDIR", path);
  if (path !== path.trim()) refuse("WORKDIR", path, "it ends in a space");
  return path;
}
var duration = (nanoseconds) => nanoseconds % 1e9 === 0 ? `${nanoseconds / 1e9}s` : `${nanoseconds / 1e6}ms`;
function healthcheck(check) {
  const options = [
    check.Interval !== void 0 && `--interval=${duration(check.Interval)}`,
    check.Timeout !== void 0 && `--timeout=${duration(check.Timeout)}`,
    check.StartPeriod !== void 0 && `--start-period=${duration(check.StartPeriod)}`,
    check.Retries !== void 0 && `--retries=${check.Retries}`
  ].filter((option) => option !== false);
  return [...options, "CMD", JSON.stringify(check.Test.slice(1))].join(" ");
}
function instructions(config, quoting) {
  const { User, ExposedPorts, Entrypoint, Cmd, WorkingDir, StopSignal, Healthcheck } = config;
  return [
    ...User ? [["USER", User]] : [],
    ...Object.keys(ExposedPorts ?? {}).map((port) => ["EXPOSE", port]),
    ...Entrypoint ? [["ENTRYPOINT", JSON.stringify(Entrypoint)]] : [],
    ...Cmd ? [["CMD", JSON.stringify(Cmd)]] : [],
    ...volumes(config, quoting),
    ...WorkingDir ? [["WORKDIR", workdir(WorkingDir, quoting)]] : [],
    ...labels(config, quoting),
    ...StopSignal ? [["STOPSIGNAL", StopSignal]] : [],
    ...Healthcheck ? [["HEALTHCHECK", healthcheck(Healthcheck)]] : [],
    ...environment(config, quoting)
  ];
}
function toChanges(config, known, quoting) {
  return instructions(config, quoting).map(([word, rest]) => {
    if (known.has(word)) return `${word} ${rest}`;
    throw unknownInstruction(word);
  });
}
var toDockerfileLines = (config) => instructions(config, "escaped").map(([word, rest]) => `${word} ${rest}`);

export {
  unknownInstruction,
  toChanges,
  toDockerfileLines
};
//# sourceMappingURL=chunk-GAY42F37.js.map

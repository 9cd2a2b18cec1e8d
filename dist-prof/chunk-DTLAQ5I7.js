import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  manyLines,
  oneLine,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/ui/error-text.ts
var deepest = 3;
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
function causesOf(error) {
  const causes = [];
  let said = error.message;
  let cause = error.cause;
  for (let depth = 0; depth < deepest && cause !== void 0; depth++) {
    const message = messageOf(cause).trim();
    if (message !== "" && !said.includes(message)) causes.push(message);
    said += message;
    cause = cause instanceof Error ? cause.cause : void 0;
  }
  return causes;
}
var hasNoFolder = (error) => error instanceof Error && error.syscall === "uv_cwd";
var noFolder = () => new MkbaseError({
  code: "IO",
  message: "The folder that this runs in does not exist any more.",
  hint: 'Go to one that does, for instance with "cd", and run the same command again.'
});
function asMkbaseError(error) {
  if (error instanceof MkbaseError) return error;
  if (hasNoFolder(error)) return noFolder();
  const name = error instanceof Error ? error.name : typeof error;
  return new MkbaseError({
    code: "INTERNAL",
    message: `This is a defect in mkbase: ${name}: ${messageOf(error)}`,
    hint: "Run the same command with MKBASE_DEBUG=1 and report what it prints.",
    cause: error
  });
}
function stackOf(error) {
  const source = error.code === "INTERNAL" && error.cause !== void 0 ? error.cause : error;
  return source instanceof Error ? source.stack ?? "" : "";
}
function labelled(label, text, columns) {
  const lines = wrap(text, columns - label.length - 2);
  return `${label}: ${lines.join(`
${" ".repeat(label.length + 2)}`)}`;
}
function errorText(error, options) {
  const { palette, columns, debug } = options;
  const known = asMkbaseError(error);
  const lines = [`${palette.bold(palette.red("error:"))} ${manyLines(known.message)}`];
  if (known.code !== "INTERNAL") {
    for (const cause of causesOf(known)) {
      lines.push(palette.dim(labelled("cause", manyLines(cause), columns)));
    }
  }
  if (known.hint !== void 0) {
    const hint = labelled("hint", manyLines(known.hint), columns);
    lines.push(palette.cyan("hint:") + hint.slice("hint:".length));
  }
  if (known.code !== "INTERRUPTED") lines.push(palette.dim(`code: ${known.code}`));
  if (debug) lines.push(palette.dim(stackOf(known)));
  return `${lines.join("\n")}
`;
}
function writeError(stderr, env, error) {
  stderr.write(
    errorText(error, {
      palette: paletteOf(stderr, env),
      columns: columnsOf(stderr),
      debug: env.MKBASE_DEBUG === "1"
    })
  );
}
function writeWarning(stderr, env, warning) {
  const palette = paletteOf(stderr, env);
  stderr.write(`${palette.yellow("warning:")} ${oneLine(warning.message)}
`);
  if (warning.advice !== void 0) stderr.write(`         ${oneLine(warning.advice)}
`);
}

export {
  asMkbaseError,
  writeError,
  writeWarning
};
//# sourceMappingURL=chunk-DTLAQ5I7.js.map

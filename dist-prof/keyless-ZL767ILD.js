import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  pipeCommand
} from "./chunk-WIJQ7ZD6.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/sign/keyless.ts
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
var problems = [
  [
    /unknown flag: --statement/,
    "USAGE",
    "Install cosign 3, the first that takes whole statements, or sign with a key: --key FILE."
  ],
  [
    /dial tcp|no such host|i\/o timeout|connection refused|tuf refresh/i,
    "SOURCE_UNREACHABLE",
    "It takes Sigstore's certificate authority and log, and an identity provider. Without a network sign with a key: --key FILE."
  ]
];
function failed({ notFound, problem, stderr }) {
  const lines = stderr.trim().split("\n");
  const last = lines.at(-1)?.replace(/^(?:error during command execution: )?/, "");
  const message = `Nothing was signed: cosign, which signs without a key, failed: ${problem}.`;
  if (notFound) {
    const hint2 = "Install cosign 3 or newer, or sign with a key: --key FILE.";
    return new MkbaseError({ code: "USAGE", message, hint: hint2 });
  }
  const [, code = "SOURCE_UNREACHABLE", hint = "Do what cosign says, or sign with --key FILE."] = problems.find(([said]) => said.test(stderr)) ?? [];
  return new MkbaseError({ code, message: last ? `${message}
  ${last}` : message, hint });
}
async function drain(stdout) {
  for await (const _ of stdout) ;
}
function keylessSigner(folder, io) {
  return async (statement, { bundle }) => {
    const [input, output] = [join(folder, "statement.json"), join(folder, bundle)];
    try {
      await writeFile(input, canonicalJson(statement));
      const args = ["attest-blob", "--yes", "--statement", input, "--bundle", output];
      const command = { file: "cosign", args, signal: io.signal };
      const log = (line) => io.emit({ type: "log", stage: "image", line });
      const { result } = await pipeCommand(command, drain, log);
      if (!result.ok) throw failed(result);
      return await readFile(output, "utf8");
    } catch (error) {
      throw ioError(error, "signing in", folder);
    }
  };
}
export {
  keylessSigner
};
//# sourceMappingURL=keyless-ZL767ILD.js.map

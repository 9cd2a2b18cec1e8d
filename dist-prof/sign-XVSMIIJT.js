import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  shellWord,
  shortPath
} from "./chunk-QN74KDTT.js";
import {
  openSigner
} from "./chunk-5SVPP3RZ.js";
import "./chunk-WTD3O73R.js";
import {
  mismatchesOf
} from "./chunk-TEUZX62I.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/sign.ts
var usage = (message, hint) => new MkbaseError({ code: "USAGE", message, hint });
function specOf({ key, passphraseFile, keyless }) {
  if (keyless && key === void 0) return { by: "identity" };
  if (key !== void 0 && !keyless) {
    return { by: "key", key, ...passphraseFile !== void 0 && { passphraseFile } };
  }
  throw usage(
    keyless ? "Expected either --key or --keyless, found both." : "It is not said with what to sign.",
    "Say --key FILE, or --keyless; `mkbase sign --generate-key FILE` makes a pair of keys."
  );
}
var line = ({ file, field, claimed, computed }) => `${file}${field === "" ? "" : ` ${field}`}: claimed ${claimed}, computed ${computed}`;
function refuse(word, mismatches) {
  const [first] = mismatches;
  if (first === void 0) return;
  const more = mismatches.length > 1 ? ` and ${mismatches.length - 1} more` : "";
  throw new MkbaseError({
    code: "MISMATCH",
    message: `${word} is not as it was built, and nothing was signed: ${line(first)}${more}.`,
    hint: `\`mkbase verify ${shellWord(word)}\` lists everything; build again to have it as it was.`
  });
}
async function verifiedFolder(word, context, io) {
  const [{ openSubject }, { openSurroundings }, { verify }] = await Promise.all([
    import("./subject-GHSDYJRU.js"),
    import("./surroundings-AUYTU54E.js"),
    import("./verify-TQ74VPSJ.js")
  ]);
  const surroundings = await openSurroundings({}, context, io);
  const subject = await openSubject(word, { engine: "auto" }, context, io);
  try {
    const report = await verify({ ...subject, ...surroundings }, context.signal);
    refuse(word, mismatchesOf(report));
    if (subject.evidence !== void 0) return subject.evidence;
  } finally {
    await subject.dispose();
    await surroundings.dispose();
  }
  throw usage(
    `There is no evidence beside ${word} to sign.`,
    "Name the output folder of a build, for instance mkbase-out/hello."
  );
}
async function sign(word, options, context) {
  const { generateKey: file, passphraseFile } = options;
  if (file !== void 0) {
    if (word !== void 0) throw usage("--generate-key signs nothing.", "Sign in a second step.");
    return (await import("./generate-72QK5RHB.js")).generate(file, passphraseFile, context);
  }
  if (word === void 0) {
    throw usage("It is not said what to sign.", "Name an output folder: mkbase-out/hello.");
  }
  const { stdout, stderr, env, signal } = context;
  const emit = (event) => {
    if (event.type === "log") stderr.write(`${event.line}
`);
  };
  const {
    sign: signer,
    called,
    dispose
  } = await openSigner(specOf(options), env, { emit, signal });
  try {
    const folder = await verifiedFolder(word, context, { emit, signal });
    const { signFolder } = await import("./sign-folder-LKUSMOGS.js");
    const files = (await signFolder(folder, signer)).map(({ name }) => name);
    const shown = shortPath(folder, context.cwd);
    const text = `Signed ${shown} with ${called}:
${files.map((name) => `  ${name}
`).join("")}`;
    stdout.write(options.json ? `${JSON.stringify({ folder, files })}
` : text);
    return 0;
  } finally {
    await dispose();
  }
}
export {
  sign
};
//# sourceMappingURL=sign-XVSMIIJT.js.map

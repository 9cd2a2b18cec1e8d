import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  parseEvidence,
  parseStatement,
  requireEvidence
} from "./chunk-LYWL56G3.js";
import {
  signedFiles,
  statementFor
} from "./chunk-AIDIET6B.js";
import {
  signStatement
} from "./chunk-GHOO2ML5.js";
import {
  parseSums,
  sumsText
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/sign/sign-folder.ts
import { join } from "node:path";
var keySigner = (key) => async (statement) => canonicalJson(signStatement(statement, key));
var { sums: sumsFile, provenance: provenanceFile } = evidenceNames;
async function addSums(folder, bundles) {
  const { sums } = parseSums(await requireEvidence(folder, sumsFile));
  const names = bundles.map(({ name }) => name);
  const kept = sums.filter(({ name }) => !names.includes(name));
  const added = bundles.map(({ name, text }) => ({ name, sha256: sha256OfBytes(text) }));
  await writeWholeFile(join(folder, sumsFile), sumsText([...kept, ...added]));
}
async function signFolder(folder, sign) {
  await requireEvidence(folder, sumsFile);
  const path = join(folder, provenanceFile);
  const provenance = parseStatement(await requireEvidence(folder, provenanceFile), path);
  const bundles = [];
  for (const signed of signedFiles) {
    const text = await requireEvidence(folder, signed.file);
    const contents = parseEvidence(text, join(folder, signed.file));
    const statement = statementFor(signed, contents, provenance);
    bundles.push({ name: signed.bundle, text: await sign(statement, signed) });
  }
  for (const { name, text } of bundles) await writeWholeFile(join(folder, name), text);
  await addSums(folder, bundles);
  return bundles;
}
export {
  keySigner,
  signFolder
};
//# sourceMappingURL=sign-folder-LKUSMOGS.js.map

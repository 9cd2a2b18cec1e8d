import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  checkRootfs,
  exists,
  inspectImage,
  listedFiles,
  readMtree,
  recordedDigests
} from "./chunk-MAPI6SQL.js";
import {
  differences
} from "./chunk-2L2WQICQ.js";
import {
  parseJson
} from "./chunk-2V7AQQXO.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  record
} from "./chunk-IIMGXTQ4.js";

// src/verify/rebuild/compare-rebuild.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";
var digestNames = ["manifest", "config", "layer"];
var isReproduced = ({ digests }) => digests.every(({ claimed, rebuilt }) => claimed !== void 0 && claimed === rebuilt);
var { mtree, provenance } = evidenceNames;
function digestCheck(how, digests) {
  const mismatches = digests.flatMap(({ name, claimed, rebuilt }) => {
    if (claimed === rebuilt) return [];
    const field = `subject[${digestNames.indexOf(name)}].digest.sha256 (${name})`;
    const [one = "nothing", other = "nothing"] = [claimed, rebuilt];
    return [{ file: provenance, field, claimed: one, computed: other, from: how }];
  });
  const names = digests.map(({ name }) => name).join(", ");
  return { what: `${how}: ${names}`, mismatches };
}
async function compareJson(folder, rebuilt, name, how) {
  const [one, other] = await Promise.all(
    [folder, rebuilt].map((each) => readFile(join(each, name), "utf8"))
  );
  if (one === other) return [];
  const [a, b] = [one, other].map((text = "") => parseJson(name, text, false).value);
  return differences(a, b).map((each) => ({ file: name, ...each, from: how }));
}
async function comparePathLists(folder, rebuilt, how) {
  const [one, other] = await Promise.all(
    [folder, rebuilt].map((each) => readMtree(join(each, mtree)))
  );
  return checkRootfs(one?.paths ?? [], other?.paths ?? [], how).mismatches;
}
function versionIn(statement) {
  const { builder } = record(record(statement.predicate).runDetails);
  return record(record(builder).version).mkbase;
}
async function compareEvidence(folder, rebuilt, statement, how) {
  const what = `${how}: the evidence`;
  const version = versionIn(statement);
  if (version !== packageVersion) {
    const skipped = `it was written by mkbase ${version}, and this is ${packageVersion}`;
    return { what, mismatches: [], skipped };
  }
  const mismatches = [];
  for (const name of listedFiles) {
    const both = await Promise.all([folder, rebuilt].map((each) => exists(join(each, name))));
    if (!both.every(Boolean)) continue;
    const found = name === mtree ? await comparePathLists(folder, rebuilt, how) : await compareJson(folder, rebuilt, name, how);
    mismatches.push(...found);
  }
  return { what, mismatches };
}
async function compareRebuild(folder, statement, rebuilt, how, signal) {
  const recorded = recordedDigests(statement);
  const place = { path: join(rebuilt, "image.oci.tar"), name: how };
  const { image } = await inspectImage(place, signal);
  const found = {
    manifest: image.manifestDigest,
    config: image.configDigest,
    layer: image.layer?.diffId
  };
  const digests = digestNames.map((name) => ({
    name,
    claimed: recorded[name],
    rebuilt: found[name]
  }));
  const evidence = await compareEvidence(folder, rebuilt, statement, how);
  const same = { ...digestCheck(how, digests), proves: "rebuild" };
  return { digests, checks: [same, evidence] };
}

export {
  digestNames,
  isReproduced,
  digestCheck,
  compareRebuild
};
//# sourceMappingURL=chunk-6VRBH5D2.js.map

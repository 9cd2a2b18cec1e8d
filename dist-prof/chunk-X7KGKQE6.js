import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  rebuildFiles
} from "./chunk-L4APHBMT.js";
import {
  exists,
  recordedDigests
} from "./chunk-MAPI6SQL.js";
import {
  mismatchesOf,
  outcomeOf
} from "./chunk-TEUZX62I.js";
import {
  signedFiles
} from "./chunk-AIDIET6B.js";
import {
  statementOf
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  list
} from "./chunk-IIMGXTQ4.js";
import {
  sha256OfFile
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/verify/summary.ts
import { join } from "node:path";
var summaryType = "https://slsa.dev/verification_summary/v1";
var verifierId = "urn:mkbase:verifier:local";
var rules = "urn:mkbase:verify:v1";
var isPassed = (report, answers) => mismatchesOf(report).length === 0 && answers.every(({ missing }) => missing === void 0);
var digestsOf = (digest, name) => digest === void 0 ? [] : [{ name, digest: { sha256: digest.replace(/^sha256:/, "") } }];
function subjectsOf({ images, provenance }) {
  const { manifest, config, layer } = recordedDigests(provenance);
  const found = images.map((image) => ({
    manifest: image.manifestDigest,
    config: image.configDigest,
    layer: image.layer?.diffId
  }));
  const [first] = list(provenance?.subject);
  const name = typeof first?.name === "string" ? first.name : "image";
  const all = (found.length > 0 ? found : [{ manifest, config, layer }]).flatMap((each) => [
    ...digestsOf(each.manifest, name),
    ...digestsOf(each.config, "config.json"),
    ...digestsOf(each.layer, "rootfs.tar")
  ]);
  return [...new Map(all.map((each) => [each.digest.sha256, each])).values()];
}
var resourceUri = ([first]) => `pkg:oci/${first?.name}@sha256%3A${first?.digest.sha256}`;
async function attestations(folder) {
  if (folder === void 0) return [];
  const names = [
    ...[evidenceNames.provenance, evidenceNames.spdx, evidenceNames.cyclonedx],
    ...signedFiles.map(({ bundle }) => bundle),
    ...Object.values(rebuildFiles)
  ];
  const found = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!await exists(path)) continue;
    found.push({ uri: name, digest: { sha256: await sha256OfFile(path) } });
  }
  return found;
}
var isProven = ({ checks }, proof) => checks.some((check) => check.proves === proof && outcomeOf(check) === "holds");
function levelsOf({ report, answers }) {
  if (!isPassed(report, answers)) return ["FAILED"];
  const { images, provenance } = report.verified;
  const levels = [
    ...images.length > 0 && provenance !== void 0 ? ["SLSA_BUILD_LEVEL_1"] : [],
    ...isProven(report, "signature") ? ["MKBASE_SIGNED"] : [],
    ...isProven(report, "rebuild") ? ["MKBASE_REPRODUCED"] : []
  ];
  return levels.length > 0 ? levels : ["SLSA_BUILD_LEVEL_0"];
}
function policyOf({ answers, keys, notOlderThan }) {
  const asked = new URLSearchParams();
  for (const { requirement } of answers) asked.append("require", requirement);
  for (const key of keys) asked.append("key", key);
  if (notOlderThan !== void 0) asked.append("not-older-than", notOlderThan);
  return { uri: asked.size === 0 ? rules : `${rules}?=${asked}` };
}
async function summaryStatement(input) {
  const { report, answers, now } = input;
  const { verified } = report;
  const subjects = subjectsOf(verified);
  if (subjects.length === 0) {
    throw new MkbaseError({
      code: "USAGE",
      message: `${report.subject} has no digest of an image that a summary could be about.`,
      hint: "Name an image or the output folder of a build."
    });
  }
  return statementOf(subjects, summaryType, {
    verifier: { id: `${verifierId}:${packageVersion}` },
    timeVerified: now.toISOString().replace(/\.\d+Z$/, "Z"),
    resourceUri: resourceUri(subjects),
    policy: policyOf(input),
    inputAttestations: await attestations(verified.evidence),
    verificationResult: isPassed(report, answers) ? "PASSED" : "FAILED",
    verifiedLevels: levelsOf(input),
    slsaVersion: "1.0"
  });
}

export {
  summaryType,
  isPassed,
  summaryStatement
};
//# sourceMappingURL=chunk-X7KGKQE6.js.map

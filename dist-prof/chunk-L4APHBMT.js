import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  digestNames,
  isReproduced
} from "./chunk-6VRBH5D2.js";
import {
  exists,
  hashFile,
  recordedDigests
} from "./chunk-MAPI6SQL.js";
import {
  differences
} from "./chunk-2L2WQICQ.js";
import {
  builderId
} from "./chunk-Z2YPWQK2.js";
import {
  readJsonFile
} from "./chunk-2V7AQQXO.js";
import {
  bundleMediaType,
  preAuthenticationEncoding
} from "./chunk-GHOO2ML5.js";
import {
  statementMediaType,
  statementOf,
  statementType
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import {
  list,
  record
} from "./chunk-IIMGXTQ4.js";

// src/verify/rebuild/rebuild-statement.ts
var rebuildType = "urn:mkbase:rebuild:v1";
var hex = (digest) => digest === void 0 ? {} : { sha256: digest.replace(/^sha256:/, "") };
function rebuildStatement(record2) {
  const { provenance, sha256, engine, platform, digests } = record2;
  return statementOf(provenance.subject, rebuildType, {
    reproduced: isReproduced(record2),
    from: [
      { name: "lock.json", digest: { sha256: sha256.lock } },
      { name: "provenance.json", digest: { sha256: sha256.provenance } }
    ],
    rebuilder: { id: builderId, version: { mkbase: packageVersion } },
    engine,
    platform,
    results: digests.map(({ name, claimed, rebuilt }) => ({
      name,
      claimed: hex(claimed),
      rebuilt: hex(rebuilt)
    }))
  });
}

// src/verify/rebuild/check-statement.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";

// src/sign/verify-bundle.ts
var payloadField = "dsseEnvelope.payload";
var signatureField = "dsseEnvelope.signatures[0].sig";
function variableParts(bundle) {
  const { payload, signatures } = bundle?.dsseEnvelope ?? {};
  const bytesOf = (text) => Buffer.from(typeof text === "string" ? text : "", "base64");
  return { payload: bytesOf(payload), signature: bytesOf(signatures?.[0]?.sig) };
}
function parsed(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && canonicalJson(value) === text) {
      return { value, problems: [] };
    }
    const claimed = "JSON in another form";
    return { value, problems: [{ field: "", claimed, computed: "the one form of it" }] };
  } catch (error) {
    const claimed = error.message;
    return { problems: [{ field: "", claimed, computed: "JSON" }] };
  }
}
function statementIn(payload) {
  try {
    const statement = JSON.parse(payload.toString("utf8"));
    if (statement?._type === statementType) return { ok: true, statement };
    const problem = differences(statement?._type, statementType, `${payloadField}._type`)[0];
    return { ok: false, problems: [problem] };
  } catch (error) {
    const claimed = error.message;
    return { ok: false, problems: [{ field: payloadField, claimed, computed: "JSON" }] };
  }
}
function verifyBundle(text, key) {
  const { value, problems } = parsed(text);
  const { payload, signature } = variableParts(value);
  const expected = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: key.hint } },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: statementMediaType,
      signatures: [{ sig: signature.toString("base64") }]
    }
  };
  if (value !== void 0) problems.push(...differences(value, expected));
  if (!key.verifies(preAuthenticationEncoding(statementMediaType, payload), signature)) {
    const claimed = `a signature of ${signature.length} bytes`;
    const computed = `none that the ${key.algorithm.name} key ${key.hint} made over type and payload`;
    problems.push({ field: signatureField, claimed, computed });
  }
  const [first, ...others] = problems;
  return first === void 0 ? statementIn(payload) : { ok: false, problems: [first, ...others] };
}

// src/verify/rebuild/check-statement.ts
var rebuildFiles = { statement: "rebuild.json", bundle: "rebuild.sigstore.json" };
var { statement: file, bundle: bundleFile } = rebuildFiles;
async function expectedStatement(folder, claimed, provenance, signal) {
  const { engine, platform, results, rebuilder } = record(claimed.predicate);
  const recorded = recordedDigests(provenance);
  const digests = digestNames.map((name, at) => {
    const { sha256 } = record(record(list(results)[at]).rebuilt);
    return { name, claimed: recorded[name], rebuilt: sha256 && `sha256:${sha256}` };
  });
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: await hashFile(join(folder, evidenceNames.lock), signal) ?? "",
      provenance: await hashFile(join(folder, evidenceNames.provenance), signal) ?? ""
    },
    engine,
    platform: String(platform),
    digests
  });
  const predicate = { ...statement.predicate, rebuilder };
  return JSON.parse(JSON.stringify({ ...statement, predicate }));
}
async function checkBundle(folder, statement, keys) {
  const what = `the signature of ${file}`;
  if (!await exists(join(folder, bundleFile))) {
    return { what, mismatches: [], claimed: "nobody signed it" };
  }
  if (keys.length === 0) {
    return { what, mismatches: [], skipped: "--key names no public key to check it with" };
  }
  const text = await readFile(join(folder, bundleFile), "utf8");
  const key = keys.find(({ hint }) => text.includes(hint));
  if (key === void 0) {
    return { what, mismatches: [], skipped: "another key than those that --key names made it" };
  }
  const verdict = verifyBundle(text, key);
  const mismatches = verdict.ok ? differences(statement, verdict.statement).map((each) => ({ file, ...each, from: bundleFile })) : verdict.problems.map((each) => ({ file: bundleFile, ...each }));
  const reproduced = record(statement.predicate).reproduced === true;
  return { what, mismatches, ...reproduced && { proves: "rebuild" } };
}
async function checkRebuildStatement(folder, provenance, keys, signal) {
  if (!await exists(join(folder, file))) return [];
  const what = `${file} against the evidence`;
  const { value, mismatches } = await readJsonFile(join(folder, file), file);
  if (value === void 0) return [{ what, mismatches }];
  const expected = await expectedStatement(folder, value, provenance, signal);
  const from = (statement) => record(statement.predicate).from;
  if (differences(from(value), from(expected)).length > 0) {
    return [{ what, mismatches, skipped: "it is of another lock or provenance than these" }];
  }
  const found = differences(value, expected).map((each) => ({ file, ...each }));
  const signature = await checkBundle(folder, value, keys);
  return [{ what, mismatches: [...mismatches, ...found] }, signature];
}

export {
  verifyBundle,
  rebuildType,
  rebuildStatement,
  rebuildFiles,
  checkRebuildStatement
};
//# sourceMappingURL=chunk-L4APHBMT.js.map

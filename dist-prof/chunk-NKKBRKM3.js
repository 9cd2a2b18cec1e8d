import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  checkEvidence,
  readEvidenceFolder
} from "./chunk-UFSHHYA6.js";
import {
  checkFreshness
} from "./chunk-F5S2R7PC.js";
import {
  checkRebuildStatement,
  verifyBundle
} from "./chunk-L4APHBMT.js";
import {
  exists,
  inspectImage
} from "./chunk-MAPI6SQL.js";
import {
  counted
} from "./chunk-TEUZX62I.js";
import {
  differences
} from "./chunk-2L2WQICQ.js";
import {
  parseEvidence,
  readEvidence
} from "./chunk-LYWL56G3.js";
import {
  signedFiles,
  statementFor
} from "./chunk-AIDIET6B.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/verify/verify.ts
import { readdir } from "node:fs/promises";
import { join } from "node:path";

// src/sign/verify-signatures.ts
async function verdictOn(folder, { file, bundle }, key) {
  const text = await readEvidence(folder, bundle);
  if (text !== void 0) return verifyBundle(text, key);
  const missing = { field: "", claimed: "nothing", computed: `a signature of ${file}` };
  return { ok: false, problems: [missing] };
}
async function changesIn(folder, signed, statement, provenance) {
  const text = await readEvidence(folder, signed.file);
  if (text === void 0) {
    return [{ field: "", claimed: "nothing", computed: `what ${signed.bundle} vouches for` }];
  }
  try {
    const contents = parseEvidence(text, signed.file);
    return differences(statementFor(signed, contents, provenance), statement);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return [{ field: "", claimed: error.message, computed: `what ${signed.bundle} vouches for` }];
  }
}
async function verifySignatures(folder, key) {
  const problems = [];
  let provenance;
  for (const signed of signedFiles) {
    const verdict = await verdictOn(folder, signed, key);
    if (verdict.ok) {
      provenance ??= verdict.statement;
      const changes = await changesIn(folder, signed, verdict.statement, provenance);
      problems.push(...changes.map((each) => ({ file: signed.file, ...each })));
    } else problems.push(...verdict.problems.map((each) => ({ file: signed.bundle, ...each })));
  }
  return problems;
}

// src/verify/verify.ts
var archiveName = /^(?:image\.[a-z]+\.tar|rootfs\.tar(?:\.[a-z0-9]+)?)$/;
async function imagesIn(folder) {
  const names = (await readdir(folder)).filter((name) => archiveName.test(name)).sort();
  const layout = await exists(join(folder, "oci-layout")) ? [{ path: folder, name: "." }] : [];
  return [...layout, ...names.map((name) => ({ path: join(folder, name), name }))];
}
var noImage = {
  what: "the image itself",
  mismatches: [],
  skipped: "there is none beside the evidence; name the one in an engine, or an archive, to have it checked"
};
var noEvidence = {
  what: "where the image comes from",
  mismatches: [],
  skipped: "there is no evidence beside it; --evidence names a folder that has some"
};
async function checkAgainstImages(evidence, images, context) {
  if (evidence === void 0) return [noEvidence];
  const checks = await checkEvidence(evidence, images, context);
  return images.length === 0 ? [...checks, noImage] : checks;
}
async function checkByKeys(folder, keys) {
  const tried = [];
  for (const key of keys) tried.push({ key, mismatches: await verifySignatures(folder, key) });
  const [best] = tried.sort((a, b) => a.mismatches.length - b.mismatches.length);
  const extent = `${counted(signedFiles.length, "file")}, key ${best?.key.hint}`;
  return {
    what: "the signatures",
    extent,
    mismatches: best?.mismatches ?? [],
    proves: "signature"
  };
}
async function checkSignatures(folder, [key, ...others]) {
  if (key !== void 0) return [await checkByKeys(folder, [key, ...others])];
  const found = await Promise.all(signedFiles.map(({ bundle }) => exists(join(folder, bundle))));
  const skipped = "--key names no public key to check them with";
  return found.some(Boolean) ? [{ what: "the signatures", mismatches: [], skipped }] : [];
}
async function inspectAll(places, signal) {
  const found = [];
  const checks = [];
  for (const place of places) {
    const inspected = await inspectImage(place, signal);
    found.push(inspected.image);
    const [first, ...others] = inspected.checks;
    if (first !== void 0) checks.push({ ...first, proves: "image" }, ...others);
  }
  return { found, checks };
}
async function makeReport(request, signal) {
  const { subject, images, evidence: folder, keys = [], freshness } = request;
  const inspected = await inspectAll(images, signal);
  const evidence = folder === void 0 ? void 0 : await readEvidenceFolder(folder, signal);
  const compared = await checkAgainstImages(evidence, inspected.found, { ...request, signal });
  const signatures = folder === void 0 ? [] : await checkSignatures(folder, keys);
  const rebuilt = evidence?.provenance ? await checkRebuildStatement(evidence.folder, evidence.provenance, keys, signal) : [];
  const own = [...evidence?.checks ?? [], ...inspected.checks];
  const age = freshness ? [checkFreshness(evidence?.lock, freshness)] : [];
  return {
    subject,
    checks: [...own, ...compared, ...age, ...signatures, ...rebuilt],
    verified: { images: inspected.found, provenance: evidence?.provenance, evidence: folder }
  };
}
async function verify(request, signal) {
  try {
    return await makeReport(request, signal);
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : ioError(error, "reading", request.subject);
  }
}

export {
  imagesIn,
  verify
};
//# sourceMappingURL=chunk-NKKBRKM3.js.map

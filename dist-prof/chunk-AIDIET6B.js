import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  provenanceType,
  statementOf
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";

// src/sign/signed-files.ts
var spdxType = "https://spdx.dev/Document/v2.3";
var cyclonedxType = "https://cyclonedx.org/bom";
var signedFiles = [
  {
    file: evidenceNames.provenance,
    bundle: "provenance.sigstore.json",
    predicateType: provenanceType
  },
  { file: evidenceNames.spdx, bundle: "sbom.spdx.sigstore.json", predicateType: spdxType },
  { file: evidenceNames.cyclonedx, bundle: "sbom.cdx.sigstore.json", predicateType: cyclonedxType }
];
function statementFor({ file, predicateType }, contents, provenance) {
  return file === evidenceNames.provenance ? { ...contents, predicateType } : statementOf(provenance.subject, predicateType, contents);
}

export {
  signedFiles,
  statementFor
};
//# sourceMappingURL=chunk-AIDIET6B.js.map

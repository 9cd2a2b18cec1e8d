import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/evidence/file-names.ts
var evidenceNames = {
  lock: "lock.json",
  mtree: "rootfs.mtree",
  spdx: "sbom.spdx.json",
  cyclonedx: "sbom.cdx.json",
  provenance: "provenance.json",
  trust: "trust",
  sums: "SHA256SUMS"
};

export {
  evidenceNames
};
//# sourceMappingURL=chunk-LS5RIWVO.js.map

/** Names of the files of evidence in an output folder. */
export const evidenceNames = {
  lock: 'lock.json',
  mtree: 'rootfs.mtree',
  spdx: 'sbom.spdx.json',
  cyclonedx: 'sbom.cdx.json',
  provenance: 'provenance.json',
  /** The provenance of an index over several platforms, each of which has its own. */
  indexProvenance: 'index.provenance.json',
  trust: 'trust',
  sums: 'SHA256SUMS',
} as const;

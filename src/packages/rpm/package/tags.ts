/** Numbers of the tags that are read (rpm's manual, "Tags"). */
export const tags = {
  headerSignatures: 62,
  headerImmutable: 63,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  buildTime: 1006,
  vendor: 1011,
  licence: 1014,
  packager: 1015,
  url: 1020,
  arch: 1022,
  oldFileNames: 1027,
  fileSizes: 1028,
  fileModes: 1030,
  fileDevices: 1033,
  fileTimes: 1034,
  fileDigests: 1035,
  fileLinks: 1036,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  sourceRpm: 1044,
  fileDeviceNumbers: 1095,
  fileInodes: 1096,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  longFileSizes: 5008,
  fileCapabilities: 5010,
  fileDigestAlgorithm: 5011,
  payloadDigests: 5092,
  payloadDigestAlgorithm: 5093,
  payloadSha512: 5121,
} as const;

/** Numbers of the tags of the signature header (rpm's manual, "Signature"). */
export const signatureTags = {
  /** EdDSA or ECDSA over the header; DSA in old packages. */
  dsaHeader: 267,
  /** RSA over the header. */
  rsaHeader: 268,
  /** The digest that the database keeps of a package's header. */
  sha256Header: 273,
  /** Signatures over the header as base64, of rpm 6. */
  openPgp: 278,
  /** RSA over header and payload. */
  rsaWhole: 1002,
  /** DSA or EdDSA over header and payload. */
  dsaWhole: 1005,
} as const;

import { evidenceNames } from '../evidence/file-names.ts';
import { provenanceType, type Statement, statementOf } from '../evidence/provenance/statement.ts';

/** Predicate types of the in-toto attestation framework, spec/predicates/{spdx,cyclonedx}.md. */
const spdxType = 'https://spdx.dev/Document/v2.3';
const cyclonedxType = 'https://cyclonedx.org/bom';

/** A file of evidence that is signed. */
export interface SignedFile {
  readonly file: string;
  /** The Sigstore bundle beside it. */
  readonly bundle: string;
  readonly predicateType: string;
}

/** The files that are signed; the provenance holds the digests of the others. */
export const signedFiles: readonly SignedFile[] = [
  {
    file: evidenceNames.provenance,
    bundle: 'provenance.sigstore.json',
    predicateType: provenanceType,
  },
  { file: evidenceNames.spdx, bundle: 'sbom.spdx.sigstore.json', predicateType: spdxType },
  { file: evidenceNames.cyclonedx, bundle: 'sbom.cdx.sigstore.json', predicateType: cyclonedxType },
];

/** The file that is signed of the evidence about an index; it has the digest of each image's provenance. */
export const signedOfIndex: readonly [SignedFile] = [
  {
    file: evidenceNames.indexProvenance,
    bundle: 'index.provenance.sigstore.json',
    predicateType: provenanceType,
  },
];

/**
 * Returns the statement that is signed for a file: about the provenance's subjects, with the file as its
 * predicate. The provenance is a statement itself.
 */
export function statementFor(
  { predicateType }: SignedFile,
  contents: object,
  provenance: Statement,
): Statement {
  return predicateType === provenanceType
    ? { ...(contents as Statement), predicateType }
    : statementOf(provenance.subject, predicateType, contents);
}

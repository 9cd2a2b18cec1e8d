import { evidenceNames } from '../evidence/file-names.ts';
import { provenanceType } from '../evidence/provenance/statement.ts';
import type { Annotations } from '../registry/artifact.ts';
import { bundleMediaType } from '../sign/bundle.ts';
import { signedFiles, signedOfIndex } from '../sign/signed-files.ts';
import { rebuildFiles } from '../verify/rebuild/check-statement.ts';
import { rebuildType } from '../verify/rebuild/rebuild-statement.ts';

/** The artifact that holds all files of evidence together, as `mkbase verify` reads them. */
export const evidenceType = 'application/vnd.mkbase.evidence.v1';

/** The annotation by which a file's name is known (image-spec, annotations.md). */
export const titleAnnotation = 'org.opencontainers.image.title';

/** BuildKit's annotation for the predicate of a layer (BuildKit, docs/attestations/attestation-storage.md). */
const predicateAnnotation = 'in-toto.io/predicate-type';

const statementMediaType = 'application/vnd.in-toto+json';

/** The form in which a file of evidence is attached by itself, for tools that look for it. */
export interface EvidenceType {
  readonly mediaType: string;
  /** By which it is looked for; undefined for a file that only the whole evidence has. */
  readonly artifactType?: string;
  /** Annotations of the artifact, where tools look for them there. */
  readonly annotations?: Annotations;
  /** Annotations of the file. */
  readonly fileAnnotations?: Annotations;
}

const document = (mediaType: string): EvidenceType => ({ mediaType, artifactType: mediaType });

const statement = (predicateType: string): EvidenceType => ({
  mediaType: statementMediaType,
  artifactType: statementMediaType,
  annotations: { [predicateAnnotation]: predicateType },
  fileAnnotations: { [predicateAnnotation]: predicateType },
});

/** A signature as cosign and Kyverno look for it (sigstore, "Bundle format", "OCI referrers"). */
const bundle = (predicateType: string): EvidenceType => ({
  mediaType: bundleMediaType,
  artifactType: bundleMediaType,
  annotations: {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
  },
});

const types: Readonly<Record<string, EvidenceType>> = {
  [evidenceNames.spdx]: document('application/spdx+json'),
  [evidenceNames.cyclonedx]: document('application/vnd.cyclonedx+json'),
  [evidenceNames.provenance]: statement(provenanceType),
  [evidenceNames.indexProvenance]: statement(provenanceType),
  [evidenceNames.lock]: document('application/vnd.mkbase.lock.v1+json'),
  [evidenceNames.mtree]: document('application/vnd.mkbase.mtree.v1'),
  [rebuildFiles.statement]: statement(rebuildType),
  [rebuildFiles.bundle]: bundle(rebuildType),
  ...Object.fromEntries(
    [...signedFiles, ...signedOfIndex].map(
      (signed) => [signed.bundle, bundle(signed.predicateType)] as const,
    ),
  ),
};

const trustFile = new RegExp(`^${evidenceNames.trust}/[A-Za-z0-9][A-Za-z0-9._+-]{0,200}$`);

/** Returns the form in which a file of evidence is attached; undefined for any other name. */
export function typeOf(name: string): EvidenceType | undefined {
  if (Object.hasOwn(types, name)) return types[name];
  return trustFile.test(name) ? { mediaType: 'application/octet-stream' } : undefined;
}

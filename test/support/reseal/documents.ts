import { archiveName, bytesOf, type Output, partsOf, replaced } from './output.ts';

/** A JSON document of an output, in the evidence or in the archive. */
export interface JsonDocument {
  /** The group that its changes are counted in. */
  readonly where: string;
  /** The file that a report names. */
  readonly file: string;
  readonly text: string;
  /** Returns the output in which it has another text. */
  readonly write: (output: Output, text: string) => Output;
}

const evidence = [
  'provenance.json',
  'sbom.spdx.json',
  'sbom.cdx.json',
  'trust/trust.json',
  'lock.json',
];

const inEvidence = (output: Output, file: string): JsonDocument => ({
  ...{ where: file, file, text: String(output.files.get(file) ?? '') },
  write: ({ files, archive }, text) => ({
    files: new Map([...files, [file, Buffer.from(text)]]),
    archive,
  }),
});

const inArchive = ({ archive }: Output, name: string, path: string): JsonDocument => ({
  ...{ where: `${archiveName}: ${name}`, file: archiveName },
  text: String(bytesOf(archive.find((each) => each.path === path))),
  write: ({ files, archive: members }, text) => ({
    files,
    archive: replaced(members, path, Buffer.from(text)),
  }),
});

/** The evidence that is JSON. */
export const evidenceDocuments = (output: Output): JsonDocument[] =>
  evidence.filter((file) => output.files.has(file)).map((file) => inEvidence(output, file));

/** Every JSON document of an output. */
export function documentsOf(output: Output): JsonDocument[] {
  const { manifest, config } = partsOf(output.archive);
  return [
    ...evidenceDocuments(output),
    inArchive(output, 'config', config),
    inArchive(output, 'manifest', manifest),
    inArchive(output, 'index.json', 'index.json'),
    inArchive(output, 'manifest.json', 'manifest.json'),
  ];
}

import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { Statement } from '../evidence/provenance/statement.ts';
import { parseSums, sumsText } from '../evidence/sums.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import { signStatement } from './bundle.ts';
import type { SigningKey } from './keys/signing-key.ts';
import { parseEvidence, parseStatement, requireEvidence } from './read-evidence.ts';
import { type SignedFile, signedFiles, statementFor } from './signed-files.ts';

/** A bundle, as written into the folder of evidence. */
export interface BundleFile {
  readonly name: string;
  readonly text: string;
}

/** Makes the text of a statement's bundle. */
export type Signer = (statement: Statement, signed: SignedFile) => Promise<string>;

/** Returns a signer that uses the given key. */
export const keySigner =
  (key: SigningKey): Signer =>
  async (statement) =>
    canonicalJson(signStatement(statement, key));

const { sums: sumsFile, provenance: provenanceFile } = evidenceNames;

/** Adds the bundles to the folder's SHA256SUMS; they replace older ones of the same name. */
async function addSums(folder: string, bundles: readonly BundleFile[]): Promise<void> {
  const { sums } = parseSums(await requireEvidence(folder, sumsFile));
  const names = bundles.map(({ name }) => name);
  const kept = sums.filter(({ name }) => !names.includes(name));
  const added = bundles.map(({ name, text }) => ({ name, sha256: sha256OfBytes(text) }));
  await writeWholeFile(join(folder, sumsFile), sumsText([...kept, ...added]));
}

/**
 * Signs the evidence that a build left in a folder, the provenance first: a bundle beside it and each bill of
 * materials, and its line in SHA256SUMS. The other files are covered by the provenance, which holds
 * their digests. Nothing is written unless everything could be signed. Errors: USAGE, IO, NO_SPACE,
 * and those of the signer.
 */
export async function signFolder(
  folder: string,
  sign: Signer,
  files: readonly SignedFile[] = signedFiles,
): Promise<BundleFile[]> {
  await requireEvidence(folder, sumsFile);
  const statement = files[0]?.file ?? provenanceFile;
  const path = join(folder, statement);
  const provenance = parseStatement(await requireEvidence(folder, statement), path);
  const bundles: BundleFile[] = [];
  for (const signed of files) {
    const text = await requireEvidence(folder, signed.file);
    const contents = parseEvidence(text, join(folder, signed.file));
    const statement = statementFor(signed, contents, provenance);
    bundles.push({ name: signed.bundle, text: await sign(statement, signed) });
  }
  for (const { name, text } of bundles) await writeWholeFile(join(folder, name), text);
  await addSums(folder, bundles);
  return bundles;
}

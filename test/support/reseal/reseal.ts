import { canonicalJson, digestOf } from '../../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../../src/base/hash.ts';
import { isRecord, list, record } from '../../../src/base/json.ts';
import { parseSums, sumsText } from '../../../src/evidence/sums.ts';
import { inputsDigest } from '../../../src/lock/inputs.ts';
import { lockProblems } from '../../../src/lock/lock-file.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { resealArchive } from './archive.ts';
import { bytesOf, type Output, parsedJson, partsOf, replaced } from './output.ts';

/** A digest, 64 hexadecimal digits, and the one that takes its place wherever it stands. */
export type Renamed = readonly [before: string, after: string];

/** Puts new digests where the old ones stand. */
export const renamedIn = (text: string, renamed: readonly Renamed[]): string =>
  renamed.reduce((done, [before, after]) => done.replaceAll(before, after), text);

/** Returns the text of a lock with the digests of its fields and of its request written anew. */
export function resealLock(text: string): string {
  const value = parsedJson(text);
  if (!isRecord(value)) return text;
  const { digests, ...fields } = value;
  const asked = isRecord(fields.asked) ? { request: digestOf(fields.asked) } : {};
  const sealed = { ...fields, ...asked };
  const computed = Object.fromEntries(
    Object.entries(sealed).map(([name, each]) => [name, digestOf({ value: each })]),
  );
  if (canonicalJson(value) === text) return canonicalJson({ ...sealed, digests: computed });
  // In a form of its own, text stays as it is but for the digests.
  const pairs = Object.entries(record(digests)).map(
    ([name, before]): Renamed => [String(before), computed[name] ?? String(before)],
  );
  return renamedIn(text, [[String(value.request), String(sealed.request)], ...pairs]);
}

/** Returns the digest by which an image's history names its lock; undefined for a lock that is none. */
function lockDigest(text: string): string | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { digests: _, ...fields } = value;
  return lockProblems(fields).length > 0 ? undefined : inputsDigest(fields as unknown as Lock);
}

/** Pairs the digest of the recorded tests with that of the tests that stand there now. */
function renamedResults(provenance: string): Renamed[] {
  const { runDetails } = record(record(parsedJson(provenance)).predicate);
  const { content, digest } = record(list(record(runDetails).byproducts)[0]);
  const claimed = record(digest).sha256;
  if (typeof content !== 'string' || typeof claimed !== 'string') return [];
  return [[claimed, sha256OfBytes(Buffer.from(content, 'base64'))]];
}

/** The order in which files name each other's digests: a file stands after all that it names. */
function inOrder(names: readonly string[]): string[] {
  const last = ['trust/trust.json', 'rootfs.mtree', 'sbom.spdx.json', 'sbom.cdx.json'];
  const end = ['provenance.json', 'SHA256SUMS'];
  const first = names.filter((name) => ![...last, ...end, 'lock.json'].includes(name));
  return [...first, 'lock.json', ...last, ...end].filter((name) => names.includes(name));
}

const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
const hexOf = (path: string): string => path.replace('blobs/sha256/', '');

/**
 * Makes all sums of a changed output consistent again, as one does who wants the change to pass: digests
 * of the lock's fields, digests and sizes in the image archive, every digest of a file or of the image
 * in the evidence, and SHA256SUMS. `before` is the output as it was built.
 */
export function resealed(changed: Output, before: Output): Output {
  const files = new Map(changed.files);
  const renamed: Renamed[] = [];
  const note = (one: string, other: string) => {
    if (one !== other && isDigest(one) && isDigest(other)) renamed.push([one, other]);
  };
  const textOf = (name: string) => renamedIn(files.get(name)?.toString('latin1') ?? '', renamed);
  const seal = (name: string, text: string) => {
    const bytes = Buffer.from(text, 'latin1');
    files.set(name, bytes);
    const original = before.files.get(name);
    if (original) note(sha256OfBytes(original), sha256OfBytes(bytes));
  };
  let { archive } = changed;
  for (const name of inOrder([...files.keys()])) {
    if (name === 'lock.json') {
      seal(name, resealLock(textOf(name)));
      const was = lockDigest(before.files.get(name)?.toString() ?? '');
      const is = lockDigest(files.get(name)?.toString() ?? '');
      if (was && is) note(was, is);
      archive = resealImage(changed, renamed);
      const [one, other] = [partsOf(before.archive), partsOf(archive)];
      for (const part of ['layer', 'config', 'manifest'] as const) {
        note(hexOf(one[part]), hexOf(other[part]));
      }
    } else if (name === 'provenance.json') {
      const text = textOf(name);
      seal(name, renamedIn(text, renamedResults(text)));
    } else if (name === 'SHA256SUMS') {
      const { sums } = parseSums(textOf(name));
      const there = sums.filter((each) => files.has(each.name));
      const anew = there.map((each) => ({
        name: each.name,
        sha256: sha256OfBytes(files.get(each.name) ?? Buffer.of()),
      }));
      files.set(name, Buffer.from(sumsText(anew)));
    } else seal(name, textOf(name));
  }
  return { files, archive };
}

/** Seals the archive, after the lock's new digest is in the history of its config. */
function resealImage({ archive }: Output, renamed: readonly Renamed[]): Output['archive'] {
  const { config } = partsOf(archive);
  const member = archive.find(({ path }) => path === config);
  if (member === undefined || renamed.length === 0) return resealArchive(archive);
  const text = renamedIn(bytesOf(member).toString('latin1'), renamed);
  return resealArchive(replaced(archive, config, Buffer.from(text, 'latin1')));
}

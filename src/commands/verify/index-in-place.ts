import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Content, requireManifest } from '../../attach/content.ts';
import { evidenceSets } from '../../attach/fetch-evidence.ts';
import { fetchImage } from '../../attach/fetch-image.ts';
import type { Io } from '../../base/events.ts';
import { moveTo } from '../../base/host-files.ts';
import { list, record, text } from '../../base/json.ts';
import { type PlatformName, platformFileName, platformOfImage } from '../../base/platform.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { sumsText } from '../../evidence/sums.ts';
import { digestPattern } from '../../oci/reference-grammar.ts';
import { type FoundManifest, indexTypes } from '../../registry/manifests.ts';
import { remoteName } from '../../registry/remote-reference.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import { signedOfIndex } from '../../sign/signed-files.ts';
import { verifyIndexByOneOf } from '../../sign/verify-signatures.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { hashFile } from '../../verify/image/archive-files.ts';
import type { Check } from '../../verify/report.ts';
import type { CommandContext } from '../command-context.ts';
import { openSource } from '../place/open-source.ts';
import type { Place } from '../place/place.ts';
import { attachedEvidence, isSignedBy } from './from-place.ts';
import type { IndexSubject } from './index-report.ts';
import type { LookOptions } from './look.ts';

/** An index in a registry or layout: with evidence of its own it is ready to be verified, else `name` is all there is. */
export interface PlaceIndex {
  /** The reference with the digest that the tag stood for when it was resolved. */
  readonly name: string;
  readonly subject?: IndexSubject;
  /** Removes what was fetched. */
  dispose(): Promise<void>;
}

/** The images of an index by platform; those of platforms that mkbase does not know are left out. */
function imagesIn({ value }: FoundManifest): ReadonlyMap<PlatformName, string> {
  const found = new Map<PlatformName, string>();
  for (const each of list(value.manifests)) {
    const { platform, digest } = record(each);
    const known = platformOfImage(record(platform));
    if (known === undefined || found.has(known.name) || !digestPattern.test(text(digest))) continue;
    found.set(known.name, text(digest));
  }
  return found;
}

const isSignedIndex = async (
  folder: string,
  [first, ...others]: readonly VerificationKey[],
): Promise<boolean> =>
  first === undefined ||
  (await verifyIndexByOneOf(folder, [first, ...others])).problems.length === 0;

/** Fetches the image of one platform, and the evidence that is attached to it, into one folder. */
async function fetchPlatform(
  content: Content,
  digest: string,
  folder: string,
  keys: readonly VerificationKey[],
  io: Io,
): Promise<readonly Check[]> {
  const manifest = await requireManifest(content, { digest }, io);
  const parent = `${folder}.attached`;
  const signed = (evidence: string) => isSignedBy(evidence, keys);
  const { evidence, found } = await attachedEvidence(content, digest, parent, signed, io);
  if (evidence === undefined) await mkdir(folder);
  else await moveTo(evidence, folder);
  await fetchImage(content, manifest, folder, io);
  return found;
}

/** Writes the sums of an index's evidence anew, of files whose digests were checked as they came. */
async function writeSums(folder: string, platforms: readonly PlatformName[], io: Io) {
  const names = [
    ...signedOfIndex.flatMap(({ file, bundle }) => [file, bundle]),
    ...platforms.map((each) => `${platformFileName(each)}/${evidenceNames.provenance}`),
  ];
  const sums = names.map(async (name) => {
    const sha256 = await hashFile(join(folder, name), io.signal);
    return sha256 === undefined ? [] : [{ name, sha256 }];
  });
  await writeFile(join(folder, evidenceNames.sums), sumsText((await Promise.all(sums)).flat()));
}

/** Fetches an index, its images and all evidence into a folder that is laid out as a build leaves one. */
async function fetchIndex(
  content: Content,
  index: FoundManifest,
  parent: string,
  keys: readonly VerificationKey[],
  io: Io,
): Promise<IndexSubject | undefined> {
  const signed = (evidence: string) => isSignedIndex(evidence, keys);
  const attached = await attachedEvidence(content, index.digest, parent, signed, io);
  const { evidence: folder } = attached;
  if (folder === undefined) return undefined;
  const found: Check[] = [...attached.found];
  const images = imagesIn(index);
  for (const [platform, digest] of images) {
    const into = join(folder, platformFileName(platform));
    found.push(...(await fetchPlatform(content, digest, into, keys, io)));
  }
  await writeSums(folder, [...images.keys()], io);
  return { folder, places: [], digest: index.digest, found };
}

/**
 * Fetches an index over several platforms from a registry or layout, with the evidence of it and of each image. A
 * tag is resolved once. Undefined for anything but an index. Errors: REGISTRY_*, USAGE, ARCHIVE_REFUSED, IO,
 * NO_SPACE.
 */
export async function openPlaceIndex(
  place: Place,
  word: string,
  { insecureRegistry: insecure = [], keys = [], offline = false }: LookOptions,
  { env }: CommandContext,
  io: Io,
): Promise<PlaceIndex | undefined> {
  const { content, which } = await openSource(place, word, { env, insecure, offline }, io);
  const top = await requireManifest(content, which, io);
  if (!indexTypes.includes(top.mediaType)) return undefined;
  const { digest } = top;
  const name = place.kind === 'remote' ? remoteName({ ...place.reference, digest }) : word;
  const nothing = { name, dispose: async () => {} };
  if ((await evidenceSets(content, digest, io)).length === 0) return nothing;
  const { folder, dispose } = await openWorkspace(join(cacheFolder(env), 'tmp'));
  try {
    const subject = await fetchIndex(content, top, folder, keys, io);
    return { name, dispose, ...(subject && { subject }) };
  } catch (error) {
    await dispose();
    throw error;
  }
}

import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { alpineArch } from '../../packages/apk/arch.ts';
import { foreignKeys, rootfsKeys } from '../../packages/apk/keys.ts';
import { type AlpineContext, alpineContext } from '../../packages/apk/mirror.ts';
import { proveApks } from '../../packages/apk/prove-apks.ts';
import { rootfsRepositories } from '../../packages/apk/repositories.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import { proveDetached } from '../../packages/openpgp/prove-detached.ts';
import { fetchPinned } from '../../packages/pinned-bytes.ts';
import {
  attempt,
  disagrees,
  isProven,
  joinProofs,
  nothingToProve,
  ProvenInput,
  type SetProof,
  unproven,
} from '../../packages/proof.ts';
import type { RunSources } from '../../packages/sources.ts';
import { openWorkspace } from '../../store/workspace.ts';
import type { Wanted } from '../contract.ts';
import type { LockedMinirootfs, LockedRootfs } from './locked-rootfs.ts';
import { releaseKeyFile } from './published.ts';
import { minirootfsDownloads } from './resolve.ts';
import type { MinirootfsSource } from './schema.ts';
import { sha512Of } from './trust.ts';
import { unpackMinirootfs } from './unpack.ts';

const otherThanRecipe = (field: string, claimed: unknown, found: unknown) =>
  disagrees(field, claimed, found, 'the recipe');

/** Throws SOURCE_UNTRUSTED for another archive than the recipe names: by its digest, or its release. */
function requireAsked(source: MinirootfsSource, archive: LockedRootfs): void {
  const { name, sha256, sha512, release } = archive;
  if (!('distro' in source)) {
    if (source.sha256 !== undefined && source.sha256 !== sha256) {
      throw otherThanRecipe(`the sha256 of ${name}`, sha256, source.sha256);
    }
  } else if (source.release !== 'latest-stable') {
    const { version = 'none' } = release ?? {};
    const isAsked = version === source.release || version.startsWith(`${source.release}.`);
    if (!isAsked) throw otherThanRecipe(`the release of ${name}`, version, source.release);
  }
  const stated = 'file' in source ? undefined : source.sha512;
  if (stated !== undefined && stated !== sha512) {
    throw otherThanRecipe(`the sha512 of ${name}`, sha512, stated);
  }
}

/** Returns the key files that have to sign an archive, and the URL of the signature; none where a digest does. */
function signatureOf(source: MinirootfsSource, { url }: LockedRootfs, folder: string) {
  if ('distro' in source) return { keyFile: releaseKeyFile, url: `${url}.asc`, foreign: false };
  const signature = 'url' in source ? source.signature : undefined;
  if (signature === undefined) return undefined;
  return { keyFile: join(folder, signature.key), url: signature.url, foreign: true };
}

async function proveArchive(
  { source, folder }: Wanted<MinirootfsSource>,
  archive: LockedRootfs,
  context: AlpineContext,
  io: Io,
): Promise<SetProof> {
  const { name, sha256, trust } = archive;
  requireAsked(source, archive);
  const [download] = minirootfsDownloads(archive, source, folder, context);
  await fetchPinned([download!], context, io);
  const sha512 = await sha512Of(context.store, sha256);
  if (sha512 !== archive.sha512) {
    throw disagrees(`the sha512 of ${name}`, archive.sha512, sha512, 'the archive itself');
  }
  const wanted = signatureOf(source, archive, folder);
  if (trust.by === 'signature') {
    if (wanted === undefined) throw otherThanRecipe(`the trust in ${name}`, trust.by, 'recipe');
    const keys = await readKeyFiles([wanted.keyFile]);
    const signature = { ...trust, urls: [wanted.url, trust.url] };
    const believed = { keys, foreign: wanted.foreign };
    return proveDetached({ name, download: download!, signature }, believed, context, io);
  }
  if (wanted?.foreign) throw otherThanRecipe(`the trust in ${name}`, trust.by, 'signature');
  if (!('distro' in source) || source.sha512 !== undefined) {
    if (trust.by !== 'recipe') throw otherThanRecipe(`the trust in ${name}`, trust.by, 'recipe');
    return { ...nothingToProve, inputs: [ProvenInput.seen(sha256, 'recipe')] };
  }
  if (context.allow.includes('unsigned-archive') && trust.by === 'unsigned-archive') {
    return { ...nothingToProve, inputs: [ProvenInput.seen(sha256, 'unsigned-archive')] };
  }
  return unproven(
    [archive],
    `no signature is named for ${name}, and --allow unsigned-archive is not given`,
  );
}

/** Proves packages by the keys and repositories that the archive itself brings, which is proven. */
async function proveAdded(
  { source, platform }: Wanted<MinirootfsSource>,
  { archive, apks }: Required<LockedMinirootfs>,
  context: AlpineContext,
  io: Io,
): Promise<SetProof> {
  const { folder, dispose } = await openWorkspace(join(context.store.folder, 'tmp'));
  try {
    // Warnings about the archive are emitted by the build.
    const quiet = { ...io, emit: () => {} };
    const place = { store: context.store, workFolder: folder };
    const tree = await unpackMinirootfs(archive, place, quiet);
    const keys = await rootfsKeys(tree, archive.name);
    const arch = alpineArch(platform.name);
    const asked = {
      ...{ keys, arch, foreign: await foreignKeys(keys, arch) },
      repositories: await rootfsRepositories(tree, archive.name),
      mirror: 'mirror' in source ? source.mirror : undefined,
    };
    return await proveApks(apks, asked, context, io);
  } finally {
    await dispose();
  }
}

/** Proves a published archive, and then the packages that are added to it. */
export async function proveMinirootfs(
  wanted: Wanted<MinirootfsSource>,
  { archive, apks }: LockedMinirootfs,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  const context = alpineContext(sources);
  const root = await attempt(archive, [archive], () => proveArchive(wanted, archive, context, io));
  if (apks === undefined) return root;
  const packages = [...apks.packages, ...(apks.tools ?? [])];
  if (!root.inputs.every(isProven)) {
    const reason = `its keys are those of ${archive.name}, which is not proven`;
    return joinProofs([root, unproven(packages, reason)]);
  }
  const [index] = apks.indexes;
  const file = { sha256: index?.sha256 ?? archive.sha256, name: `the keys of ${archive.name}` };
  const added = await attempt(file, packages, () =>
    proveAdded(wanted, { archive, apks }, context, io),
  );
  return joinProofs([root, added]);
}

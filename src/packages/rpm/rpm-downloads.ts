import type { Io } from '../../base/events.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { below } from '../mirror-url.ts';
import type { AskedRepository, RpmContext } from './fetch/asked-repository.ts';
import { type LockedRpms, repositoryOf } from './locked-rpms.ts';
import { readRepomd } from './repository/repomd.ts';

/** Returns what to download for locked packages; the mirror of this run comes before the lock's. */
export function rpmDownloads(
  { packages, repositories }: LockedRpms,
  asked: ReadonlyMap<string, Pick<AskedRepository, 'url'>>,
): Download[] {
  return packages.map((each) => {
    const recorded = repositoryOf(each, repositories)?.url;
    const roots = [asked.get(each.repository)?.url, recorded].filter((root) => root !== undefined);
    const urls = [...new Set(roots)].map((root) => below(root, each.href));
    return { urls, sha256: each.sha256, size: each.size };
  });
}

/** Returns the lists of packages of the signed repositories that the store has: for bundles. */
export async function rpmIndexFiles(
  { repositories }: LockedRpms,
  { store }: RpmContext,
  io: Io,
): Promise<{ sha256: string; name: string }[]> {
  const files: { sha256: string; name: string }[] = [];
  for (const { name, sha256, signature } of repositories) {
    if (signature === undefined || !(await store.verify(sha256, io))) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(sha256)) chunks.push(chunk);
    const { files: listed } = await readRepomd(Buffer.concat(chunks), name);
    const primary = listed.get('primary')?.checksum.digest;
    if (primary === undefined || !(await store.verify(primary, io))) continue;
    files.push({ sha256: primary, name: `primary.xml of ${name}` });
  }
  return files;
}

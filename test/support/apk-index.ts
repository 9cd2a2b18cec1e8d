import { openApkIndex } from '../../src/packages/apk/apk-index.ts';
import type { SignedApkIndex } from '../../src/packages/apk/signed-index.ts';
import { buildApk, type TestApk } from './apk.ts';

/** An authenticated index out of its text, as far as packages are looked up in it. */
export function indexIn(text: string, repository = 'v3.20/main'): SignedApkIndex {
  const place = { mirror: 'http://mirror.example', repository, arch: 'x86_64' };
  return {
    ...place,
    ...openApkIndex(Buffer.from(text), place.arch, { description: '', date: 0 }),
    file: Buffer.of(),
    locked: { ...place, date: 0, sha256: '', signedBy: '', signature: 'rsa-sha1' },
  };
}

/** An authenticated index of packages. */
export async function indexOf(
  packages: readonly TestApk[],
  repository = 'v3.20/main',
): Promise<SignedApkIndex> {
  const built = await Promise.all(packages.map((each) => buildApk(each)));
  return indexIn(built.map(({ stanza }) => stanza).join('\n'), repository);
}

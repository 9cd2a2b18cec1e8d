import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import { defaultMirror } from '../../packages/apk/mirror.ts';
import type { Entry } from '../../tar/entry.ts';

const path = 'etc/apk/repositories';

/**
 * The list of repositories for a root that brings apk, so that `apk add` works in it: those that it was
 * made from, at the mirror that Alpine names. Which mirror this machine used is nobody's business.
 */
export function ownRepositories(
  tree: readonly Entry[],
  { packages, indexes }: LockedApks,
  mtime: number,
): Entry[] {
  const hasApk = packages.some(({ name }) => name === 'apk-tools');
  if (!hasApk || tree.some((entry) => entry.path === path)) return [];
  const text = indexes.map(({ repository }) => `${defaultMirror}/${repository}\n`).join('');
  const bytes = Buffer.from(text);
  const attributes = { mode: 0o644, uid: 0, gid: 0, mtime, xattrs: [] };
  return [{ ...attributes, type: 'file', path, size: bytes.length, content: { bytes } }];
}

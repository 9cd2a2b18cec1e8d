import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const mostShown = 5;

const numberOf = (branch: string): number => {
  const [major = 0, minor = 0] = branch.split('.').map(Number);
  return major * 10_000 + minor;
};

/** The newest branches that a mirror on disk has, newest first; over HTTP a folder cannot be listed. */
export async function otherBranches(mirror: string): Promise<string[]> {
  if (!mirror.startsWith('file:')) return [];
  const names = await readdir(fileURLToPath(mirror)).catch(() => []);
  return names
    .flatMap((name) => /^v(\d{1,4}\.\d{1,4})$/.exec(name)?.[1] ?? [])
    .sort((a, b) => numberOf(b) - numberOf(a))
    .slice(0, mostShown);
}

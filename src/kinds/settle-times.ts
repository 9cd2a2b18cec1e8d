import { MkbaseError } from '../base/errors.ts';
import type { Entry } from '../tar/entry.ts';

const rootPrefix = 'root/';

const inRoot = (path: string): string => path.slice(rootPrefix.length);

function timeOf(entries: readonly Entry[], mark: 'begin' | 'end'): number {
  const found = entries.find(({ path }) => path === mark);
  if (found !== undefined) return found.mtime;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The builder left no file ${mark}, which says when it worked.`,
    hint: 'Run `mkbase gc --all`, which removes builders, and build again.',
  });
}

/**
 * Returns the root file system in a builder's output, with every time settled that it got meanwhile: those
 * between `begin` and `end`, and those of folders, which tell in which order packages were unpacked, become
 * the epoch. Times of packages' files stay. So no time depends on the machine's clock, not even where that
 * is years behind, nor on who made the tree. Throws BUILD_OUTPUT.
 */
export function settleTimes(sent: readonly Entry[], epoch: number): Entry[] {
  const [begin, end] = [timeOf(sent, 'begin'), timeOf(sent, 'end')];
  return sent
    .filter(({ path }) => path.startsWith(rootPrefix))
    .map((entry) => {
      const made = entry.type === 'directory' || (entry.mtime >= begin && entry.mtime <= end);
      const settled = { ...entry, path: inRoot(entry.path), ...(made && { mtime: epoch }) };
      return settled.type === 'hardlink' ? { ...settled, target: inRoot(settled.target) } : settled;
    });
}

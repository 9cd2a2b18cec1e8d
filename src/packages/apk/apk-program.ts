import { fromByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Entry } from '../../tar/entry.ts';

/** The loader of musl or, in Wolfi, of glibc. Releases since the merge of /usr have them below it. */
const loaderPattern =
  /^(?:usr\/)?lib(?:64)?\/ld-(?:musl-[a-z0-9_]+\.so\.1|linux-[a-z0-9-]+\.so\.[12])$/;
const apkPattern = /^(?:usr\/)?s?bin\/apk$/;

/**
 * Returns the command that runs the apk of a tree at `at` (an absolute path) from outside of the tree:
 * by the tree's own loader and libraries alone. Throws SOURCE_CORRUPT for a tree without apk.
 */
export function apkProgram(tree: readonly Entry[], at: string): string[] {
  const find = (pattern: RegExp) => {
    const found = tree.find(({ path, type }) => type !== 'directory' && pattern.test(path));
    if (found !== undefined) return `${at}/${fromByteString(found.path)}`;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `apk-tools and what it depends on bring no ${pattern === apkPattern ? 'apk' : 'loader of musl or glibc'}.`,
      hint: 'The repository holds another apk-tools than Alpine has: add the repository that has it.',
    });
  };
  return [find(loaderPattern), '--library-path', `${at}/lib:${at}/usr/lib`, find(apkPattern)];
}

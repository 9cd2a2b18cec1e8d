import { MkbaseError } from '../../base/errors.ts';
import { showUrl } from '../../store/show-url.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

const file = 'etc/apk/repositories';
/** Bytes: far more than any list has. */
const maxBytes = 64 * 1024;

const pathPattern = /\/((?:v\d{1,4}\.\d{1,4}|edge|latest-stable)\/[a-z][a-z0-9-]*)\/*$/;

/**
 * Returns the repositories that a root filesystem of Alpine names itself, as paths below a mirror's
 * root: its own `apk add` would look there. Those with a tag (`@testing …`) serve only packages that
 * are requested with the tag, and are left out. Throws SOURCE_CORRUPT when it names none.
 */
export async function rootfsRepositories(
  entries: readonly Entry[],
  what: string,
): Promise<string[]> {
  const entry = entries.find(({ path }) => path === file);
  const isList = entry?.type === 'file' && entry.size <= maxBytes;
  const text = isList ? (await readContent(entry.content)).toString('utf8') : '';
  const lines = text.split('\n').map((line) => line.trim());
  const paths = lines.flatMap((line) => {
    if (line === '' || /^[#@]/.test(line)) return [];
    const path = pathPattern.exec(line)?.[1];
    if (path !== undefined) return [path];
    throw refused(
      `${what} has a repository in /${file} that is none of Alpine's: ${showUrl(line)}`,
    );
  });
  if (paths.length > 0) return [...new Set(paths)];
  throw refused(`${what} names no repository in /${file}`);
}

const refused = (problem: string) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${problem}.`,
    hint: 'Leave "packages" out, or use an archive as Alpine publishes it.',
  });

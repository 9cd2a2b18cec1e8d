import type { ByteString } from '../../base/byte-string.ts';
import type { Expected } from '../claim.ts';

/** Undoes the octal escapes of mtree(5): `\\040` is a space. */
const unescaped = (text: string): ByteString =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8) & 0xff),
  ) as ByteString;

/** The keywords that are read: defaults of others do not pile up in memory. */
const keywords = new Set(['type', 'link', 'sha256', 'sha256digest']);

function settingsOf(words: readonly string[]): Map<string, string> {
  const settings = words.map((word): [string, string] => {
    const at = word.indexOf('=');
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
  });
  return new Map(settings.filter(([name]) => keywords.has(name)));
}

/** Returns what stands at a path by its keywords; undefined for a folder. */
function expectedOf(settings: ReadonlyMap<string, string>): Expected | undefined {
  const type = settings.get('type') ?? 'file';
  if (type === 'dir') return undefined;
  if (type === 'link') return { type: 'symlink', target: unescaped(settings.get('link') ?? '') };
  const digest = settings.get('sha256digest') ?? settings.get('sha256');
  if (type !== 'file' || digest === undefined) return { type: 'name' };
  return { type: 'file', algorithm: 'sha256', digest };
}

/**
 * Reads a package's .MTREE (mtree(5), as libarchive writes it): path without leading slash → what stands
 * there; folders are left out. Throws SyntaxError for a text that is none.
 */
export function parseMtree(text: ByteString): Map<ByteString, Expected> {
  const found = new Map<ByteString, Expected>();
  let defaults = new Map<string, string>();
  const [header = '', ...lines] = text.split('\n');
  if (!header.startsWith('#mtree')) throw new SyntaxError('there is no #mtree at its start');
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const [path = '', ...words] = line.split(' ');
    if (path === '/set') {
      defaults = new Map([...defaults, ...settingsOf(words)]);
    } else if (path === '/unset') {
      for (const word of words) defaults.delete(word);
    } else if (path.startsWith('./')) {
      const expected = expectedOf(new Map([...defaults, ...settingsOf(words)]));
      if (expected !== undefined) found.set(unescaped(path.slice(2)), expected);
    } else {
      throw new SyntaxError(`there is a line ${JSON.stringify(line.slice(0, 100))}`);
    }
  }
  return found;
}

/** Tells members of a package that are no files of it: .BUILDINFO, .INSTALL, .MTREE, .PKGINFO. */
export const isMeta = (path: ByteString): boolean => path.startsWith('.') && !path.includes('/');

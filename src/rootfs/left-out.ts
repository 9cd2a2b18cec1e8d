import type { ByteString } from '../base/byte-string.ts';
import type { Warning } from '../base/events.ts';
import { inSentence } from '../base/format.ts';
import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import { shown } from '../tar/names.ts';
import { rootfsView } from './view.ts';

/** A path that making a rootfs leaves out on purpose, and the reason. */
export interface LeftOut {
  readonly path: ByteString;
  readonly reason: string;
}

/** Bytes of the largest file below /etc that is read as configuration. */
const largestConfig = 1024 ** 2;
/** The most references that a warning names. */
const mostNamed = 5;

const named = (path: ByteString): string => shown(`/${path}`);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Finds the lines, counted from 1, that name a path as a whole; comments are none. */
function linesNaming(path: ByteString, lines: readonly string[]): number[] {
  const name = new RegExp(`(?:^|[^\\w./-])/${escaped(path)}(?![\\w./-])`);
  return lines.flatMap((line, at) => (!/^\s*[#;]/.test(line) && name.test(line) ? [at + 1] : []));
}

type FileEntry = Extract<Entry, { type: 'file' }>;

const isConfig = (entry: Entry): entry is FileEntry =>
  entry.type === 'file' && entry.path.startsWith('etc/') && entry.size <= largestConfig;

async function configsNaming(path: ByteString, configs: readonly FileEntry[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of configs) {
    const text = (await readContent(entry.content)).toString('latin1');
    const [line] = text.includes(path) ? linesNaming(path, text.split('\n')) : [];
    if (line !== undefined) found.push(`line ${line} of ${named(entry.path)}`);
  }
  return found;
}

const warningOf = ({ path, reason }: LeftOut, by: readonly string[]): Warning => {
  const more = by.length > mostNamed ? [`${by.length - mostNamed} more`] : [];
  const references = inSentence([...by.slice(0, mostNamed), ...more], 'and');
  return {
    code: 'left-out-yet-named',
    message: `${named(path)} is left out of the image (${reason}), and it is still referred to by ${references}.`,
    advice:
      'Mount or make it when the image runs, or change what refers to it, with `files` or `run`.',
  };
};

/**
 * Warns of each path that was left out while something in the finished tree refers to it: a symbolic link
 * that leads nowhere now, or a line of a file below /etc that names it. A path that is there again is none.
 */
export async function leftOutWarnings(
  leftOut: readonly LeftOut[],
  entries: readonly Entry[],
): Promise<Warning[]> {
  const { at, targetOf } = rootfsView(entries);
  const configs = entries.filter(isConfig);
  const links = entries.filter((entry) => entry.type === 'symlink');
  const warnings: Warning[] = [];
  for (const each of leftOut) {
    if (at(each.path) !== undefined) continue;
    const dangling = links.filter((link) => targetOf(link) === each.path);
    const by = [
      ...dangling.map(({ path }) => `the link ${named(path)}`),
      ...(await configsNaming(each.path, configs)),
    ];
    if (by.length > 0) warnings.push(warningOf(each, by));
  }
  return warnings;
}

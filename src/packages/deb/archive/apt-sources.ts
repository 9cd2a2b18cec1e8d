import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Paragraph, parseParagraphs, words } from '../index/paragraph.ts';

/** One line of apt's sources: a suite of packages at a place (sources.list(5)). */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Value of signed-by, where there is one. */
  readonly signedBy?: string;
}

/** Reads the one-line form: `deb [options] uri suite component…`. */
export function parseSourcesList(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (match === null) return [];
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
    const components = match[4]!.trim().split(/\s+/);
    return [
      { uri: match[2]!, suite: match[3]!, components, ...(signedBy !== undefined && { signedBy }) },
    ];
  });
}

/** Reads the deb822 form. */
export function parseDebianSources(text: string): AptSource[] {
  return parseParagraphs(text).flatMap(sourcesOf);
}

function sourcesOf(paragraph: Paragraph): AptSource[] {
  if (/^(?:no|false|off|0)$/i.test(paragraph.get('enabled') ?? '')) return [];
  if (!words(paragraph, 'types').includes('deb')) return [];
  const signedBy = paragraph.get('signed-by');
  const components = words(paragraph, 'components');
  return words(paragraph, 'uris').flatMap((uri) =>
    words(paragraph, 'suites').map((suite) => ({
      uri,
      suite,
      components,
      ...(signedBy !== undefined && { signedBy }),
    })),
  );
}

async function readSources(file: string): Promise<AptSource[]> {
  try {
    const text = await readFile(file, 'utf8');
    return file.endsWith('.sources') ? parseDebianSources(text) : parseSourcesList(text);
  } catch {
    // A file that cannot be read is skipped: apt's sources are a hint only.
    return [];
  }
}

/** Reads the sources of the host's apt, in apt's own order; none on a host without apt. */
export async function readAptSources(folder = '/etc/apt'): Promise<AptSource[]> {
  const parts = join(folder, 'sources.list.d');
  const names = await readdir(parts).catch(() => [] as string[]);
  const files = names.filter((name) => /\.(?:list|sources)$/.test(name)).sort();
  const all = [join(folder, 'sources.list'), ...files.map((name) => join(parts, name))];
  return (await Promise.all(all.map(readSources))).flat();
}

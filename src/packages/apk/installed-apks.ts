import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

/** A package that a root filesystem's apk database lists. */
export interface InstalledApk {
  readonly name: string;
  readonly version: string;
  /** apk's own checksum; none for a package that apk made up itself (`apk add --virtual`). */
  readonly checksum: string;
}

/** Paths of the database: in releases up to 3.22, and in later ones. */
const places = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

const field = (stanza: string, letter: string): string =>
  new RegExp(`^${letter}:(.*)$`, 'm').exec(stanza)?.[1] ?? '';

/** Lists the packages in a root filesystem, in the order of its apk database; none without one. */
export async function installedApks(entries: readonly Entry[]): Promise<InstalledApk[]> {
  const entry = entries.find((each) => each.type === 'file' && places.includes(each.path));
  if (entry?.type !== 'file') return [];
  const text = (await readContent(entry.content)).toString('utf8');
  return text
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => ({
      name: field(stanza, 'P'),
      version: field(stanza, 'V'),
      checksum: field(stanza, 'C'),
    }));
}

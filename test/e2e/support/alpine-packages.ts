import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Entry } from '../../../src/tar/entry.ts';
import { type ApkKey, type BuiltApk, buildApk, type TestApk } from '../../support/apk.ts';
import { entriesOf } from '../../support/tar.ts';
import { alpineArchive } from './alpine.ts';

/** The entries of the real archive of an architecture, with their contents. */
export const publishedEntries = (arch: string): Promise<Entry[]> =>
  entriesOf(gunzipSync(readFileSync(alpineArchive(arch))), undefined, 256 * 1024);

const textOf = (entries: readonly Entry[], path: string): string => {
  const entry = entries.find((each) => each.path === path);
  if (entry?.type !== 'file' || !('bytes' in entry.content)) return '';
  return Buffer.from(entry.content.bytes).toString('utf8');
};

/** Of a stanza of the database `F:` is a folder, and `R:` a file in the one before it. */
function* ownedPaths(stanza: string): Generator<string> {
  let folder = '';
  for (const line of stanza.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('F:')) {
      folder = value;
      if (folder !== '') yield folder;
    }
    if (line.startsWith('R:')) yield folder === '' ? value : `${folder}/${value}`;
  }
}

const words = (line = '') => line.split(' ').filter((word) => word !== '');

/**
 * The packages that a real root filesystem of Alpine was made of, cut out of it by the database of its
 * own apk, with their scripts and triggers; signed anew, since of the originals only their contents are
 * there.
 */
export async function realPackages(
  entries: readonly Entry[],
  arch: string,
  key: ApkKey,
): Promise<BuiltApk[]> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const scripts = await scriptsOf(entries);
  const triggers = textOf(entries, 'lib/apk/db/triggers').split('\n').map(words);
  const stanzas = textOf(entries, 'lib/apk/db/installed').split('\n\n').filter(Boolean);
  return Promise.all(
    stanzas.map((stanza) => {
      const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(stanza)?.[1];
      const mark = field('C') ?? '';
      const [, ...paths] = triggers.find(([checksum]) => checksum === mark) ?? [];
      const installIf = words(field('i'));
      const each: TestApk = {
        name: field('P') ?? '',
        version: field('V') ?? '',
        depends: words(field('D')),
        provides: words(field('p')),
        priority: Number(field('k') ?? 0),
        ...(installIf.length > 0 && { installIf }),
        ...(paths.length > 0 && { triggers: paths }),
        scripts: scripts.get(mark) ?? {},
        origin: field('o') ?? '',
        license: field('L') ?? '',
        built: Number(field('t')),
        entries: [...ownedPaths(stanza)].flatMap((path) => byPath.get(path) ?? []),
      };
      return buildApk(each, key, arch);
    }),
  );
}

/** What says which release it is: the root filesystem holds that package's files, but not its record. */
export function releasePackage(entries: readonly Entry[]): TestApk {
  const paths =
    /^(?:etc|etc\/(?:alpine-release|issue|os-release)|usr|usr\/lib|usr\/lib\/os-release)$/;
  return {
    name: 'alpine-release',
    version: '3.20.3-r0',
    depends: ['alpine-keys'],
    built: 1_725_600_000,
    entries: entries.filter(({ path }) => paths.test(path)),
  };
}

/** Package checksum → name of the script → its text; the database keeps them in an archive of its own. */
async function scriptsOf(entries: readonly Entry[]) {
  const scripts = new Map<string, Record<string, string>>();
  const archive = entries.find(({ path }) => path === 'lib/apk/db/scripts.tar');
  if (archive?.type !== 'file' || !('bytes' in archive.content)) return scripts;
  for (const each of await entriesOf(Buffer.from(archive.content.bytes))) {
    const [, checksum = '', name = ''] = /\.(Q1[^.]+)\.([a-z-]+)$/.exec(each.path) ?? [];
    const text = textOf([each], each.path);
    scripts.set(checksum, { ...scripts.get(checksum), [name]: text });
  }
  return scripts;
}

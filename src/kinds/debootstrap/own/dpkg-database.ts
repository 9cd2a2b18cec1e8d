import { type ByteString, toByteString } from '../../../base/byte-string.ts';
import type { UnpackedDeb } from '../../../packages/deb/unpack/unpack-deb.ts';
import type { Entry } from '../../../tar/entry.ts';
import { rootFile } from '../../../tar/root-entry.ts';
import type { UnpackedBase } from './unpack-base.ts';

/** The folder of dpkg's database. */
export const database = 'var/lib/dpkg';

/** A package's name in file names and triggers: with its architecture where several can be installed. */
export const infoName = ({ locked, fields }: UnpackedDeb): string =>
  fields.get('multi-arch') === 'same' ? `${locked.name}:${locked.architecture}` : locked.name;

/** A configuration file (deb-conffiles(5)). */
interface Conffile {
  /** Without leading slash. */
  readonly path: ByteString;
  /** For instance ` remove-on-upgrade`; empty for the usual one. */
  readonly flag: string;
}

const linesOf = ({ members }: UnpackedDeb, name: string): string[] => {
  const content = members.find(({ path }) => path === name)?.content;
  const text = content && 'bytes' in content ? Buffer.from(content.bytes).toString('latin1') : '';
  return text.split('\n').filter((line) => line.trim() !== '');
};

const conffilesOf = (deb: UnpackedDeb): Conffile[] =>
  linesOf(deb, 'conffiles').flatMap((line) => {
    const [, flag, path] = /^(?:(\S+)\s+)?\/(.*?)\s*$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, flag: flag === undefined ? '' : ` ${flag}` }];
  });

/** Returns the stanza of an unpacked package; its priority, where one is given, is the suite's. */
function stanzaOf(deb: UnpackedDeb, priority: string): string {
  const own = deb.control.toString('latin1').split('\n');
  const lines = own
    .filter((line) => line.trim() !== '' && !/^Priority:/i.test(line))
    .flatMap((line) => (/^Package:/i.test(line) ? [line, 'Status: install ok unpacked'] : [line]));
  const conffiles = conffilesOf(deb).map(({ path, flag }) => ` /${path} newconffile${flag}`);
  const listed = conffiles.length > 0 ? ['Conffiles:', ...conffiles] : [];
  return `${[...lines, `Priority: ${priority}`, ...listed].join('\n')}\n\n`;
}

const listOf = ({ entries }: UnpackedDeb): ByteString =>
  ['/.', ...entries.map(({ path }) => `/${path}`)].map((line) => `${line}\n`).join('');

/** Returns the files of triggers that packages are interested in (deb-triggers(5)). */
function triggersOf(packages: readonly UnpackedDeb[]): Map<string, string> {
  const files = new Map<string, string>([['File', '']]);
  const add = (file: string, line: string) => files.set(file, `${files.get(file) ?? ''}${line}\n`);
  for (const deb of packages) {
    for (const line of linesOf(deb, 'triggers')) {
      const [, how, trigger] = /^\s*interest(-\S+)?\s+(\S+)/.exec(line) ?? [];
      if (trigger === undefined) continue;
      const user = `${infoName(deb)}${how === '-noawait' ? '/noawait' : ''}`;
      if (trigger.startsWith('/')) add('File', `${trigger} ${user}`);
      else add(trigger, user);
    }
  }
  return files;
}

/**
 * Returns the files of dpkg's database for packages that are unpacked and not configured (dpkg(1) under
 * "status", deb-old(5)).
 */
export function databaseEntries(
  { packages }: UnpackedBase,
  priorityOf: (deb: UnpackedDeb) => string,
  mtime: number,
): Entry[] {
  const made = (path: string, text: ByteString) =>
    rootFile(`${database}/${path}`, Buffer.from(text, 'latin1'), mtime);
  const status = packages.map((deb) => stanzaOf(deb, priorityOf(deb))).join('');
  const info = packages.flatMap((deb) => [
    made(`info/${infoName(deb)}.list`, listOf(deb)),
    ...deb.members.map((member) => ({
      ...member,
      path: toByteString(`${database}/info/${infoName(deb)}.`).concat(member.path),
    })),
  ]);
  const triggers = [...triggersOf(packages)].map(([name, text]) => made(`triggers/${name}`, text));
  return [
    ...info,
    ...triggers,
    made('info/format', '1\n'),
    made('status', status),
    made('available', ''),
    made('cmethopt', 'apt apt\n'),
  ];
}

/** Puts configuration files aside under the name that dpkg finds them by when it configures. */
export function withConffilesAside({ packages, tree }: UnpackedBase): Entry[] {
  const aside = new Set(packages.flatMap(conffilesOf).map(({ path }) => path));
  const placed = (path: ByteString) => (aside.has(path) ? `${path}.dpkg-new` : path);
  return [...tree.values()].map((entry) => ({
    ...entry,
    path: placed(entry.path),
    ...(entry.type === 'hardlink' && { target: placed(entry.target) }),
  }));
}

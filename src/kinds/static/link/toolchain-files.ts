import { posix } from 'node:path';
import { fromByteString, toByteString } from '../../../base/byte-string.ts';
import { parseParagraph } from '../../../packages/deb/index/paragraph.ts';
import { mergedPath } from '../../../packages/deb/unpack/usr-merge.ts';
import type { Entry } from '../../../tar/entry.ts';
import { fileAt, readAt } from '../output.ts';

/** The folder in which a builder records its packages (packages/deb/unpack/package-records.ts). */
const records = 'var/lib/dpkg/status.d';
const checksums = '.md5sums';

/** A package of the toolchain as the builder has it. */
export interface ToolchainPackage {
  readonly name: string;
  /** Its control stanza. */
  readonly control: string;
  /**
   * Its copyright file, or that of another package of its source: only to such a one may a package's
   * folder of documents be a link (Debian Policy 12.5), and slimming takes the link. Undefined when
   * none is left.
   */
  readonly copyright: string | undefined;
}

/** The packages of a step's builder and the files that they ship. */
export interface ToolchainFiles {
  /** The package that ships a file of the builder; undefined when none does. */
  owner(file: string): string | undefined;
  package(name: string): Promise<ToolchainPackage | undefined>;
}

/**
 * Shell words that add to "$@", seen from /, what `toolchainFiles` reads: the packages' records and
 * copyright files, and the links among the archives, which no package has a checksum of.
 */
export const addToolchainFiles = `for each in ${records} usr/share/doc/*/copyright; do
  if test -e "$each"; then set -- "$@" "$each"; fi
done
for each in usr/lib/*.a usr/lib/*/*.a; do
  if test -L "$each"; then set -- "$@" "$each"; fi
done`;

/** Far beyond a package's list of files, and GCC's copyright, the longest. */
const largest = 16 * 1024 ** 2;

async function textAt(builder: readonly Entry[], path: string): Promise<string | undefined> {
  const entry = fileAt(builder, path);
  if (entry === undefined || entry.size > largest) return undefined;
  return (await readAt(entry, 0, entry.size)).toString('utf8');
}

/** Returns names of packages by the paths that they ship, as the tree has them (deb-md5sums(5)). */
async function ownersIn(builder: readonly Entry[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const { path } of builder) {
    if (!path.startsWith(`${records}/`) || !path.endsWith(checksums)) continue;
    const name = path.slice(records.length + 1, -checksums.length);
    const text = (await textAt(builder, path)) ?? '';
    for (const [, file = ''] of text.matchAll(/^[0-9a-f]{32} [ *](.+)$/gm)) {
      // Only files that can be linked; a builder has tens of thousands.
      if (/\.[ao]$/.test(file)) owners.set(fromByteString(mergedPath(toByteString(file))), name);
    }
  }
  return owners;
}

const copyrightPath = (name: string) => `usr/share/doc/${name}/copyright`;

/** Returns the source package and version that a stanza states or implies (Debian Policy 5.6.1). */
function sourceIn(control: string): string {
  const fields = parseParagraph(control);
  const source = fields.get('source') ?? fields.get('package') ?? '';
  return source.includes('(') ? source : `${source} (${fields.get('version')})`;
}

async function copyrightOf(
  builder: readonly Entry[],
  name: string,
  control: string,
): Promise<string | undefined> {
  const text = await textAt(builder, copyrightPath(name));
  if (text !== undefined) return text;
  for (const { path } of builder) {
    const [, other = ''] = /^usr\/share\/doc\/([^/]+)\/copyright$/.exec(path) ?? [];
    const stanza = other === '' ? undefined : await textAt(builder, `${records}/${other}`);
    if (stanza && sourceIn(stanza) === sourceIn(control)) return textAt(builder, path);
  }
  return undefined;
}

/** Reads what a step handed over of its builder. Errors: IO. */
export async function toolchainFiles(builder: readonly Entry[]): Promise<ToolchainFiles> {
  const owners = await ownersIn(builder);
  const links = new Map(
    builder.flatMap((entry) =>
      entry.type === 'symlink' ? [[entry.path, fromByteString(entry.target)] as const] : [],
    ),
  );
  return {
    owner(file) {
      const path = fromByteString(mergedPath(toByteString(file.slice(1))));
      const target = links.get(toByteString(path));
      const aim = target && posix.resolve('/', posix.dirname(path), target).slice(1);
      return owners.get(path) ?? (aim === undefined ? undefined : owners.get(aim));
    },
    async package(name) {
      const control = await textAt(builder, `${records}/${name}`);
      if (control === undefined) return undefined;
      return { name, control, copyright: await copyrightOf(builder, name, control) };
    },
  };
}

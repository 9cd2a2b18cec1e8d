import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { file, tarOf } from './tar.ts';

/** A package as it lies in a repository. */
export interface BuiltAlpm {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Lines of its .PKGINFO: key → values. */
  readonly info: Readonly<Record<string, readonly string[]>>;
}

const list = (info: BuiltAlpm['info'], key: string) => info[key] ?? [];

/** Lies of a database: fields that take the place of the true ones. */
export type Lies = Readonly<Record<string, readonly string[]>>;

/** The `desc` that repo-add writes of a package. */
export function repoAddDesc({ file: name, bytes, info }: BuiltAlpm, lies: Lies = {}): string {
  const fields: Record<string, readonly string[]> = {
    FILENAME: [name],
    NAME: list(info, 'pkgname'),
    BASE: list(info, 'pkgbase'),
    VERSION: list(info, 'pkgver'),
    DESC: list(info, 'pkgdesc'),
    GROUPS: list(info, 'group'),
    CSIZE: [String(bytes.length)],
    ISIZE: list(info, 'size'),
    SHA256SUM: [createHash('sha256').update(bytes).digest('hex')],
    URL: list(info, 'url'),
    LICENSE: list(info, 'license'),
    ARCH: list(info, 'arch'),
    BUILDDATE: list(info, 'builddate'),
    PACKAGER: list(info, 'packager'),
    CONFLICTS: list(info, 'conflict'),
    PROVIDES: list(info, 'provides'),
    DEPENDS: list(info, 'depend'),
    OPTDEPENDS: list(info, 'optdepend'),
    ...lies,
  };
  return Object.entries(fields)
    .filter(([, lines]) => lines.length > 0)
    .map(([key, lines]) => `%${key}%\n${lines.join('\n')}\n\n`)
    .join('');
}

/** A database as repo-add makes it, gzipped. */
export async function repoAddDatabase(
  packages: readonly BuiltAlpm[],
  lies: Readonly<Record<string, Lies>> = {},
): Promise<Buffer> {
  const entries = packages.map((each) => {
    const [name = ''] = list(each.info, 'pkgname');
    const [version = ''] = lies[name]?.VERSION ?? list(each.info, 'pkgver');
    return file(`${name}-${version}/desc`, repoAddDesc(each, lies[name]));
  });
  return gzipSync(await tarOf(entries));
}

import { parseDesc } from '../../../src/packages/alpm/desc.ts';
import { parseMtree } from '../../../src/packages/alpm/mtree.ts';
import { statedPackage } from '../../../src/packages/alpm/package-info.ts';
import { readPackageInfo } from '../../../src/packages/alpm/read-package.ts';
import { readSyncDatabase } from '../../../src/packages/alpm/sync-database.ts';
import { type BuiltAlpm, repoAddDatabase, repoAddDesc } from '../../support/alpm.ts';
import { file, tarOf } from '../../support/tar.ts';
import { Finding, isSyntaxError, type Reader } from '../reader.ts';
import { streamed } from './bytes.ts';

const info = `pkgname = bash
pkgver = 2:5.2-1
builddate = 1780000000
arch = x86_64
license = MIT OR 0BSD
depend = glibc>=2.40
`;

const built: BuiltAlpm = {
  file: 'bash-5.2-1-any.pkg.tar.zst',
  bytes: Buffer.from('x'),
  info: { pkgname: ['bash'], pkgver: ['5.2-1'], arch: ['any'], provides: ['sh'] },
};

/** Refuses to take for a name what leads out, or is an option. */
function checkNames(names: Iterable<string>): void {
  for (const name of names) {
    if (/^[-./]|\//.test(name)) throw new Finding(`${JSON.stringify(name)} is no name`);
  }
}

const alpmPackage: Reader = {
  name: 'alpm-package',
  form: 'bytes',
  seeds: async () => [await tarOf([file('.PKGINFO', info), file('usr', 'x')])],
  read: async (input) => {
    const stated = statedPackage(await readPackageInfo(streamed(input), 'input'), 'input');
    checkNames([stated.name, stated.version, stated.base]);
    return stated;
  },
  words: ['pkgname = ', 'pkgver = ', '../', '--root', '\n'],
};

const alpmDatabase: Reader = {
  name: 'alpm-database',
  form: 'bytes',
  seeds: async () => [
    await repoAddDatabase([built]),
    await tarOf([file('bash-5.2-1/desc', repoAddDesc(built))]),
  ],
  read: async (input) => {
    const { packages } = await readSyncDatabase(input, 'core', 'core.db');
    checkNames([...packages.values()].flatMap(({ name, version, file }) => [name, version, file]));
    return [...packages.values()];
  },
  words: ['%NAME%', '%FILENAME%', '../', '--root', '\n\n'],
};

const alpmDesc: Reader = {
  name: 'alpm-desc',
  form: 'text',
  seeds: async () => [Buffer.from(repoAddDesc(built))],
  read: async (input) => [...parseDesc(input.toString('utf8'))],
  refuses: isSyntaxError,
  words: ['%NAME%', '%', '\n\n'],
};

const alpmMtree: Reader = {
  name: 'alpm-mtree',
  form: 'text',
  seeds: async () => [
    Buffer.from(
      '#mtree\n/set type=file uid=0 mode=644\n./usr time=1.0 type=dir\n./usr/a\\040b sha256digest=00\n./usr/sh type=link link=a\n',
    ),
  ],
  read: async (input) => [...parseMtree(input.toString('latin1'))],
  refuses: isSyntaxError,
  words: ['/set ', '/unset ', './', '\\000', 'type=link'],
};

/** Readers of what repositories and databases of pacman have. */
export const alpms: readonly Reader[] = [alpmPackage, alpmDatabase, alpmDesc, alpmMtree];

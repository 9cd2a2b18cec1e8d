import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRpmDatabase } from '../../../src/packages/rpm/installed/database.ts';
import { installedHeaders } from '../../../src/packages/rpm/installed/rpmdb.ts';
import { sqliteRows } from '../../../src/packages/rpm/installed/sqlite.ts';
import { rootfsView } from '../../../src/rootfs/view.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { buildRpms, everyKind } from '../../support/rpm/build.ts';
import { rpmDatabase } from '../../support/rpm/database.ts';
import { fileTags } from '../../support/rpm/writer.ts';

/** Many packages, one with a list of files that goes over many pages. */
const many = `${everyKind}
${Array.from({ length: 40 }, (_, at) => `%package -n small${at}\nSummary: One of many\n%description -n small${at}\n%{summary}.\n%files -n small${at}\n%dir /var/lib/kind`).join('\n')}
%package -n long
Summary: A long list
%description -n long
%{summary}.
%files -n long
${Array.from({ length: 600 }, (_, at) => `%ghost /var/lib/a-rather-long-name-of-a-file-${at}`).join('\n')}
`;

let folder: string;
let bytes: Buffer;

const rpm = (...args: string[]) =>
  execFileSync('rpm', ['--dbpath', join(folder, 'db'), ...args], {
    maxBuffer: 2 ** 26,
    stdio: 'pipe',
  });

beforeAll(() => {
  folder = temporaryFolder({ lasting: true });
  const spec = many.replace(
    '%install\n',
    `%install\nmkdir -p %{buildroot}/var/lib; for n in $(seq 0 599); do : >%{buildroot}/var/lib/a-rather-long-name-of-a-file-$n; done\n`,
  );
  const flags = [
    '--nodeps',
    '--justdb',
    '--noscripts',
    '--nosignature',
    '--ignorearch',
    '--replacefiles',
  ];
  rpm('-i', ...flags, ...buildRpms(folder, spec));
  bytes = readFileSync(join(folder, 'db/rpmdb.sqlite'));
});

const file = (path: string, content: Buffer): Entry => ({
  path,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0,
  xattrs: [],
  size: content.length,
  content: { bytes: content },
});

const viewOf = (path: string, content = bytes) => rootfsView([file(path, content)]);

test('a database whose rows share their bytes is refused before they fill the memory', () => {
  const pageSize = 512;
  const shared = rpmDatabase(
    [
      { 1000: 'x'.repeat(100_000), 1001: '1', 1002: '1' },
      { 1000: 'y', 1001: '1', 1002: '1' },
    ],
    pageSize,
  );
  expect([...sqliteRows(shared, 'Packages')]).toHaveLength(2);
  const pages = Array.from({ length: shared.length / pageSize }, (_, at) => at * pageSize);
  const leaf = pages.find((at) => shared[at] === 13 && shared.readUInt16BE(at + 3) === 2)!;
  // Both cells are the one of the long row.
  const [first, second] = [shared.readUInt16BE(leaf + 8), shared.readUInt16BE(leaf + 10)];
  shared.writeUInt16BE(first, leaf + 10);
  expect(second).not.toBe(first);
  expect(() => [...sqliteRows(shared, 'Packages')]).toThrow(
    'its rows are longer than the database',
  );
});

describe('the database of rpm', () => {
  test('lists the packages that rpm lists, each with the digest of its header', () => {
    const format = '%{NAME} %{VERSION} %{RELEASE} %{SHA256HEADER}\\n';
    const expected = rpm('-qa', '--qf', format).toString().trim().split('\n').sort();
    expect(expected).toHaveLength(42);
    const found = installedHeaders(bytes).map(
      (header) =>
        `${header.text(1000)} ${header.text(1001)} ${header.text(1002)} ${header.digest()}`,
    );
    expect(found.sort()).toEqual(expected);
  });

  test.each(['usr/lib/sysimage/rpm/rpmdb.sqlite', 'var/lib/rpm/rpmdb.sqlite'])(
    'at %s says which paths are whose, with which digests',
    async (path) => {
      const packages = (await readRpmDatabase(viewOf(path)))!;
      const { record, claims } = packages.find((each) => each.record.name === 'every-kind')!;
      expect(record).toEqual({
        kind: 'rpm',
        name: 'every-kind',
        version: '2:1.2-3.td1',
        architecture: 'noarch',
        source: { name: 'every-kind', version: '1.2-3.td1' },
        maintainer: 'Tests',
        homepage: 'https://example.org/every-kind',
        licence: 'MIT AND GPL-2.0-or-later',
      });
      const digest = createHash('sha256').update('a = 1\n').digest('hex');
      expect(claims('c')).toEqual(
        expect.arrayContaining([
          {
            component: 'c',
            path: 'etc/kind.conf',
            expected: { type: 'file', algorithm: 'sha256', digest },
          },
          {
            component: 'c',
            path: 'usr/bin/link',
            expected: { type: 'symlink', target: '../bin/one' },
          },
          { component: 'c', path: 'var/lib/kind/ghost', expected: { type: 'name' } },
        ]),
      );
      expect(claims('c').map(({ path }) => path)).not.toContain('var/lib/kind');
    },
  );

  test('is not there in a rootfs without one, and is refused in older forms', async () => {
    expect(await readRpmDatabase(rootfsView([]))).toBeUndefined();
    for (const name of ['Packages', 'Packages.db']) {
      const path = `var/lib/rpm/${name}`;
      await expect(readRpmDatabase(viewOf(path))).rejects.toThrow(`${path} is of`);
    }
  });

  test('that names a package otherwise than its header was signed is refused', async () => {
    const other = Buffer.from(bytes);
    const at = other.indexOf('small7\0');
    other.write('small6', at);
    await expect(readRpmDatabase(viewOf('var/lib/rpm/rpmdb.sqlite', other))).rejects.toThrow(
      'the header of small6 was changed since it was installed',
    );
  });

  test('with a path that leads out, or a version that is none, is refused before it is used', async () => {
    const plain = { 1000: 'a', 1001: '1', 1002: '2' };
    const odd = [
      { ...plain, ...fileTags([{ path: '/../etc/passwd' }]) },
      { ...plain, 1001: '1-2' },
      { 1000: 'a', 1001: '1' },
    ];
    for (const tags of odd) {
      const view = viewOf('var/lib/rpm/rpmdb.sqlite', rpmDatabase([tags]));
      await expect(readRpmDatabase(view)).rejects.toThrow(SyntaxError);
    }
  });

  test('that is cut or changed anywhere is read, or refused as such, and the reader ends', async () => {
    expect(() => installedHeaders(bytes.subarray(0, 5000))).toThrow(SyntaxError);
    for (let step = 0; step < 600; step += 1) {
      const other = Buffer.from(bytes);
      const at = step < 300 ? step : (step * 7919) % bytes.length;
      other[at] = other[at]! ^ (step % 2 === 0 ? 0xff : 0x01);
      try {
        for (const _ of sqliteRows(other, 'Packages'));
        installedHeaders(other);
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(SyntaxError);
      }
    }
  });
});

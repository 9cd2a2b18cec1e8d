import { describe, expect, test } from 'vitest';
import { linkedPrograms } from '../../../../src/kinds/static/link/linked.ts';
import { file, symlink } from '../../../support/tar.ts';

const records = 'var/lib/dpkg/status.d';
const libc = '/usr/lib/x86_64-linux-gnu/libc.a';

const stanza = (name: string, more = '') =>
  `Package: ${name}\nVersion: 2.41-12\nArchitecture: amd64\n${more}`;

const sum = 'd41d8cd98f00b204e9800998ecf8427e';

const builder = [
  file(`${records}/libc6-dev`, stanza('libc6-dev', 'Source: glibc\n')),
  file(
    `${records}/libc6-dev.md5sums`,
    `${sum}  usr/lib/x86_64-linux-gnu/libc.a\n${sum}  lib/x86_64-linux-gnu/crt1.o\n${sum}  usr/include/stdio.h\n`,
  ),
  file('usr/share/doc/libc6-dev/copyright', 'of the C library'),
  file(`${records}/libgcc-14-dev`, stanza('libgcc-14-dev', 'Source: gcc-14\n')),
  file(`${records}/libgcc-14-dev.md5sums`, `${sum}  usr/lib/gcc/x86_64-linux-gnu/14/libgcc.a\n`),
  file(`${records}/gcc-14-base`, stanza('gcc-14-base', 'Source: gcc-14 (2.41-12)\n')),
  file('usr/share/doc/gcc-14-base/copyright', 'of GCC'),
  file(`${records}/libpng-dev.md5sums`, `${sum}  usr/lib/x86_64-linux-gnu/libpng16.a\n`),
  file(`${records}/libpng-dev`, stanza('libpng-dev')),
  symlink('usr/lib/x86_64-linux-gnu/libpng.a', 'libpng16.a'),
];

const trace = (place: string, ...lines: string[]) =>
  file(`links${place}.trace`, ['/build/src', ...lines, ''].join('\n'));

const linked = (place: string, ...built: ReturnType<typeof trace>[]) =>
  linkedPrograms([{ path: '/demo', place }], built, builder);

describe('linkedPrograms', () => {
  test('names what the linker took, and the packages that ship it, with their copyright', async () => {
    const { programs, packages } = await linked(
      '/build/src/demo',
      trace(
        '/build/src/demo',
        '/lib/x86_64-linux-gnu/crt1.o',
        'main.o',
        '/tmp/ccRandom.ltrans0.ltrans.o',
        '(libown.a)part.o',
        `(${libc})puts.o`,
        `(${libc})printf.o`,
        '(/usr/lib/gcc/x86_64-linux-gnu/14/libgcc.a)_muldi3.o',
      ),
    );
    expect(programs).toEqual([
      {
        path: '/demo',
        inputs: [
          { file: '/lib/x86_64-linux-gnu/crt1.o', package: 'libc6-dev' },
          {
            file: '/usr/lib/gcc/x86_64-linux-gnu/14/libgcc.a',
            members: ['_muldi3.o'],
            package: 'libgcc-14-dev',
          },
          { file: libc, members: ['printf.o', 'puts.o'], package: 'libc6-dev' },
        ],
      },
    ]);
    expect(packages.map(({ name, copyright }) => [name, copyright])).toEqual([
      ['libc6-dev', 'of the C library'],
      // Its own was a link to that of another package of its source.
      ['libgcc-14-dev', 'of GCC'],
    ]);
  });

  test('finds the package of an archive that was linked by the name of a link', async () => {
    const member = '(/usr/lib/x86_64-linux-gnu/libpng.a)png.o';
    const { programs } = await linked('/build/src/demo', trace('/build/src/demo', member));
    expect(programs[0]?.inputs?.[0]?.package).toBe('libpng-dev');
  });

  test("says of a file that no package ships that it is nobody's", async () => {
    const { programs, packages } = await linked(
      '/build/src/demo',
      trace('/build/src/demo', '/opt/mystery.o'),
    );
    expect(programs[0]?.inputs).toEqual([{ file: '/opt/mystery.o', package: undefined }]);
    expect(packages).toEqual([]);
  });

  test('follows what was linked before into what was linked of it, in whatever ring', async () => {
    const { programs } = await linked(
      '/build/src/demo',
      trace('/build/src/demo', 'all.o'),
      trace('/build/src/all.o', 'all.o', `(${libc})puts.o`),
    );
    expect(programs[0]?.inputs).toEqual([
      { file: libc, members: ['puts.o'], package: 'libc6-dev' },
    ]);
  });

  test.each([
    ['/build/src/busybox_unstripped', '/build/src/busybox'],
    ['/build/src/.libs/lt-tool', '/build/src/tool'],
    ['/build/src/src/tool', '/build/src/inst/usr/bin/tool'],
  ])('takes the link of %s for the program %s', async (link, place) => {
    const { programs } = await linked(place, trace(link, `(${libc})puts.o`));
    expect(programs[0]?.inputs).toHaveLength(1);
  });

  test('knows nothing of a program without a record, or with two that could be its', async () => {
    const two = [trace('/build/src/a/demo', 'x.o'), trace('/build/src/b/demo', 'y.o')];
    expect((await linked('/build/src/demo')).programs[0]?.inputs).toBeUndefined();
    expect((await linked('/build/src/demo', ...two)).programs[0]?.inputs).toBeUndefined();
  });

  test('does not believe what the build says of the builder', async () => {
    const forged = file(`${records}/evil.md5sums`, `${sum}  opt/mystery.o\n`);
    const { programs } = await linked(
      '/build/src/demo',
      trace('/build/src/demo', '/opt/mystery.o'),
      forged,
    );
    expect(programs[0]?.inputs?.[0]?.package).toBeUndefined();
  });
});

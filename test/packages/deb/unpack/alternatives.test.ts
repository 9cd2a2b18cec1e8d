import { describe, expect, test } from 'vitest';
import { alternativeLinks } from '../../../../src/packages/deb/unpack/alternatives.ts';

/** The links of scripts, as `link -> target`, where the paths given are there. */
function links(scripts: readonly string[], paths: readonly string[]): string[] {
  const all = scripts.map((text) => Buffer.from(text));
  return alternativeLinks([...all, undefined], (path) => paths.includes(path), 7).map((entry) =>
    entry.type === 'symlink' ? `${entry.path} -> ${entry.target}` : entry.type,
  );
}

const mawk = `#!/bin/sh
set -e
if [ "$1" = "configure" ]; then
        update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5 \\
            --slave /usr/share/man/man1/awk.1.gz awk.1.gz /usr/share/man/man1/mawk.1.gz \\
            --slave /usr/bin/nawk nawk /usr/bin/mawk
fi
`;
const gawk = `update-alternatives --quiet --install /usr/bin/awk awk /usr/bin/gawk 10 --force\n`;

describe('alternativeLinks', () => {
  test('makes a link over /etc/alternatives, and those that follow it, without manual pages', () => {
    const there = ['usr/bin/mawk', 'usr/share/man/man1/mawk.1.gz'];
    expect(links([mawk], there)).toEqual([
      'usr/bin/awk -> /etc/alternatives/awk',
      'etc/alternatives/awk -> /usr/bin/mawk',
      'usr/bin/nawk -> /etc/alternatives/nawk',
      'etc/alternatives/nawk -> /usr/bin/mawk',
    ]);
  });

  test('takes the choice of the highest priority, in whatever order the packages come', () => {
    const there = ['usr/bin/mawk', 'usr/bin/gawk'];
    const made = ['usr/bin/awk -> /etc/alternatives/awk', 'etc/alternatives/awk -> /usr/bin/gawk'];
    expect(links([mawk, gawk], there)).toEqual(made);
    expect(links([gawk, mawk], there)).toEqual(made);
  });

  test('leaves alone what a package ships, and what leads nowhere', () => {
    expect(links([mawk], ['usr/bin/mawk', 'usr/bin/awk', 'usr/bin/nawk'])).toEqual([]);
    expect(links([mawk], [])).toEqual([]);
    expect(links([mawk, gawk], ['usr/bin/mawk'])).toHaveLength(4);
  });

  test('places a link below /lib in /usr, where that leads', () => {
    const cpp = 'update-alternatives --quiet --install /lib/cpp cpp /usr/bin/cpp 10\n';
    expect(links([cpp], ['usr/bin/cpp'])).toContain('usr/lib/cpp -> /etc/alternatives/cpp');
  });

  test('reads a version that a script keeps in a variable, as automake does, and none that changes', () => {
    const calls = `update-alternatives --install /usr/bin/automake automake \\
\t/usr/bin/automake-$ver $prio --slave /usr/bin/aclocal aclocal /usr/bin/aclocal-\${ver}
`;
    const there = ['usr/bin/automake-1.17', 'usr/bin/aclocal-1.17'];
    expect(links([`#!/bin/sh\nver=1.17\nprio=35\n\n${calls}`], there)).toEqual([
      'usr/bin/automake -> /etc/alternatives/automake',
      'etc/alternatives/automake -> /usr/bin/automake-1.17',
      'usr/bin/aclocal -> /etc/alternatives/aclocal',
      'etc/alternatives/aclocal -> /usr/bin/aclocal-1.17',
    ]);
    expect(links([`ver=1.17\nver=1.16\nprio=35\n${calls}`], there)).toEqual([]);
    expect(links([`ver=$(automake --version)\nprio=35\n${calls}`], there)).toEqual([]);
  });

  test('stops at what only a shell could work out', () => {
    const xz = `update-alternatives --install /usr/bin/lzma lzma /usr/bin/xz 20 $(
  slave /usr/bin unlzma unxz)
for v in 1 2; do update-alternatives --install /usr/bin/x x "/usr/bin/x-$v" 10; done
update-alternatives --install /usr/bin/y y \${prefix}/bin/y 10
update-alternatives \\
    --install /usr/bin/cc cc /usr/bin/gcc 20 \\
    #--slave /usr/bin/c9 c9 /usr/bin/gcc
`;
    const there = ['usr/bin/xz', 'usr/bin/x-1', 'usr/bin/gcc', 'bin/y'];
    expect(links([xz], there)).toEqual([
      'usr/bin/lzma -> /etc/alternatives/lzma',
      'etc/alternatives/lzma -> /usr/bin/xz',
      'usr/bin/cc -> /etc/alternatives/cc',
      'etc/alternatives/cc -> /usr/bin/gcc',
    ]);
  });

  test.each([
    'update-alternatives --install /usr/bin/a ../../shadow /usr/bin/b 1',
    'update-alternatives --install usr/bin/a a /usr/bin/b 1',
    'update-alternatives --install /usr/bin/a',
    'update-alternatives --remove a /usr/bin/b',
    '# update-alternatives --install /usr/bin/a a /usr/bin/b 1',
  ])('makes nothing of %s', (line) => {
    expect(links([line], ['usr/bin/b'])).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { directory, file, hardlink } from '../support/tar.ts';
import { canonical, paths } from './assemble.ts';

describe('slim:', () => {
  const layer = [
    directory('usr/share/doc', { mode: 0o700 }),
    directory('usr/share/doc/a'),
    file('usr/share/doc/a/copyright', 'a'),
    file('usr/share/doc/a/readme'),
    file('usr/share/doc/b'),
    file('usr/share/docs'),
    file('usr/lib/x.a'),
    file('usr/lib/deep/y.a'),
  ];
  const slimmed = async (rule: object) => {
    const overlays = { slim: [{ reason: 'test', ...rule }] };
    return paths(await canonical([layer], { overlays })).filter(
      (path) => !/^usr(\/[a-z]+)?$/.test(path),
    );
  };

  test('drops a folder with all beneath it', async () => {
    expect(await slimmed({ drop: '/usr/share/doc' })).toEqual([
      'usr/lib/deep',
      'usr/lib/deep/y.a',
      'usr/lib/x.a',
      'usr/share/docs',
    ]);
  });

  test('drops what is in a folder that no entry describes', async () => {
    expect(await slimmed({ drop: '/usr/share/doc/a' })).not.toContain('usr/share/doc/a/readme');
  });

  test('leaves the folder itself with a trailing /**, and what keep names', async () => {
    const rule = { drop: '/usr/share/doc/**', keep: ['/usr/share/doc/*/copyright'] };
    expect((await slimmed(rule)).filter((path) => path.includes('doc'))).toEqual([
      'usr/share/doc',
      'usr/share/doc/a',
      'usr/share/doc/a/copyright',
      'usr/share/docs',
    ]);
  });

  test('keeps the folders above what is kept, as they were', async () => {
    const overlays = {
      slim: [{ reason: 'test', drop: '/usr/share', keep: ['/usr/share/doc/a/copyright'] }],
    };
    const entries = await canonical([layer], { overlays });
    expect(entries.find(({ path }) => path === 'usr/share/doc')).toMatchObject({ mode: 0o700 });
  });

  test('matches * inside one name and ** at any depth', async () => {
    expect((await slimmed({ drop: '/usr/lib/*.a' })).filter((path) => path.endsWith('.a'))).toEqual(
      ['usr/lib/deep/y.a'],
    );
    expect((await slimmed({ drop: '/**/*.a' })).filter((path) => path.endsWith('.a'))).toEqual([]);
    expect((await slimmed({ drop: '/usr/**/y.a' })).filter((path) => path.endsWith('.a'))).toEqual([
      'usr/lib/x.a',
    ]);
  });

  test('leaves alone what was placed, with the folders above it, but not what is beneath', async () => {
    const overlays = { slim: [{ reason: 'test', drop: '/usr/share/doc' }] };
    const placed = ['/usr/share/doc/a', '/usr/share/doc/b', '/usr/share/doc/not-there'];
    const left = paths(await canonical([layer], { overlays, placed }));
    expect(left.filter((path) => path.includes('doc/'))).toEqual([
      'usr/share/doc/a',
      'usr/share/doc/b',
    ]);
  });

  test('hands a hard-linked file on to the names that stay', async () => {
    const overlays = { slim: [{ drop: '/a', reason: 'test' }] };
    const entries = await canonical([[file('a', 'x'), hardlink('b', 'a'), hardlink('c', 'a')]], {
      overlays,
    });
    expect(entries).toMatchObject([file('b', 'x'), hardlink('c', 'b')]);
  });
});

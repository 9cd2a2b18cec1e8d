import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/base/events.ts';
import { assembleRootfs } from '../../src/rootfs/rootfs.ts';
import { device, directory, entriesOf, fifo, file, hardlink, symlink } from '../support/tar.ts';
import { base, canonical, quiet, recipe, refused } from './assemble.ts';

describe('the policy refuses', () => {
  test('whiteouts, wherever they stand in a path', async () => {
    await refused([[file('etc/.wh.passwd')]], '"etc/.wh.passwd" is a whiteout');
    await refused([[file('.wh..wh..opq')]], 'is a whiteout');
    await refused([[file('a/.wh.b/c')]], 'is a whiteout');
    await refused([[file('a/.wh.b')]], 'is a whiteout', { allow: 'listed' });
  });

  test('a path through a symlink or a file, in one layer or over several', async () => {
    const link = symlink('x', '/etc');
    const through = 'reached through "x", a symlink to "/etc"';
    await refused([[link, file('x/passwd')]], through);
    await refused([[file('x/passwd'), link]], through);
    await refused([[link], [file('x/passwd')]], through, { allow: 'listed' });
    await refused([[file('f'), file('f/a/b')]], 'beneath "f", a file');
    const own = { path: '/x', symlink: '/etc' };
    const overlay = { files: [own, { path: '/x/passwd', content: '' }] };
    await refused([[]], through, { overlays: overlay });
  });

  test('a folder in place of anything else, and the other way round', async () => {
    await refused([[symlink('x', '/etc')], [directory('x')]], 'is a symlink already');
    await refused([[file('x')], [directory('x')]], 'is a file already');
    await refused([[directory('x'), file('x/y')], [file('x')]], 'is a directory already');
    await refused([[directory('x'), symlink('x', '/etc')]], 'cannot become a symlink');
  });

  test('a name that comes twice in one archive, save folders, of which the last counts', async () => {
    await refused([[file('a', '1'), file('a', '2')]], '"a" is there twice');
    await refused([[file('a', '1'), symlink('a', 'b')]], 'is there twice');
    await refused([[file('a'), hardlink('b', 'a'), hardlink('b', 'a')]], 'is there twice');
    const layer = [directory('d', { mode: 0o700 }), directory('d', { mode: 0o711 })];
    expect(await canonical([layer])).toMatchObject([{ path: 'd', mode: 0o711 }]);
  });

  test('a hard link to nothing, to what comes after it, to itself and to what is no file', async () => {
    await refused([[hardlink('a', 'etc/shadow')]], 'hard link to "etc/shadow", which is not there');
    await refused([[hardlink('a', 'b'), file('b')]], 'not there before it');
    await refused([[hardlink('a', 'a')]], 'not there before it');
    await refused([[directory('d'), hardlink('a', 'd')]], 'is a directory, not a file');
    await refused([[fifo('p'), hardlink('a', 'p')]], 'is a fifo, not a file');
  });

  const special = [
    device('dev/null', 'character', 1, 3, { mode: 0o666 }),
    device('dev/sda', 'block', 8, 0),
    file('usr/bin/expiry', 'x', { mode: 0o2755 }),
    file('usr/bin/ping', 'x', { xattrs: [['security.capability', '\x01\0\0\x02\xff']] }),
    file('usr/bin/su', 'x', { mode: 0o4755 }),
  ];

  test('devices, setuid and setgid files and extended attributes nobody declared', async () => {
    await refused([special], '"dev/null" is a character device');
    await refused([special], '"dev/sda" is a block device');
    await refused([special], '"usr/bin/su" is setuid (mode 4755)');
    await refused([special], '"usr/bin/expiry" is setgid (mode 2755)');
    await refused([special], '"usr/bin/ping" has extended attributes ("security.capability")');
    await refused([special], '"usr/bin/su"', { allow: ['usr/bin/ping', 'dev/null'] });
  });

  test('none of those that are declared, which survive exactly and are reported', async () => {
    for (const allow of ['listed', special.map(({ path }) => path)] as const) {
      const events: Event[] = [];
      const io = { ...quiet, emit: (event: Event) => events.push(event) };
      const target = join(base, `special-${allow.length}.tar`);
      const input = { layers: [special], recipe: recipe(), epoch: 0, allow, file: target };
      await assembleRootfs(input, io);
      const written = await entriesOf(readFileSync(target));
      expect(written.filter(({ type }) => type !== 'directory')).toEqual(special);
      const lines = events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
      expect(lines).toHaveLength(5);
      expect(lines).toContain('kept: "usr/bin/su" is setuid (mode 4755)');
    }
  });

  test('not a mode that the recipe itself gives', async () => {
    const overlays = { files: [{ path: '/su', content: 'x', mode: '4755' }] };
    expect(await canonical([[]], { overlays })).toMatchObject([{ path: 'su', mode: 0o4755 }]);
  });

  test('all at once, the first twenty by name', async () => {
    const layer = Array.from({ length: 25 }, (_, index) => file(`f${index}`, '', { mode: 0o4755 }));
    const error = await canonical([layer]).catch((thrown: Error) => thrown);
    const lines = (error as Error).message.split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[20]).toContain('"f19"');
    expect(lines[21]).toBe('  and 5 more');
  });
});

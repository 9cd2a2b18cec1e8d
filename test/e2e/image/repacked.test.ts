import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeImage } from '../../../src/outputs/place.ts';
import { canonicalOrder } from '../../../src/rootfs/canonical.ts';
import { mergeLayers } from '../../../src/rootfs/tree.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { imageOf, makeRootfs, quietIo } from '../../support/image.ts';
import { device, directory, fifo, file, hardlink, symlink } from '../../support/tar.ts';
import { type Containerd, ownContainerd } from '../support/containerd.ts';
import { missing, works } from '../support/engines.ts';

const reason =
  missing('the tests do not run as root', process.getuid?.() === 0) ??
  missing('containerd is not installed', works('ctr', '--help'));

/** Bytes as `Entry` has them. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

const deep = (parts: number, name = 'a-folder-with-a-name') =>
  Array.from({ length: parts }, (_, index) => `${name}-${index}`).join('/');

/** cap_net_raw, permitted and effective (capabilities(7)). */
const capability = '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
const capable = { mode: 0o755, xattrs: [['security.capability', capability]] } as const;

const trees: Record<string, readonly Entry[]> = {
  'plain files': [
    directory('etc', { mtime: 1_000_000 }),
    file('etc/hello', 'hi', { mode: 0o640, uid: 7, gid: 42 }),
    file('etc.conf', 'x'.repeat(70_000)),
    symlink('lib', 'usr/lib'),
    directory('tmp', { mode: 0o1777 }),
    file('bin/su', '', { mode: 0o4755 }),
  ],
  'names that ustar splits': [
    file(`${deep(6)}/file`, 'x'),
    directory(`${deep(7)}`),
    file(`${'n'.repeat(100)}`),
    directory('n'.repeat(99).replace(/^n/, 'm')),
    file(`${'p'.repeat(155)}/${'q'.repeat(100)}`),
  ],
  'names that it cannot split': [
    file('n'.repeat(101)),
    file(`${deep(20)}/file`, 'x'),
    directory('d'.repeat(100)),
    file(`${'p'.repeat(156)}/q`),
  ],
  'names beyond ASCII': [
    file(bytes('Főtanúsítvány.crt'), 'x'),
    file('not-utf-8-\xff\xfe', 'x'),
    directory(bytes('日本語')),
    file(bytes('日本語/語'), ''),
    symlink('to-hungary', bytes('Főtanúsítvány.crt')),
  ],
  'long links': [
    symlink('far', `${deep(6)}/file`),
    file(`${deep(6)}/file`, 'x'),
    hardlink(`${deep(5)}/other`, `${deep(6)}/file`),
    hardlink('zzz', `${deep(6)}/file`),
  ],
  'large owners': [file('owned', 'x', { uid: 3_000_000, gid: 2_097_152 })],
  'file capabilities': [
    file('ping', 'x', capable),
    hardlink('ping6', 'ping', capable),
    file(`${deep(6)}/ping`, 'y', capable),
  ],
  'devices and pipes': [
    device('dev/null', 'character', 1, 3, { mode: 0o666 }),
    device('dev/sda', 'block', 8, 0, { mode: 0o660, gid: 6 }),
    fifo('run/pipe'),
  ],
};

describe.skipIf(reason)(
  `a rootfs that containerd unpacks and packs again${reason ? `: left out, ${reason}` : ''}`,
  () => {
    let folder = '';
    let containerd: Containerd | undefined;
    beforeAll(async () => {
      folder = temporaryFolder();
      containerd = await ownContainerd(join(folder, 'containerd'));
    });
    afterAll(() => containerd?.end());

    test.each(Object.entries(trees))('is the same, byte for byte: %s', async (name, entries) => {
      const tree = mergeLayers([entries], () => expect.unreachable());
      const rootfs = await makeRootfs(folder, canonicalOrder(tree, 1_700_000_000));
      const dest = join(folder, 'image.tar');
      const tags = [`mkbase/${name.replaceAll(' ', '-').toLowerCase()}`];
      const context = { outDir: folder, tags, store: undefined };
      const placed = await placeImage(imageOf(rootfs), [{ type: 'oci', dest }], context, quietIo());
      await placed.commit();
      const repacked = containerd!.repack(dest, rootfs.diffId);
      expect(repacked.equals(readFileSync(rootfs.tar))).toBe(true);
    });
  },
);

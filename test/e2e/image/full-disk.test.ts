import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputRequest } from '../../../src/outputs/contract.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { imageOf, makeRootfs, plainFile, quietIo } from '../../support/image.ts';
import { tool } from '../../support/image-cli.ts';

const folder = temporaryFolder();
const small = join(folder, 'small');

beforeAll(async () => {
  mkdirSync(small);
  await tool('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
});

afterAll(async () => {
  await tool('umount', [small]);
});

const outputs: OutputRequest[] = [
  { type: 'oci', dest: `${small}/out/image.tar` },
  { type: 'oci', dest: `${small}/out/layout/` },
  { type: 'docker', dest: `${small}/out/image.docker.tar` },
  { type: 'rootfs', dest: `${small}/out/rootfs.tar` },
];

test.each(outputs)(
  'a full disk leaves the old files and nothing else: $type $dest',
  async (output) => {
    writeFileSync(join(small, 'old'), 'old');
    const context = { outDir: folder, tags: ['a'], store: undefined };
    const large = await makeRootfs(folder, [plainFile('large', Buffer.alloc(512 * 1024, 1))]);
    await expect(placeImage(imageOf(large), [output], context, quietIo())).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining(small),
      hint: expect.stringContaining('Free some space'),
    });
    expect(readdirSync(small)).toEqual(['old']);
    expect(readFileSync(join(small, 'old'), 'utf8')).toBe('old');

    const tiny = await makeRootfs(folder, [plainFile('tiny', Buffer.from('x'))]);
    const placed = await placeImage(imageOf(tiny), [output], context, quietIo());
    expect(readdirSync(small)).toEqual(['old', 'out']);
    await placed.discard();
    expect(readdirSync(small)).toEqual(['old']);
  },
);

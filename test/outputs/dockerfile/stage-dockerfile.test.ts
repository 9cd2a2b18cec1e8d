import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../../src/base/errors.ts';
import type { OutputRequest } from '../../../src/outputs/contract.ts';
import { dockerfileText } from '../../../src/outputs/dockerfile/stage-dockerfile.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { imageOf, makeRootfs, packedImage, plainFile, quietIo } from '../../support/image.ts';

const sample = async (settings: object = {}) => {
  const folder = temporaryFolder();
  const rootfs = await makeRootfs(folder, [plainFile('file', Buffer.from('x'))]);
  return { folder, image: packedImage(imageOf(rootfs, settings)) };
};

test('a Dockerfile has every setting in the form that keeps it as it is', async () => {
  const { image } = await sample({
    entrypoint: ['/a b'],
    cmd: ['"$HOME"', 'x\ny'],
    env: { A: 'b c', QUOTED: '"$HOME"\\' },
    workdir: '/srv/data',
    user: 'app:app',
    expose: ['80', '53/udp'],
    volumes: ['/data', '/a b', '/$v'],
    labels: { 'org.example/k': 'v "$v"' },
    stopsignal: 'SIGINT',
    healthcheck: { test: ['/x'], interval: '1m', timeout: '2s', startPeriod: '5ms', retries: 2 },
  });
  const text = dockerfileText(image);
  await expect(text).toMatchFileSnapshot('../../golden/outputs/dockerfile/Dockerfile');
});

describe('an output as a Dockerfile', () => {
  const context = (outDir: string) => ({ outDir, tags: [], store: undefined });
  const to = (dest: string): OutputRequest[] => [{ type: 'dockerfile', dest }];

  test('appears whole, and leaves nothing beside it', async () => {
    const { folder, image } = await sample();
    const dest = join(folder, 'image');
    const placed = await placeImage(image, to(dest), context(folder), quietIo());
    expect(existsSync(dest)).toBe(false);
    await placed.commit();
    expect(placed.outputs).toEqual([{ type: 'dockerfile', dest }]);
    expect(readdirSync(dest).sort()).toEqual(['Dockerfile', 'rootfs.tar.xz']);
    expect(readdirSync(folder).sort()).toEqual(['image', 'rootfs.tar']);
  });

  test('takes the place of an empty folder and of an earlier one', async () => {
    const { folder, image } = await sample({ cmd: ['/old'] });
    const newer = await sample({ cmd: ['/new'] });
    const dest = join(folder, 'image');
    mkdirSync(dest);
    for (const each of [image, newer.image]) {
      await (await placeImage(each, to(dest), context(folder), quietIo())).commit();
    }
    expect(readFileSync(join(dest, 'Dockerfile'), 'utf8')).toContain('CMD ["/new"]');
  });

  test.each([
    ['a file', (dest: string) => writeFileSync(dest, ''), 'is no folder'],
    [
      'a folder with something else',
      (dest: string) => {
        mkdirSync(dest);
        writeFileSync(join(dest, 'precious'), '');
      },
      'is a folder with other things in it',
    ],
    [
      "somebody's own Dockerfile",
      (dest: string) => {
        mkdirSync(dest);
        writeFileSync(join(dest, 'Dockerfile'), 'FROM scratch\n');
      },
      'is a folder with other things in it',
    ],
  ])('refuses to replace %s', async (_, occupy, message) => {
    const { folder, image } = await sample();
    const dest = join(folder, 'image');
    occupy(dest);
    const placing = placeImage(image, to(dest), context(folder), quietIo());
    await expect(placing).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
    });
    expect(readdirSync(folder).sort()).toEqual(['image', 'rootfs.tar']);
  });

  test('stops when it is asked to, and leaves nothing', async () => {
    const { folder, image } = await sample();
    const abort = new AbortController();
    abort.abort(new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' }));
    const io = quietIo(abort.signal);
    const placing = placeImage(image, to(join(folder, 'a/b/image')), context(folder), io);
    await expect(placing).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(readdirSync(folder)).toEqual(['rootfs.tar']);
  });
});

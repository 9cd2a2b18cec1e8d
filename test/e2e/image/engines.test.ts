import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseEngine } from '../../../src/engines/choose.ts';
import { surroundingsOf } from '../../../src/engines/surroundings.ts';
import { smokeTest } from '../../../src/evidence/smoke.ts';
import type { Image } from '../../../src/image/image.ts';
import { importImage } from '../../../src/outputs/image-store/import-image.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { text as plainText } from '../../../src/recipe/schema/fields.ts';
import { smokeTest as smokeSchema } from '../../../src/recipe/schema/schema.ts';
import type { Rootfs } from '../../../src/rootfs/rootfs.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { imageOf, makeRootfs, plainFile, quietIo } from '../../support/image.ts';
import { tool } from '../../support/image-cli.ts';

const folder = temporaryFolder();
const io = quietIo();

const source = `#include <stdio.h>
int main(int count, char **words) {
  for (int at = 1; at < count; at++) printf("<%s>", words[at]);
  puts("Hello");
  return 0;
}
`;

let rootfs: Rootfs;

beforeAll(async () => {
  const program = join(folder, 'hello');
  await tool('gcc', ['-static', '-Os', '-s', '-x', 'c', '-o', program, '-'], { input: source });
  rootfs = await makeRootfs(folder, [plainFile('hello', readFileSync(program), 0o755)]);
});

const nasty = [
  '',
  ' ',
  ' x  y ',
  '"',
  '""',
  "'",
  '\\',
  '\\\\',
  '\\"',
  '$HOME',
  '$\x7bHOME}',
  '\\$HOME',
];
const words = [
  ...nasty,
  '`id`',
  '$(id)',
  '# no comment',
  'a=b',
  'ünï ☃ 💡',
  '[]',
  '["x"]',
  '\\',
  '<<E',
  '%',
  '\t',
];

const settings = {
  entrypoint: ['/hello', ...words, 'line\nbreak'],
  cmd: [...words, '-x'],
  env: Object.fromEntries(words.map((word, at) => [`V${at}`, word.replace('\t', '')])),
  workdir: '/a b/$HOME/"q"/\\x',
  user: '12:34',
  expose: ['80', '53/udp', '90/tcp'],
  volumes: ['/v', '/v w/$HOME', '/"q"', "/'q'\\"],
  labels: Object.fromEntries(words.map((word, at) => [`l.${at}`, word.replace('\t', '')])),
};

describe.each(['docker', 'podman'] as const)('%s', async (name) => {
  const engine = await chooseEngine(name, surroundingsOf(process.env), io);
  const store = engine.images!;
  const tag = `mkbase-image-test/${name}:1`;
  const context = { outDir: join(folder, name), tags: [tag], store };
  const run = (...args: string[]) => tool(name, args);

  afterAll(async () => {
    await run('rmi', '-f', tag);
  });

  /** Places, names and describes an image. */
  async function place(image: Image, output: Parameters<typeof placeImage>[1][number]) {
    const placed = await placeImage(image, [output], context, io);
    await placed.commit();
    return { placed, stored: (await store.inspect(tag, io))! };
  }

  test('import keeps the layer, and every value of the config as the recipe has it', async () => {
    const { placed, stored } = await place(imageOf(rootfs, settings), { type: 'import' });
    expect(stored.id).toBe(placed.imageId);
    const sha256 = createHash('sha256').update(readFileSync(rootfs.tar)).digest('hex');
    expect(stored.diffIds).toEqual([`sha256:${sha256}`]);
    const { Env, Entrypoint, Cmd, Labels, Volumes, ExposedPorts, WorkingDir, User } = imageOf(
      rootfs,
      settings,
    ).settings;
    expect(stored.config).toMatchObject({
      ...{ Env, Entrypoint, Cmd, Labels, Volumes, ExposedPorts, WorkingDir, User },
    });
  });

  test('import keeps any text in the environment and the labels', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const sharp = fc.string({
      unit: fc.constantFrom('"', "'", '\\', '$', '{', '}', ' ', '`', 'a', '#'),
    });
    const line = fc.oneof(text, sharp).filter((value) => plainText.safeParse(value).success);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 8, maxLength: 16 }), async (values) => {
        const entries = values.map((value, at) => [`v${at}`, value]);
        const image = imageOf(rootfs, {
          env: Object.fromEntries(entries),
          labels: Object.fromEntries(entries),
        });
        const id = await importImage(image, store, io);
        const stored = await store.inspect(id, io);
        await store.removeUntagged(id, io);
        expect(stored?.config?.Env).toEqual(image.settings.Env);
        expect(stored?.labels).toEqual(image.settings.Labels);
      }),
      { numRuns: 15 },
    );
  });

  test('import says which setting the engine cannot take, and what can', async () => {
    const only =
      name === 'docker' ? { stopsignal: 'SIGINT' } : { healthcheck: { test: ['/hello'] } };
    await expect(place(imageOf(rootfs, only), { type: 'import' })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      hint: expect.stringContaining('--output type=docker'),
    });
  });

  test('the archive loads with the config digest as the id, and runs', async () => {
    const image = imageOf(rootfs, {
      ...settings,
      workdir: '/',
      stopsignal: 'SIGINT',
      healthcheck: { test: ['/hello'], interval: '90m' },
    });
    const { placed, stored } = await place(image, { type: 'docker' });
    expect(placed.imageId).toBe(image.config.digest);
    expect(stored.id).toBe(image.config.digest);
    expect(stored.diffIds).toEqual([rootfs.diffId]);
    const printed = await run('run', '--rm', '--network', 'none', tag);
    expect(printed).toContain(`<${words[5]}>`);
    expect(printed).toMatch(/Hello$/);
  });

  test('the archive that was left behind loads again by itself, under its name', async () => {
    const image = imageOf(rootfs, { cmd: ['/hello'] });
    const { placed } = await place(image, { type: 'docker' });
    await run('rmi', '-f', tag);
    expect(await run('load', '-i', placed.outputs[0]!.dest)).toContain(tag);
    expect((await store.inspect(tag, io))?.id).toBe(image.config.digest);
    expect(await run('run', '--rm', '--network', 'none', tag)).toBe('Hello');
    await run('rmi', '-f', tag);
  });

  test('smoke tests run on an image that only goes to files, and leave nothing of it', async () => {
    const image = imageOf(rootfs, { cmd: ['/hello'], healthcheck: { test: ['/hello'] } });
    const placed = await placeImage(image, [{ type: 'oci' }], context, io);
    const tests = [
      { run: [], stdout: 'Hello' },
      { run: ['/hello', '--', '-x'], stdout: '<--><-x>Hello' },
      { run: ['/hello'], entrypoint: ['/hello'], stdout: '</hello>' },
      { run: ['/hello'], exit: 7 },
      { run: [], stdout: 'Goodbye' },
    ].map((each) => smokeSchema.parse(each));
    let id = '';
    const outcomes = await placed.tryOut((runnable) => {
      id = runnable.kind === 'stored' ? runnable.id : '';
      return smokeTest(tests, runnable, engine, io);
    });
    await placed.discard();
    expect(outcomes.map(({ passed }) => passed)).toEqual([true, true, true, false, false]);
    expect(outcomes[3]?.problem).toContain('exit code expected 7, found 0');
    expect(outcomes[4]?.problem).toContain('does not contain "Goodbye"');
    expect(await store.inspect(id, io)).toBeUndefined();
  });

  test('a second import takes the tag, and the image that lost it goes', async () => {
    const first = await place(imageOf(rootfs, { cmd: ['/hello', '1'] }), { type: 'import' });
    const second = await place(imageOf(rootfs, { cmd: ['/hello', '2'] }), { type: 'import' });
    expect(second.stored.id).not.toBe(first.stored.id);
    expect(await store.inspect(first.stored.id, io)).toBeUndefined();
    expect(await run('run', '--rm', '--network', 'none', tag)).toBe('<2>Hello');
  });

  test('an image that was discarded is gone, and the tag is where it was', async () => {
    const { stored } = await place(imageOf(rootfs, { cmd: ['/hello'] }), { type: 'import' });
    const outputs = [{ type: 'import' }, { type: 'docker' }] as const;
    const placed = await placeImage(imageOf(rootfs, { cmd: ['/other'] }), outputs, context, io);
    expect(await store.inspect(placed.imageId!, io)).toBeDefined();
    await placed.discard();
    expect(await store.inspect(placed.imageId!, io)).toBeUndefined();
    expect((await store.inspect(tag, io))?.id).toBe(stored.id);
  });

  test('a stream that is cut between two entries is noticed, and nothing of it stays', async () => {
    const two = await makeRootfs(temporaryFolder(), [
      plainFile('a', Buffer.alloc(2000)),
      plainFile('b', Buffer.alloc(2000)),
    ]);
    const cut = join(folder, 'cut.tar');
    writeFileSync(cut, readFileSync(two.tar).subarray(0, 512 + 2048));
    const imported: string[] = [];
    const spy = {
      ...store,
      inspect: (id: string) => {
        imported.push(id);
        return store.inspect(id, io);
      },
    };
    const importing = importImage(imageOf({ ...two, tar: cut }), spy, io);
    await expect(importing).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
      message: expect.stringContaining(two.diffId),
    });
    expect(await store.inspect(imported[0]!, io)).toBeUndefined();
  });
});

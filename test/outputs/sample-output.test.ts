import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildRequest } from '../../src/commands/build-request.ts';
import type { Output, OutputRequest } from '../../src/outputs/contract.ts';
import { outputForms } from '../../src/outputs/outputs.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { cachedBuild, rememberBuild } from '../../src/pipeline/build-cache.ts';
import { stage } from '../../src/store/staging.ts';
import { writeNewFile } from '../../src/store/write-whole-file.ts';
import { nextCommand } from '../../src/ui/next-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { imageOf, makeRootfs, plainFile, quietIo } from '../support/image.ts';
import { firstResult } from '../support/ui/build-events.ts';

interface LabelRequest extends OutputRequest {
  readonly ink: string;
}

/** An output that nothing in src/ knows: a file with the image's digest in some ink. */
const labelOutput = vi.hoisted(
  (): Output<LabelRequest> => ({
    name: 'label',
    place: 'file',
    isOption: true,
    keys: { ink: { values: ['red', 'blue'], elsewhere: 'only label has an ink' } },
    holdsImage: false,
    parse: ({ dest, get, refuse }) => ({
      type: 'label',
      dest: dest ?? refuse('label takes a dest'),
      ink: get('ink') ?? 'blue',
    }),
    async stage(image, { type, dest = '', ink }) {
      const bytes = `${ink} ${image.manifest.digest}\n`;
      const { commit, discard } = await stage(dest, 'file', (path) => writeNewFile(path, bytes));
      return { output: { type, dest, size: bytes.length }, commit, discard };
    },
    isCurrent: ({ dest }, earlier) => earlier.isUnchanged(dest),
    nextCommand: ({ path }) => `print ${path}`,
  }),
);

vi.mock('../../src/outputs/outputs.ts', async (importOriginal) => {
  const registry = await importOriginal<typeof import('../../src/outputs/outputs.ts')>();
  (registry.outputs as Output[]).push(labelOutput);
  return registry;
});

vi.mock('../../src/engines/still-stored.ts', () => ({ stillStored: async () => true }));

const io = quietIo();

const requestFor = (...output: string[]) =>
  buildRequest('sample', { engine: 'namespace', output, progress: 'plain' }, '/');

async function sample() {
  const folder = temporaryFolder();
  const image = imageOf(await makeRootfs(folder, [plainFile('file', Buffer.from('content'))]));
  const context = { outDir: join(folder, 'out'), tags: ['mkbase/sample'], store: undefined };
  return { folder, image, context, dest: join(folder, 'label.txt') };
}

test('an output is asked for, staged, committed, and current until its file changes', async () => {
  const { folder, image, context, dest } = await sample();
  const request = await requestFor(`type=label,dest=${dest},ink=red`);
  const placed = await placeImage(image, request.outputs, context, io);
  expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['rootfs.tar']);
  await placed.commit();
  const text = `red ${image.manifest.digest}\n`;
  expect(readFileSync(dest, 'utf8')).toBe(text);
  expect(placed.outputs).toEqual([{ type: 'label', dest, size: text.length }]);

  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const invocation = { cwd: folder, env, now: new Date() };
  const result = { ...firstResult, outputs: placed.outputs };
  await rememberBuild(request, result, { read: {}, written: [] }, invocation, io);
  expect(await cachedBuild(request, invocation, io)).toMatchObject({ outputs: placed.outputs });
  writeFileSync(dest, 'written over');
  expect(await cachedBuild(request, invocation, io)).toBeUndefined();
});

test('an output is discarded when another one of the build fails', async () => {
  const { folder, image, context, dest } = await sample();
  const { outputs } = await requestFor(`type=label,dest=${dest}`, 'type=import');
  await expect(placeImage(image, outputs, context, io)).rejects.toMatchObject({ code: 'USAGE' });
  expect(readdirSync(folder)).toEqual(['rootfs.tar']);
});

test('an output is offered by the help, by refusals and by the next command', async () => {
  expect(outputForms()).toContain('registry|label[,dest=PATH]');
  const refusal = { code: 'USAGE', hint: expect.stringContaining('type=registry or type=label;') };
  await expect(requestFor('type=lable')).rejects.toMatchObject({
    ...refusal,
    message: expect.stringContaining('did you mean label?'),
  });
  await expect(requestFor('type=oci,ink=red')).rejects.toMatchObject({
    ...refusal,
    message: expect.stringContaining('only label has an ink'),
  });
  const outputs = [{ type: 'label', dest: '/home/me/label.txt' }];
  const context = { cwd: '/home/me', runCommand: 'mkbase run sample', runnable: true };
  const result = { ...firstResult, imageId: null, outputs };
  expect(nextCommand(result, context)).toBe('print label.txt');
});

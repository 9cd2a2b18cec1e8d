import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { outerId } from '../../../src/engines/namespace/ids.ts';
import {
  addToolchain,
  hasToolchain,
  isAsMade,
  listToolchains,
  toolchainFolder,
} from '../../../src/engines/namespace/toolchains.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { recordingIo } from '../../support/store.ts';
import { tarOf } from '../../support/tar.ts';
import { busyboxToolchain, textFile } from '../../support/toolchain.ts';

const toolchain = busyboxToolchain('aa');
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let bytes: Buffer;
let tree: string;
let cacheFolder: string;
let folder: string;
beforeAll(async () => {
  bytes = await tarOf([textFile('cc', 'compiler'), textFile('ld', 'linker')]);
  tree = sha256Of(bytes);
});

async function add(tar: Uint8Array = bytes, own?: string) {
  const { io } = recordingIo();
  return addToolchain({ cacheFolder, own }, toolchain, Readable.from([tar]), await outerId(), io);
}

/** Looks for the builder; resolves to whether it is there and to what is told. */
async function look(expected = tree) {
  const { io, events } = recordingIo();
  const held = await hasToolchain(cacheFolder, toolchain, expected, io);
  const told = events.map((event) => (event.type === 'warning' ? event.warning.message : ''));
  return { held, told };
}

beforeEach(async () => {
  cacheFolder = temporaryFolder();
  folder = toolchainFolder(cacheFolder, toolchain);
  expect(await add()).toEqual({ folder, tree });
});

test('a builder that was added is found by its tree, and listed', async () => {
  expect(await look()).toEqual({ held: true, told: [] });
  const { key } = toolchain;
  expect(await listToolchains(cacheFolder)).toEqual([{ name: key, key, tree }]);
  expect(readdirSync(join(cacheFolder, 'tmp'))).toEqual([]);
});

test('none is found where there is none, and nothing is told', async () => {
  rmSync(folder, { recursive: true });
  expect(await look()).toEqual({ held: false, told: [] });
});

const inTree = (name: string) => join(folder, 'tree', name);

test.each<[string, () => void]>([
  ['one file changed', () => appendFileSync(inTree('cc'), 'trojan')],
  ['one file of the same size and other bytes', () => writeFileSync(inTree('cc'), 'COMPILER')],
  ['a file more', () => writeFileSync(inTree('evil.so'), '')],
  ['a file less', () => rmSync(inTree('ld'))],
  [
    'a link in the place of a file',
    () => {
      rmSync(inTree('ld'));
      symlinkSync('/bin/sh', inTree('ld'));
    },
  ],
  ['nothing but its marks', () => rmSync(inTree(''), { recursive: true })],
  ['no fingerprint', () => rmSync(join(folder, 'look'))],
])('a builder with %s is told, removed and made anew', async (_, change) => {
  change();
  const { held, told } = await look();
  expect(held).toBe(false);
  expect(told).toEqual([expect.stringContaining(`${folder} is not the builder busybox-test`)]);
  expect(await look()).toEqual({ held: false, told: [] });
  await add();
  expect(await look()).toEqual({ held: true, told: [] });
});

test('another builder under the key is told with both trees, and removed', async () => {
  const evil = await tarOf([textFile('cc', 'trojan')]);
  await add(evil);
  expect(await look()).toEqual({
    held: false,
    told: [expect.stringContaining(`expected tree sha256:${tree}, found sha256:${sha256Of(evil)}`)],
  });
});

test('two that are made at once are one, whoever comes first', async () => {
  rmSync(folder, { recursive: true });
  const both = await Promise.all([add(), add()]);
  expect(both).toEqual([
    { folder, tree },
    { folder, tree },
  ]);
  expect(await look()).toEqual({ held: true, told: [] });
});

test('a run that makes its own leaves the one that others use, and uses its own', async () => {
  const own = temporaryFolder();
  const made = await add(bytes, own);
  expect(made.folder.startsWith(own)).toBe(true);
  expect(await isAsMade(made.folder, tree)).toBe(true);
  expect(await look()).toEqual({ held: true, told: [] });
});

test('a run that makes its own where there is none gives it to all', async () => {
  rmSync(folder, { recursive: true });
  const own = temporaryFolder();
  expect(await add(bytes, own)).toEqual({ folder, tree });
  expect(readdirSync(own)).toEqual([]);
});

import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import {
  type BuilderRecord,
  forgetBuilders,
  knownBuilder,
  knownBuilders,
  rememberBuilder,
} from '../../src/pipeline/builder-state.ts';
import { temporaryFolder } from '../support/folder.ts';

const hash = (digit: string) => digit.repeat(64);

const builder: BuilderRecord = {
  name: 'gcc-musl',
  key: hash('a'),
  platform: 'linux/amd64',
  tree: hash('b'),
  epoch: 1704067200,
  mkbase: '1.2.3',
  inputs: [{ name: 'gcc-12', version: '12.2.0-14', sha256: hash('c') }],
};

let state: string;
const fileOf = (key: string) => join(state, 'builders', `${key}.json`);
beforeEach(async () => {
  state = join(temporaryFolder(), 'state');
  await rememberBuilder(state, builder);
});

test('a builder is remembered by its key, with its tree and all that went into it', async () => {
  expect(await knownBuilder(state, builder.key)).toEqual(builder);
  expect(await knownBuilder(state, hash('d'))).toBeUndefined();
});

test('a builder that is made anew takes the place of the earlier one', async () => {
  await rememberBuilder(state, { ...builder, tree: hash('e') });
  expect(await knownBuilders(state)).toEqual([{ ...builder, tree: hash('e') }]);
});

const whole = () => readFileSync(fileOf(builder.key), 'utf8');
const edited = (changes: object) => () => JSON.stringify({ ...JSON.parse(whole()), ...changes });

test.each<[string, () => string]>([
  ['nothing', () => ''],
  ['half of it', () => whole().slice(0, 200)],
  ['another value', () => 'null'],
  ['a list', () => '[]'],
  ['no tree', edited({ tree: undefined })],
  ['a tree that is no sha256', edited({ tree: 'b'.repeat(63) })],
  ['a list for a tree', edited({ tree: [hash('b')] })],
  ['the key of another', edited({ key: hash('d') })],
  ['an input without a digest', edited({ inputs: [{ name: 'gcc-12' }] })],
  ['a member that no record has', edited({ image: 'sha256:1' })],
  ['the form of another version', edited({ format: 2 })],
  ['an epoch that is no number', edited({ epoch: '1704067200' })],
])('a record that was damaged to %s is not known, and no more than that', async (_, text) => {
  writeFileSync(fileOf(builder.key), text());
  expect(await knownBuilder(state, builder.key)).toBeUndefined();
  expect(await knownBuilders(state)).toEqual([]);
  await rememberBuilder(state, builder);
  expect(await knownBuilder(state, builder.key)).toEqual(builder);
});

test('a record that others can write is refused', async () => {
  chmodSync(fileOf(builder.key), 0o666);
  const expected = { code: 'IO', message: expect.stringContaining(fileOf(builder.key)) };
  await expect(knownBuilder(state, builder.key)).rejects.toMatchObject(expected);
  await expect(knownBuilders(state)).rejects.toMatchObject(expected);
});

test('what is not to be kept is forgotten, and so is what is damaged', async () => {
  await rememberBuilder(state, { ...builder, key: hash('1') });
  await rememberBuilder(state, { ...builder, key: hash('2') });
  writeFileSync(fileOf(hash('2')), '{}');
  expect(await forgetBuilders(state, new Set([hash('1'), hash('2')]))).toBe(2);
  expect(readdirSync(join(state, 'builders'))).toEqual([`${hash('1')}.json`]);
});

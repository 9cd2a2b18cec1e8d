import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../support/reseal/random.ts';
import { kept, mostKept } from './corpus.ts';
import { judge } from './judge.ts';
import { mutator } from './mutate.ts';
import { Finding, type Reader } from './reader.ts';
import { readers } from './readers/all.ts';

const corpus = join(import.meta.dirname, 'corpus');

/** What goes wrong with an input, told with its bytes. */
async function problemOf(reader: Reader, input: Buffer): Promise<string | undefined> {
  const { problem } = await judge(reader, input);
  return problem && `${problem}\n${input.toString('base64')}`;
}

describe.each(readers.map((reader) => [reader.name, reader] as const))('%s', (name, reader) => {
  test('takes a sound input, and every input that was kept is accepted or refused with a code', async () => {
    const seeds = (await reader.seeds()).map((each) => Buffer.from(each));
    let accepted = false;
    for (const each of seeds) accepted ||= (await judge(reader, each)).accepted;
    expect(accepted).toBe(true);
    for (const input of [...seeds, ...kept(corpus, name)]) {
      expect(await problemOf(reader, input)).toBeUndefined();
    }
  });

  test('takes changed inputs in the same way', async () => {
    const all = (await reader.seeds()).map((each) => Buffer.from(each));
    const random = randomOf(1);
    const next = mutator(reader);
    for (let left = 20; left > 0; left -= 1) {
      const input = await next(all[random(all.length)]!, all, random);
      expect(await problemOf(reader, input)).toBeUndefined();
    }
  });
});

test('the kept corpus is small, and has inputs of readers only', () => {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .map((name) => join(corpus, name))
    .filter((file) => statSync(file).isFile());
  const sizes = files.map((file) => statSync(file).size);
  expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(mostKept);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  const names = readers.map(({ name }) => name);
  expect(readdirSync(corpus).filter((name) => !names.includes(name))).toEqual([]);
});

test('readers have names of their own', () => {
  const names = readers.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe('an oracle', () => {
  const reading = (read: Reader['read']): Reader => ({
    ...{ name: 'x', form: 'bytes', seeds: async () => [], read },
  });

  test.each([
    ['a TypeError', () => Promise.reject(new TypeError('x is undefined'))],
    ['a RangeError', () => Promise.reject(new RangeError('offset'))],
    ['a broken promise', () => Promise.reject(new Finding('written again it is another'))],
    ['a thrown text', () => Promise.reject('no error at all')],
  ])('tells %s', async (_, read) => {
    expect(await problemOf(reading(read), Buffer.of())).toMatch(/\S/);
  });

  test('takes an error that the reader documents for a refusal', async () => {
    const read = () => Promise.reject(new SyntaxError('no stanza'));
    const reader = { ...reading(read), refuses: (error: unknown) => error instanceof SyntaxError };
    expect(await judge(reader, Buffer.of())).toEqual({ accepted: false });
  });
});

test('a reader that is not there is refused, and those that are there are listed', () => {
  const run = () =>
    execFileSync('node', [join(import.meta.dirname, 'fuzz.mjs'), 'tarr'], { stdio: 'pipe' });
  expect(run).toThrow(/apkindex, copyright/);
});

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { platforms } from '../../src/base/platform.ts';
import { readElf, staticProblems } from '../../src/elf/elf.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

function compile(name: string, ...flags: string[]): Buffer {
  const source = join(folder, 'main.c');
  writeFileSync(source, 'int main(void) { return 0; }\n');
  execFileSync('gcc', [source, '-o', join(folder, name), ...flags]);
  return readFileSync(join(folder, name));
}

const elfOf = (bytes: Buffer) =>
  readElf(async (offset, length) => bytes.subarray(offset, offset + length));

const static_ = compile('static', '-static', '-s');
const dynamic = compile('dynamic');
const host = process.arch === 'arm64' ? platforms['linux/arm64'] : platforms['linux/amd64'];
const other = process.arch === 'arm64' ? platforms['linux/amd64'] : platforms['linux/arm64'];

describe('readElf', () => {
  test('a static program asks for no loader and no library', async () => {
    const elf = await elfOf(static_);
    expect(elf).toMatchObject({ interpreter: undefined, needed: [], pie: false, symbols: false });
    expect(staticProblems(elf, host)).toEqual([]);
  });

  test('a static-pie program counts as static', async () => {
    const elf = await elfOf(compile('pie', '-static-pie'));
    expect(elf.pie).toBe(true);
    expect(staticProblems(elf, host)).toEqual([]);
  });

  test('a dynamic program is refused with its loader and its libraries', async () => {
    const elf = await elfOf(dynamic);
    expect(elf.symbols).toBe(true);
    const [loader, libraries] = staticProblems(elf, host);
    expect(loader).toMatch(/dynamic loader \/lib.*ld-linux/);
    expect(libraries).toMatch(/libc\.so\.6/);
  });

  test('a program for another machine is refused', async () => {
    expect(staticProblems(await elfOf(static_), other)[0]).toMatch(
      /is for machine \d+, expected \d+/,
    );
  });

  test('an object file and a script are no programs', async () => {
    await expect(elfOf(compile('object.o', '-c'))).rejects.toThrow(/no executable/);
    await expect(elfOf(Buffer.from('#!/bin/sh\necho hello\n'.repeat(9)))).rejects.toThrow(
      'Not an ELF file.',
    );
  });

  test('whatever is done to the headers, it ends in an answer or a refusal', async () => {
    const edit = fc.record({ at: fc.nat(1024), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
        const bytes = Buffer.from(dynamic);
        for (const { at, value } of edits) bytes[at] = value;
        const outcome = await elfOf(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MkbaseError);
      }),
      { numRuns: 300 },
    );
  });

  test('a program that is cut short anywhere in its headers is refused', async () => {
    for (const length of [0, 4, 63, 64, 120]) {
      await expect(elfOf(dynamic.subarray(0, length))).rejects.toBeInstanceOf(MkbaseError);
    }
  });
});

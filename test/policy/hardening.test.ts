import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { type Hardening, readHardening } from '../../src/elf/hardening.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
});

const withArray =
  '#include <stdio.h>\nint main(void) { char line[64]; return fgets(line, 64, stdin) == 0; }\n';

/** A program, or with -shared a library, and where it is. */
function compile(flags: readonly string[], source = withArray): string {
  const [code, file] = [join(folder, 'main.c'), join(folder, 'program')];
  writeFileSync(code, source);
  execFileSync('gcc', [code, '-o', file, ...flags]);
  return file;
}

const hardeningOf = (bytes: Buffer) =>
  readHardening(async (offset, length) => bytes.subarray(offset, offset + length));
const compiled = (flags: readonly string[], source?: string) =>
  hardeningOf(readFileSync(compile(flags, source)));

/** The same by what binutils' readelf prints. */
function byReadelf(file: string): Omit<Hardening, 'stackCanary'> {
  const text = execFileSync('readelf', ['-hldW', file], { encoding: 'utf8' });
  const stack = /GNU_STACK +\S+ +\S+ +\S+ +\S+ +\S+ +(\S+)/.exec(text)?.[1];
  return {
    pie: /Type: +DYN/.test(text),
    relro: text.includes('GNU_RELRO') || !/LOAD .* RW +0x/.test(text),
    bindNow: /BIND_NOW|Flags:.*\bNOW\b/.test(text) || text.includes('no dynamic section'),
    nx: stack === 'RW',
  };
}

describe('readHardening', () => {
  test.each([
    [[]],
    [['-no-pie']],
    [['-pie', '-fPIE', '-Wl,-z,now']],
    [['-Wl,-z,lazy']],
    [['-Wl,-z,norelro']],
    [['-Wl,-z,execstack']],
    [['-static']],
    [['-static', '-Wl,-z,norelro']],
    [['-static', '-s']],
    [['-static-pie']],
    [['-shared', '-fPIC']],
    [['-shared', '-fPIC', '-s', '-Wl,-z,now']],
  ])('agrees with readelf on gcc %j', async (flags) => {
    const file = compile(flags);
    expect(await hardeningOf(readFileSync(file))).toMatchObject(byReadelf(file));
  });

  test.each([[[]], [['-s']], [['-shared', '-fPIC']], [['-no-pie', '-s']]])(
    'sees whether a program linked with %j was compiled with a stack protector',
    async (flags) => {
      const canary = async (flag: string) => (await compiled([...flags, flag]))?.stackCanary;
      expect(await canary('-fstack-protector-all')).toBe(true);
      expect(await canary('-fno-stack-protector')).toBe(false);
    },
  );

  const bare =
    'void fill(char *);\nvoid fill(char *a) { a[0] = 1; }\n' +
    'void __stack_chk_fail(void) { for (;;); }\nunsigned long __stack_chk_guard = 1;\n' +
    'void _start(void) { char a[64]; fill(a); for (;;); }\n';
  const free = ['-O1', '-static', '-nostdlib', '-ffreestanding', '-s', '-fno-inline'];

  test('of a static program without symbols sees it in the instructions of amd64, and does not know for arm64', async () => {
    const canary = async (flag: string) => (await compiled([...free, flag], bare))?.stackCanary;
    const seen = process.arch === 'x64' ? [true, false] : [undefined, undefined];
    expect([await canary('-fstack-protector-all'), await canary('-fno-stack-protector')]).toEqual(
      seen,
    );
  });

  test('asks no RELRO of a program that has nothing to write to', async () => {
    const code = 'void _start(void) { for (;;); }\n';
    const flags = ['-static', '-nostdlib', '-Wl,-z,norelro', '-Wl,--build-id=none'];
    expect((await compiled(flags, code))?.relro).toBe(true);
  });

  test.each([
    ['a script', Buffer.from('#!/bin/sh\n'.repeat(20))],
    ['an empty file', Buffer.alloc(0)],
    ['an ELF file of 32 bits', Buffer.from(`\x7fELF\x01\x01${'\0'.repeat(90)}`, 'latin1')],
  ])('leaves %s alone', async (_, bytes) => {
    expect(await hardeningOf(bytes)).toBeUndefined();
  });

  test('leaves an object file alone', async () => {
    expect(await compiled(['-c'])).toBeUndefined();
  });

  test('ends on any damage, and says nothing but that it is damaged', async () => {
    const bytes = readFileSync(compile([]));
    const change = fc.record({
      at: fc.nat(4096),
      value: fc.nat(255),
      length: fc.nat(bytes.length),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, value, length }) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        if (at < length) damaged[at] = value;
        const outcome = await hardeningOf(damaged).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MkbaseError);
      }),
      { numRuns: 300 },
    );
  });
});

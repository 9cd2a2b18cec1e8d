import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readElf } from '../../src/elf/elf.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

const chosen = `
static int one(void) { return 1; }
static int (*resolve(void))(void) { return one; }
int pick(void) __attribute__((ifunc("resolve")));
void _start(void) { pick(); for (;;); }
`;
const plain = 'int pick(void) { return 1; }\nvoid _start(void) { pick(); for (;;); }\n';

function compile(source: string, ...flags: string[]): Buffer {
  writeFileSync(join(folder, 'main.c'), source);
  const output = join(folder, 'main');
  execFileSync('gcc', [join(folder, 'main.c'), '-nostdlib', '-O0', '-o', output, ...flags]);
  return readFileSync(output);
}

const choosesFunctions = async (bytes: Buffer) =>
  (await readElf(async (offset, length) => bytes.subarray(offset, offset + length)))
    .choosesFunctions;

describe('a function that is chosen when a program starts', () => {
  test.each([
    ['a static program', ['-static']],
    ['a stripped one', ['-static', '-s']],
    ['a static-pie program', ['-static-pie', '-fPIE']],
  ])('is found in %s', async (_, flags) => {
    expect(await choosesFunctions(compile(chosen, ...flags))).toBe(true);
    expect(await choosesFunctions(compile(plain, ...flags))).toBe(false);
  });

  test('is in each static program of glibc, which resolves it', async () => {
    writeFileSync(
      join(folder, 'libc.c'),
      '#include <string.h>\nint main(int c, char **v) { return strlen(v[0]); }\n',
    );
    execFileSync('gcc', [join(folder, 'libc.c'), '-static', '-o', join(folder, 'libc')]);
    expect(await choosesFunctions(readFileSync(join(folder, 'libc')))).toBe(true);
  });

  test('is found behind more relocations than are read at a time', async () => {
    const data = Array.from({ length: 20_000 }, () => '(long)&pick').join(',');
    const source = `${plain}long table[] = {${data}};\n`;
    const flags = ['-static-pie', '-fPIE', '-w'];
    expect(await choosesFunctions(compile(source, ...flags))).toBe(false);
    const last = source.replace(plain, chosen);
    expect(await choosesFunctions(compile(last, ...flags))).toBe(true);
  });

  test('in a table that is cut short is an error', async () => {
    const bytes = compile(chosen, '-static');
    const sections = Number(bytes.readBigUInt64LE(40));
    for (let at = sections; at + 64 <= bytes.length; at += 64) {
      if (bytes.readUInt32LE(at + 4) === 4) bytes.writeBigUInt64LE(2n ** 40n, at + 32);
    }
    await expect(choosesFunctions(bytes)).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
  });
});

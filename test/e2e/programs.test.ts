import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { timesOf } from '../support/proofs.ts';
import { seeded } from '../support/random.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const settings = everySetting.filter(({ missing }) => !missing);

interface Program {
  /** Contents of the files of the recipe's folder, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** What it prints, computed here. */
  readonly prints: string;
}

/** An operation on 32 bits, in C and in JavaScript. */
interface Operation {
  readonly c: string;
  readonly run: (x: number) => number;
}

function operation(random: (below: number) => number): Operation {
  const constant = random(2 ** 31) * 2 + 1;
  const shift = 1 + random(30);
  const all: readonly Operation[] = [
    { c: `x ^ ${constant}u`, run: (x) => (x ^ constant) >>> 0 },
    { c: `x * ${constant}u`, run: (x) => Math.imul(x, constant) >>> 0 },
    { c: `x + ${constant}u`, run: (x) => (x + constant) >>> 0 },
    {
      c: `(x << ${shift}) | (x >> ${32 - shift})`,
      run: (x) => ((x << shift) | (x >>> (32 - shift))) >>> 0,
    },
  ];
  return all[random(all.length)] as Operation;
}

const mainIn = (language: string, calls: string, seed: number, rounds: number) =>
  language === 'cc'
    ? `#include <iostream>
#include <vector>
#include "parts.h"
int main() {
  std::vector<unsigned> all;
  unsigned x = ${seed}u;
  for (int i = 0; i < ${rounds}; i++) { ${calls} all.push_back(x); }
  std::cout << all.back() << '\\n';
}
`
    : `#include <stdio.h>
#include "parts.h"
int main(void) {
  unsigned x = ${seed}u;
  for (int i = 0; i < ${rounds}; i++) { ${calls} }
  return printf("%u\\n", x) < 0;
}
`;

/** Makes the program of a number: its language, sources, flags and constants follow from that. */
function programOf(number: number): Program {
  const next = seeded(number);
  const random = (below: number) => Math.floor(next() * below);
  const language = random(3) === 0 ? 'cc' : 'c';
  const toolchain = language === 'cc' || random(2) === 0 ? 'gcc-glibc' : 'gcc-musl';
  const flags = [['-O0', '-Os', '-O2', '-O3'][random(4)], ...(random(3) === 0 ? ['-flto'] : [])];
  const operations = Array.from({ length: 1 + random(6) }, () => operation(random));
  const [seed, rounds] = [random(2 ** 31), 1 + random(1000)];

  let x = seed;
  for (let round = 0; round < rounds; round++) for (const { run } of operations) x = run(x);

  const names = operations.map((_, at) => `part${at}`);
  const sources = ['main', ...names].map((name) => `${name}.${language}`);
  const calls = names.map((name) => `x = ${name}(x);`).join(' ');
  return {
    prints: `${x}`,
    files: {
      'recipe.yaml': `name: program-${number}
from:
  static:
    toolchain: ${toolchain}
    sources: [${sources.join(', ')}]
    include: [parts.h]
    flags: [${flags.join(', ')}]
image: { cmd: [/program-${number}] }
test:
  - { run: [], stdout: "${x}" }
`,
      'parts.h': names.map((name) => `unsigned ${name}(unsigned x);\n`).join(''),
      [`main.${language}`]: mainIn(language, calls, seed, rounds),
      ...Object.fromEntries(
        operations.map(({ c }, at) => [
          `part${at}.${language}`,
          `#include "parts.h"\nunsigned part${at}(unsigned x) { return ${c}; }\n`,
        ]),
      ),
    },
  };
}

interface Digests {
  readonly diffId: string;
  readonly manifestDigest: string;
}

const times = timesOf('programs');
const numbers = Array.from({ length: times }, (_, at) => at + 1);
const tens = numbers.filter((number) => number % 10 === 1);

for (const first of tens) {
  const group = numbers.slice(first - 1, first + 9);
  describe(`programs ${first} to ${group.at(-1)}`, () => {
    test.each(group)('number %i prints what it should and has one digest', async (number) => {
      const folder = temporaryFolder({ shared: true });
      const recipe = join(folder, 'program');
      mkdirSync(recipe);
      chmodSync(recipe, 0o777);
      const { files, prints } = programOf(number);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(recipe, name), text);

      const built: Digests[] = [];
      for (const turn of [0, 1]) {
        const { engine, settings: own } = settings[(number + turn) % settings.length]!;
        const out = join(folder, `out-${turn}`);
        const args = [recipe, '--engine', engine, '--out', out, '--no-cache', '--json'];
        const run = await mkbase(args, { cwd: folder, ...own() });
        expect(run, JSON.stringify(files)).toMatchObject({ code: 0 });
        const { diffId, manifestDigest } = JSON.parse(run.stdout) as Digests;
        built.push({ diffId, manifestDigest });
        const verified = await mkbase(['verify', out], { cwd: folder });
        expect(verified.code, verified.stdout).toBe(0);
      }
      expect(built[1], `${prints}: ${JSON.stringify(files)}`).toEqual(built[0]);
    });
  });
}

const chosen = `#include <stdio.h>
static int one(void) { return 1; }
static int (*resolve(void))(void) { return one; }
int pick(void) __attribute__((ifunc("resolve")));
int main(void) { return printf("%d\\n", pick()) < 0; }
`;

test('a function that is chosen at the start is refused where nobody chooses it', async () => {
  const { engine, settings: own } = settings[0]!;
  const folder = temporaryFolder({ shared: true });
  writeFileSync(join(folder, 'pick.c'), chosen);
  const build = (toolchain: string) => {
    const recipe = join(folder, `${toolchain}.yaml`);
    const from = `static: { toolchain: ${toolchain}, sources: [pick.c] }`;
    const image = 'image: { entrypoint: [/pick] }';
    const tests = 'test: [{ run: [], stdout: "1" }]';
    writeFileSync(recipe, `name: pick\nfrom: { ${from} }\n${image}\n${tests}\n`);
    const out = ['--out', join(folder, toolchain), '--output', 'type=oci'];
    return mkbase([recipe, '--engine', engine, ...out], { cwd: folder, ...own() });
  };
  const [withMusl, withGlibc] = [await build('gcc-musl'), await build('gcc-glibc')];
  expect(withMusl).toMatchObject({ code: 6 });
  expect(withMusl.stderr).toContain('with musl it would crash');
  expect(withMusl.stderr).toContain('code: BUILD_OUTPUT');
  expect(withGlibc, withGlibc.stderr).toMatchObject({ code: 0 });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackageURL } from 'packageurl-js';
import parse from 'spdx-expression-parse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Lock } from '../../src/lock/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Server } from '../support/http-server.ts';
import { debsIn } from '../support/lock.ts';
import { cyclonedxValidator, spdxValidator } from '../support/sbom-schemas.ts';
import { noAlpine, serveAlpine } from './support/alpine.ts';
import { everyEngine, works } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly evidence?: {
    readonly occurrences: readonly {
      readonly location: string;
      readonly additionalContext?: string;
    }[];
  };
}

interface Bill {
  readonly components: readonly Component[];
  readonly compositions: readonly { readonly aggregate: string }[];
}

interface SpdxBill {
  readonly packages: readonly {
    readonly licenseDeclared: string;
    readonly externalRefs?: readonly { readonly referenceLocator: string }[];
  }[];
}

/** What a build leaves in its output folder. */
interface Evidence {
  readonly folder: string;
  readonly bill: Bill;
  readonly spdx: SpdxBill;
  readonly lock: Lock;
}

const [engine] = everyEngine.filter((each) => !each.missing);
const on = ['--engine', engine?.engine ?? 'auto'];

const pyspdxtools = works('pyspdxtools', '--help');

/** Whatever is said in both bills of any image. */
function checkBills({ folder, bill, spdx }: Evidence): void {
  const cyclonedx = cyclonedxValidator();
  expect(cyclonedx(bill), JSON.stringify(cyclonedx.errors)).toBe(true);
  const validSpdx = spdxValidator();
  expect(validSpdx(spdx), JSON.stringify(validSpdx.errors)).toBe(true);
  for (const { licenseDeclared, externalRefs = [] } of spdx.packages) {
    if (licenseDeclared !== 'NOASSERTION') parse(licenseDeclared);
    for (const { referenceLocator } of externalRefs) {
      expect(PackageURL.fromString(referenceLocator).name).toBeTruthy();
    }
  }
  if (pyspdxtools) execFileSync('pyspdxtools', ['-i', join(folder, 'sbom.spdx.json')]);
}

const outOf = (...words: string[]): string =>
  join(work, `out-${createHash('md5').update(words.join()).digest('hex')}`);

function evidenceIn(folder: string): Evidence {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const evidence = {
    folder,
    bill: read('sbom.cdx.json') as Bill,
    spdx: read('sbom.spdx.json') as SpdxBill,
    lock: read('lock.json') as Lock,
  };
  checkBills(evidence);
  return evidence;
}

async function built(recipe: string, args: readonly string[] = []): Promise<Evidence> {
  const folder = outOf(recipe, ...args);
  const run = await mkbase([recipe, '--out', folder, ...args], { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return evidenceIn(folder);
}

/** Builds an image and runs a program in it; the lines that this prints, sorted. */
async function linesFrom(
  recipe: string,
  command: readonly string[],
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<{ evidence: Evidence; lines: string[] }> {
  const folder = outOf(recipe);
  const words = ['run', recipe, '--out', folder, ...on, ...args, '-q', '--', ...command];
  const run = await mkbase(words, { cwd: work, env });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return { evidence: evidenceIn(folder), lines: run.stdout.trim().split('\n').sort() };
}

const library = ({ bill }: Evidence, name: string): Component => {
  const found = bill.components.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the bill of materials does not name ${name}`);
  return found;
};

const namesOf = ({ bill }: Evidence, type = 'library') =>
  bill.components
    .filter((each) => each.type === type)
    .map(({ name }) => name)
    .sort();

const sourceOf = ({ properties }: Component) =>
  properties.find(({ name }) => name === 'mkbase:source')?.value.split(' ')[0];

const linkedInto = ({ evidence }: Component, program: string): string =>
  evidence?.occurrences.find(({ location }) => location === program)?.additionalContext ?? '';

describe('the bill of materials of a static program', () => {
  test("names the C++ library, the C library and the compiler's own, with version and licence", async () => {
    const evidence = await built('hello-cpp', on);
    expect(namesOf(evidence)).toEqual(['libc6-dev', 'libgcc-14-dev', 'libstdc++-14-dev']);
    expect(evidence.bill.compositions[0]?.aggregate).toBe('complete');
    const locked = new Map(debsIn(evidence.lock.toolchain).map((each) => [each.name, each]));
    for (const name of namesOf(evidence)) {
      const component = library(evidence, name);
      expect(component.version).toBe(locked.get(name)?.version);
      expect(component.hashes?.[0]?.content).toBe(locked.get(name)?.sha256);
      expect(sourceOf(component)).toBe(locked.get(name)?.source);
    }
    const exception = 'GPL-3.0-or-later WITH GCC-exception-3.1';
    expect(library(evidence, 'libstdc++-14-dev').licenses?.[0]?.expression).toBe(exception);
    expect(library(evidence, 'libgcc-14-dev').licenses?.[0]?.expression).toBe(exception);
    expect(library(evidence, 'libc6-dev').licenses?.[0]?.expression).toContain('LGPL-2.1-or-later');
    expect(linkedInto(library(evidence, 'libc6-dev'), '/hello-cpp')).toContain('/crt1.o ');
    expect(linkedInto(library(evidence, 'libstdc++-14-dev'), '/hello-cpp')).toMatch(
      /libstdc\+\+\.a\(\S+\.o\)/,
    );
  });

  test('is the same, byte for byte, on every engine', async () => {
    const bills = new Set<string>();
    for (const { engine: name } of everyEngine.filter((each) => !each.missing)) {
      const { folder } = await built('hello', ['--engine', name, '--output', 'type=oci']);
      bills.add(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
      bills.add(readFileSync(join(folder, 'sbom.spdx.json'), 'utf8'));
    }
    expect(bills.size).toBe(2);
  });

  test('names what an upstream build linked, though that links in steps, strips and installs', async () => {
    const folder = join(work, 'upstream');
    mkdirSync(join(folder, 'demo-1.2'), { recursive: true });
    const files = {
      'main.c':
        '#include <math.h>\nint half(int);\nint main(int c, char **v) { return half((int)sqrt(c)); }\n',
      'half.c': '#include <stdlib.h>\nint half(int n) { return rand() % n / 2; }\n',
      'other.c': '#include <stdio.h>\nint main(void) { return puts("no part of it"); }\n',
      build: [
        'gcc -O0 -c main.c half.c other.c',
        'gcc -r -nostdlib -o parts.o main.o half.o',
        'gcc -static -o demo_unstripped parts.o -lm',
        'gcc -static -o other other.o',
        'strip -o demo demo_unstripped',
        'mkdir -p inst/usr/bin',
        'cp demo inst/usr/bin/demo',
      ].join('\n'),
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, 'demo-1.2', name), text);
    }
    const archive = join(folder, 'demo-1.2.tar');
    execFileSync('tar', ['-cf', archive, '-C', folder, 'demo-1.2']);
    const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
    writeFileSync(
      join(folder, 'recipe.yaml'),
      `name: demo
from:
  static:
    toolchain: gcc-glibc
    archive: { url: "file://${archive}", sha256: ${sha256} }
    build: [[sh, -eux, ./build]]
    programs: { inst/usr/bin/demo: /usr/bin/demo }
`,
    );
    const evidence = await built('./upstream', on);
    expect(namesOf(evidence)).toEqual(['libc6-dev', 'libgcc-14-dev']);
    const objects = linkedInto(library(evidence, 'libc6-dev'), '/usr/bin/demo');
    expect(objects).toMatch(/libm-[0-9.]+\.a\(\S*sqrt\S*\.o\)/);
    expect(objects).toContain('libc.a(rand.o)');
    const upstream = library(evidence, 'demo');
    expect(upstream.version).toBe('1.2');
    expect(upstream.hashes?.[0]?.content).toBe(sha256);
    expect(evidence.bill.compositions[0]?.aggregate).toBe('complete');
  });
});

describe('the bill of materials of a distroless image', () => {
  test('has the packages of the lock, and accounts for every byte', async () => {
    const evidence = await built('distroless-cc', on);
    const locked = debsIn(evidence.lock);
    expect(namesOf(evidence)).toEqual(locked.map(({ name }) => name).sort());
    expect(evidence.bill.compositions[0]?.aggregate).toBe('complete');
    for (const { name, version, sha256 } of locked) {
      expect(library(evidence, name)).toMatchObject({ version, hashes: [{ content: sha256 }] });
      expect(library(evidence, name).licenses?.[0]?.expression).toBeTruthy();
    }
    const [certificates] = evidence.bill.components.filter(
      ({ name }) => name === 'distroless-cc (files:)',
    );
    expect(certificates?.evidence?.occurrences.map(({ location }) => location)).toContain(
      '/etc/ssl/certs/ca-certificates.crt',
    );
  });
});

describe('the bill of materials of the debian image', () => {
  test('has exactly the packages that dpkg-query lists inside, and accounts for every byte', async () => {
    const format = ['Package', 'Version', 'Architecture'].map((field) => `\${${field}}`).join(' ');
    const query = ['dpkg-query', '-W', '-f', `${format}\\n`];
    const { evidence, lines } = await linesFrom('debian', query);
    const mine = evidence.bill.components
      .filter(({ type }) => type === 'library')
      .map(({ name, version, purl = '' }) => {
        const { arch } = PackageURL.fromString(purl).qualifiers as { arch: string };
        return `${name} ${version} ${arch}`;
      });
    expect(mine.sort()).toEqual(lines);
    expect(evidence.bill.compositions[0]?.aggregate).toBe('complete');
  });
});

describe.skipIf(noAlpine)(
  `the bill of materials of the alpine image${noAlpine ? `: left out, ${noAlpine}` : ''}`,
  () => {
    let server: Server;
    beforeAll(async () => {
      server = await serveAlpine();
      return server.close;
    });

    test('has exactly the packages that apk lists inside, and accounts for every byte', async () => {
      const { evidence, lines } = await linesFrom('alpine', ['apk', 'info', '-v'], {
        args: ['--allow', 'unsigned-archive'],
        env: { MKBASE_ALPINE_MIRROR: server.url },
      });
      const mine = evidence.bill.components
        .filter(({ type }) => type === 'library')
        .map(({ name, version }) => `${name}-${version}`);
      expect(mine.sort()).toEqual(lines);
      expect(evidence.bill.compositions[0]?.aggregate).toBe('complete');
    });
  },
);

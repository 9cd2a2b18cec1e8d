import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/** Rows of the house from the top down: a room imports from its own row and from those below it. */
const rows: readonly (readonly string[])[] = [
  ['commands'],
  ['ui'],
  ['pipeline'],
  ['attach'],
  ['verify', 'diff', 'policy', 'sign'],
  ['evidence'],
  ['outputs'],
  ['image'],
  ['lock'],
  ['kinds'],
  ['nodes'],
  ['steps'],
  ['packages'],
  ['rootfs'],
  ['recipe'],
  ['registry'],
  ['engines', 'store', 'oci', 'tar', 'elf'],
  ['base'],
];

/** The only places that may import each outside library. */
const owners: Record<string, readonly string[]> = {
  execa: ['base/run-command'],
  commander: ['commands/'],
  ignore: ['base/ignoring.ts'],
  'get-east-asian-width': ['base/characters.ts'],
  listr2: ['ui/'],
  tar: ['kinds/static/'],
  yaml: ['recipe/'],
  zod: ['recipe/', 'kinds/', 'packages/', 'lock/', 'policy/'],
  undici: ['store/'],
  'p-limit': ['base/map-concurrent.ts'],
  saxes: ['packages/rpm/repository/'],
  openpgp: ['packages/openpgp/', 'kinds/minirootfs/trust.ts'],
  'xz-decompress': ['tar/'],
  fzstd: ['tar/'],
  'spdx-expression-parse': ['base/spdx-expression.ts', 'policy/rules/licences.ts'],
  fflate: ['image/'],
  '@hpcc-js/wasm-zstd': ['image/'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

const textOf = (file: string) => readFileSync(join(src, file), 'utf8');

const imports: Import[] = files.flatMap((file) => {
  const text = textOf(file);
  const statement = /^(?:import|\} from|export \*)[^'\n]*'([^']+)';$|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(statement)].map(([, fixed, lazy]) => ({
    file,
    target: fixed ?? lazy ?? '',
  }));
});

const roomOf = (file: string) => (file.includes('/') ? file.split('/')[0] : undefined);

const inside = ({ file, target }: Import) => relative(src, resolve(src, dirname(file), target));

const rankOf = (file: string) => {
  const row = rows.findIndex((row) => row.includes(roomOf(file) ?? ''));
  return row === -1 ? -1 : rows.length - row;
};

test('a room imports only from its own row and from rows below it, types too', () => {
  const up = imports
    .filter(({ file, target }) => target.startsWith('.') && file !== 'cli.ts')
    .filter((each) => rankOf(inside(each)) > rankOf(each.file))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(up).toEqual([]);
});

/** The only files that may say that something is proven: each checks it first. */
const proving = [
  'kinds/minirootfs/prove.ts',
  'kinds/static/prove.ts',
  'lock/prove.ts',
  'packages/alpm/prove-alpm.ts',
  'packages/apk/prove-apks.ts',
  'packages/deb/archive/pinned-release.ts',
  'packages/deb/archive/prove-debs.ts',
  'packages/deb/archive/prove-source.ts',
  'packages/openpgp/prove-detached.ts',
  'packages/rpm/pinned-list.ts',
  'packages/rpm/prove-rpms.ts',
  'packages/rpm/signed/verify-rpm.ts',
  'sign/sign-lock.ts',
];

test('nothing but what checks a signature or a digest makes a proof', () => {
  const made =
    /\b(?:SignedFile|ProvenInput|SignedRpm)\.(?:seen|vouched)\(|as (?:SignedFile|ProvenInput|SignedRpm)\b/;
  expect(files.filter((file) => made.test(textOf(file))).sort()).toEqual(proving);
  const branded = files.filter((file) => /\bas TrustChain\b/.test(textOf(file)));
  expect(branded).toEqual(['evidence/provenance/trust-chain.ts']);
});

/** The files that can be reached from a file by its imports. */
function reachable(file: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const queue = [...(graph.get(file) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(graph.get(next) ?? []));
  }
  return found;
}

test('no file imports itself over others, types too', () => {
  const own = imports.filter(({ target }) => target.startsWith('.'));
  const graph = new Map(
    files.map((file) => [file, own.filter((each) => each.file === file).map(inside)]),
  );
  expect(files.filter((file) => reachable(file, graph).has(file))).toEqual([]);
});

/** Strings and comments of a file in quotes of any kind. */
const quotedIn = (file: string): string[] =>
  [...textOf(file).matchAll(/(['"`])([\w-]+)\1/g)].map(([, , word = '']) => word);

test('no kind, family or output is named outside its folder and its registry', async () => {
  const { kindModules } = await import('../src/kinds/registry.ts');
  const { families } = await import('../src/packages/registry.ts');
  const { outputs } = await import('../src/outputs/outputs.ts');
  const names = new Set([
    ...Object.keys(kindModules),
    ...[...families, ...outputs].map(({ name }) => name),
  ]);
  expect(names.size).toBe(15);
  const named = files
    .filter((file) => !/^(?:kinds|packages|outputs)\//.test(file))
    .flatMap((file) =>
      quotedIn(file)
        .filter((word) => names.has(word))
        .map((word) => `${file} names ${word}`),
    );
  expect(named).toEqual([]);
});

test('one file reads the environment, the working folder and the clock; all else gets them as values', () => {
  const ambient = /\bprocess\.(?:env|cwd|argv)\b|\bDate\.now\b|\bnew Date\(\)|\btimeOrigin\b/;
  const reading = files.filter((file) => ambient.test(textOf(file)));
  expect(reading).toEqual(
    ['cli.ts', 'commands/command-context.ts'].filter((file) => reading.includes(file)),
  );
});

/** Code that runs on Linux alone: that of the namespace engine, and a way to remove that Linux alone has. */
const linuxOnly = [
  'base/run-command/inherited-descriptors.ts',
  'engines/namespace/',
  'store/removal/by-handle.ts',
];

test('one place asks what the system of the host has; all else is told', () => {
  const asking =
    /\bprocess\.(?:platform|get(?:e?[ug]id|groups))\b|\bO_(?:NONBLOCK|NOFOLLOW|DIRECTORY)\b|\b\w+\(['"`]\/(?:proc|dev|sys)\//;
  const renaming = /^import \{[^}]*\brename(?:Sync)?\b[^}]*\} from 'node:fs/m;
  const wrong = files
    .filter((file) => !/^base\/host(?:-\w+)?\.ts$/.test(file))
    .filter((file) => !linuxOnly.some((place) => file.startsWith(place)))
    .filter((file) => asking.test(textOf(file)) || renaming.test(textOf(file)));
  expect(wrong).toEqual([]);
});

test('no file is longer than can be read in one sitting', () => {
  expect(files.filter((file) => textOf(file).split('\n').length > 301)).toEqual([]);
});

test('comments are sentences: few open with a word that starts none', () => {
  const openings = files.flatMap((file) => [
    ...textOf(file).matchAll(/^\s*(?:\/\*\*|\/\/) ?(\w+)|^\s*\/\*\*\n\s*\* (\w+)/gm),
  ]);
  const odd = openings.filter(([, line, block]) =>
    /^(?:What|Whether|Where|Why|How|Of|Those|That)$/.test(line ?? block ?? ''),
  );
  expect(odd.length / openings.length).toBeLessThan(0.04);
});

test('every folder of src is a room, and the rooms are all there', () => {
  const folders = new Set(files.map(roomOf));
  folders.delete(undefined);
  expect([...folders].sort()).toEqual(rows.flat().sort());
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual(['cli.ts']);
});

test('every outside library is imported by its owners, and by nobody else', () => {
  const outside = imports
    .filter(({ target }) => !/^(?:\.|node:)/.test(target))
    .map(({ file, target }) => ({ file, library: /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? '' }));
  const wrong = outside
    .filter(({ file, library }) => !owners[library]?.some((owner) => file.startsWith(owner)))
    .map(({ file, library }) => `${file} imports ${library}`);
  expect(wrong).toEqual([]);
  const used = new Set(outside.map(({ library }) => library));
  expect([...used].sort()).toEqual(Object.keys(owners).sort());
});

test('every dependency is used, and CONTRIBUTING says in one line why it is there', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  expect(Object.keys(manifest.dependencies).sort()).toEqual(Object.keys(owners).sort());
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(contributing).toMatch(new RegExp(`^\\| \`${name}\` \\|.{20,}\\|$`, 'm'));
  }
});

test('only ui/ and commands/ write to standard output and standard error', () => {
  const wrong = files
    .filter((file) => !/^(?:ui|commands)\//.test(file))
    .filter((file) => /process\.std(?:out|err)\.write|\bconsole\./.test(textOf(file)));
  expect(wrong).toEqual([]);
});

test('no folder is called utils, and no file re-exports another', () => {
  const vague = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.ts$)/;
  expect(files.filter((file) => vague.test(file))).toEqual([]);
  const reexports = files.filter((file) => /^export (?:\*|\{[^}]*\}) from '/m.test(textOf(file)));
  expect(reexports).toEqual([]);
});

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
  ['verify', 'diff', 'policy', 'sign'],
  ['evidence'],
  ['outputs'],
  ['image'],
  ['lock'],
  ['kinds'],
  ['steps'],
  ['packages'],
  ['rootfs'],
  ['recipe'],
  ['engines', 'store', 'tar', 'elf'],
  ['base'],
];

/** The only places that may import each outside library. */
const owners: Record<string, readonly string[]> = {
  execa: ['base/run-command'],
  commander: ['commands/'],
  listr2: ['ui/'],
  tar: ['kinds/static/'],
  yaml: ['recipe/'],
  zod: ['recipe/', 'kinds/', 'lock/', 'policy/'],
  undici: ['store/'],
  'p-limit': ['base/map-concurrent.ts'],
  openpgp: ['packages/openpgp/', 'kinds/minirootfs/trust.ts'],
  'xz-decompress': ['tar/'],
  fzstd: ['tar/'],
  'spdx-expression-parse': ['packages/licences/', 'policy/licence-expression.ts'],
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

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
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

/** Rooms whose imports still run up, and how many do: a number here only ever falls. */
const stillUp: Readonly<Record<string, number>> = {
  'diff -> ui': 2,
  'image -> outputs': 1,
  'kinds -> commands': 4,
  'kinds -> evidence': 6,
  'kinds -> lock': 6,
  'lock -> image': 5,
  'lock -> outputs': 1,
  'packages -> kinds': 3,
  'pipeline -> commands': 2,
  'pipeline -> ui': 2,
  'recipe -> kinds': 6,
  'recipe -> policy': 1,
};

test('a room imports only from its own row and from rows below it, types too', () => {
  const up = imports
    .filter(({ file, target }) => target.startsWith('.') && file !== 'cli.ts')
    .filter((each) => rankOf(inside(each)) > rankOf(each.file))
    .map((each) => `${roomOf(each.file)} -> ${roomOf(inside(each))}`);
  const found = Object.fromEntries(
    [...new Set(up)].sort().map((pair) => [pair, up.filter((each) => each === pair).length]),
  );
  expect(found).toEqual(stillUp);
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
    .filter((file) =>
      /process\.std(?:out|err)\.write|\bconsole\./.test(readFileSync(join(src, file), 'utf8')),
    );
  expect(wrong).toEqual([]);
});

test('no folder is called utils, and no file re-exports another', () => {
  const vague = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.ts$)/;
  expect(files.filter((file) => vague.test(file))).toEqual([]);
  const reexports = files.filter((file) =>
    /^export (?:\*|\{[^}]*\}) from '/m.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(reexports).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/** Rooms in the order of the pipeline: each imports only from those before it and from root files. */
const rooms = [
  'tar',
  'store',
  'recipe',
  'sources',
  'engines',
  'lock',
  'build',
  'rootfs',
  'image',
  'evidence',
  'pipeline',
  'ui',
  'commands',
];

/** The one place that may import each outside library. */
const owners: Record<string, string> = {
  execa: 'run-command.ts',
  commander: 'commands/',
  listr2: 'ui/',
  tar: 'build/',
  yaml: 'recipe/',
  zod: 'recipe/',
  undici: 'store/',
  'p-limit': 'together.ts',
  openpgp: 'sources/',
  'xz-decompress': 'sources/',
  fzstd: 'sources/',
  'spdx-expression-parse': 'evidence/',
  fflate: 'image/',
  '@hpcc-js/wasm-zstd': 'image/',
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

test('a room imports only from rooms before it and from the root files', () => {
  const position = (room: string | undefined) => (room === undefined ? -1 : rooms.indexOf(room));
  const wrong = imports
    .filter(({ file, target }) => target.startsWith('.') && file !== 'cli.ts')
    .filter((each) => position(roomOf(inside(each))) > position(roomOf(each.file)))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('every folder of src is a room, and the rooms are all there', () => {
  const folders = new Set(files.map(roomOf).filter((room) => room !== undefined));
  expect([...folders].sort()).toEqual([...rooms].sort());
});

test('every outside library is imported by its one owner, and by nobody else', () => {
  const outside = imports
    .filter(({ target }) => !/^(?:\.|node:)/.test(target))
    .map(({ file, target }) => ({ file, library: /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? '' }));
  const wrong = outside
    .filter(({ file, library }) => !file.startsWith(owners[library] ?? '\0'))
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

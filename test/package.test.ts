import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Manifest {
  readonly version: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const load = createRequire(join(root, 'package.json'));

test('the schemas and the manifest can be loaded by name, and nothing else can', () => {
  for (const name of ['recipe', 'toolchain', 'policy']) {
    const path = `schema/${name}.schema.json`;
    expect(load.resolve(`mkbase/${path}`)).toBe(join(root, path));
  }
  expect(load('mkbase/package.json')).toEqual(manifest);
  for (const name of ['mkbase', 'mkbase/dist/cli.js']) {
    expect(() => load.resolve(name)).toThrow(/not defined by|No "exports" main/);
  }
});

test('what can be loaded by name is published', () => {
  const folders = Object.values(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => path.split('/')[1]);
  expect(manifest.files).toEqual(expect.arrayContaining(folders));
});

test("the changelog's topmost section is about the version of the package", () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## \[(.*?)\] - (.*)$/gm)];
  expect(headings.map(([, version]) => version)[0]).toBe(manifest.version);
  for (const [, , date] of headings.slice(1)) expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('the lock file of the package has the same version', () => {
  expect(JSON.parse(read('package-lock.json'))).toMatchObject({
    version: manifest.version,
    packages: { '': { version: manifest.version } },
  });
});

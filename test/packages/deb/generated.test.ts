import { expect, test } from 'vitest';
import { ruleFinder } from '../../../src/evidence/inventory/by-rule.ts';
import { debianRules } from '../../../src/packages/deb/generated.ts';
import { rootfsView } from '../../../src/rootfs/view.ts';
import { file } from '../../support/tar.ts';

/** Names the package that makes a path, by the rules, where some packages are installed. */
function makerOf(path: string, ...installed: string[]): string | undefined {
  const entry = file(path);
  const packages = new Map(installed.map((name) => [name, name]));
  const context = { view: rootfsView([entry]), claims: new Map(), packages, build: undefined };
  return ruleFinder(debianRules, context)(entry)?.component;
}

test.each([
  ['etc/ssl/certs/java/cacerts', 'ca-certificates-java'],
  ['etc/.java/.systemPrefs/.system.lock', 'openjdk-21-jre-headless'],
  ['etc/.java/.systemPrefs/.systemRootModFile', 'openjdk-8-jre-headless'],
  ['etc/ssl/certs/ca-certificates.crt', 'ca-certificates'],
  ['usr/lib/python3/dist-packages/__pycache__/six.pyc', 'python3-minimal'],
])('/%s is made by %s, and by nothing where that is not installed', (path, maker) => {
  expect(makerOf(path, 'base-files', maker)).toBe(maker);
  expect(makerOf(path, 'base-files')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { withAbout } from '../../../src/evidence/inventory/about.ts';
import type { Component } from '../../../src/kinds/component.ts';

const component = (kind: string, more: Partial<Component> = {}): Component => ({
  ...{ id: `recipe:${kind}`, kind, name: 'demo', inputs: [], linked: [] },
  licence: { expression: 'NOASSERTION', texts: [], basis: 'nobody said' },
  ...more,
});

const about = {
  version: '1.4.2',
  licence: 'MIT OR Apache-2.0',
  cpe: 'cpe:2.3:a:example:demo:1.4.2:*:*:*:*:*:*:*',
  supplier: 'Example Ltd',
  source: 'https://code.example/demo',
};

const told = {
  version: '1.4.2',
  licence: { expression: 'MIT OR Apache-2.0', texts: [], basis: 'stated by the recipe' },
  cpe: about.cpe,
  supplier: 'Organization: Example Ltd',
  repository: about.source,
};

test.each([
  ['the sources of a program, not the files beside it', ['files', 'sources'], 'sources'],
  ['an archive that was built', ['deb', 'archive', 'files'], 'archive'],
  ['files, where there is no program', ['accounts', 'deb', 'files'], 'files'],
])('what a recipe says of its own is said of %s', (_, kinds, own) => {
  const components = kinds.map((kind) => component(kind));
  expect(withAbout(components, about)).toEqual(
    components.map((each) => (each.kind === own ? { ...each, ...told } : each)),
  );
});

test('a person stays one, and the version of an archive is the one in its name', () => {
  const [archive] = withAbout([component('archive', { version: '5.4.7' })], {
    ...{ version: '9', supplier: 'Person: Jo' },
  });
  expect(archive).toMatchObject({ version: '5.4.7', supplier: 'Person: Jo' });
  expect(archive).not.toHaveProperty('cpe');
});

test('nothing is said of packages, or where nothing was stated', () => {
  const components = [component('deb'), component('accounts')];
  expect(withAbout(components, about)).toBe(components);
  expect(withAbout([component('files')], undefined)).toEqual([component('files')]);
});

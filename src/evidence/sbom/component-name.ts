import type { Component, ComponentKind } from '../../kinds/component.ts';

/** Titles of the recipe's own parts, whose only name is their recipe's. */
const titles: Partial<Readonly<Record<ComponentKind, string>>> = {
  sources: 'sources',
  files: 'files:',
  accounts: 'accounts:',
  run: 'run:',
  from: 'from:',
};

/** Returns the name under which a component is listed, for instance `hello-cpp (sources)`. */
export function componentName({ kind, name }: Component): string {
  const title = titles[kind];
  return title === undefined ? name : `${name} (${title})`;
}

import type { Cause } from './cause.ts';

export const buildSystems: readonly Cause[] = [
  {
    pattern: /No rule to make target ['`]([^']+)['’]/,
    cure: ([target = '']) =>
      `Nothing makes ${target}, and it is not among what the builder was sent: look at \`ignore\` and at how the file is spelt, or make it with a command of \`build\` before.`,
  },
  {
    pattern: /No targets specified and no makefile found/,
    cure: () =>
      'There is no Makefile yet: let `build` run what makes it first, for instance `[./configure]`, or name its folder, `[make, -C, FOLDER]`.',
  },
  {
    pattern: /missing separator/,
    cure: () => 'Commands in a Makefile begin with a tab, not with spaces.',
  },
  {
    pattern:
      /Could not resolve host|Temporary failure in name resolution|unable to access 'http|Network is unreachable|Name or service not known/,
    cure: () =>
      'Builders have no network. What a build needs is named in the recipe: its `archive`, Debian packages of the toolchain, or files beside the recipe.',
  },
  {
    pattern: /Killed signal terminated program|out of memory|memory exhausted|^Killed$/,
    cure: () =>
      'The builder ran out of memory. Let it do less at once, with a lower `jobs` in the recipe; the limit is the same on every engine.',
  },
  {
    pattern: /^Hunk #\d+ FAILED|^patch: \*\*\*\*/,
    cure: () => 'The patch was made for another version of the sources: make it anew for this one.',
  },
];

import ignore from 'ignore';

/**
 * Patterns that stand before everybody's own: what version control and mkbase itself leave in a folder of
 * sources. An own pattern that begins with "!" takes one back.
 */
export const alwaysIgnored: readonly string[] = [
  '.git',
  'mkbase-out/',
  '*.lock.json',
  '*.lock.sigstore.json',
];

/** Says whether a path (relative, "/" between its parts) is left out; what is below it is then, too. */
export type Ignoring = (path: string, isFolder: boolean) => boolean;

/** Returns the meaning of patterns in the syntax of gitignore(5), which tells upper from lower case. */
export function ignoring(patterns: readonly string[]): Ignoring {
  const rules = ignore({ ignorecase: false }).add([...alwaysIgnored, ...patterns]);
  return (path, isFolder) => rules.ignores(isFolder ? `${path}/` : path);
}

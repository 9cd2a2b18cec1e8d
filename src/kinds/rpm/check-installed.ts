import { MkbaseError } from '../../base/errors.ts';
import { recordOf } from '../../packages/rpm/installed/database.ts';
import { installedHeaders } from '../../packages/rpm/installed/rpmdb.ts';
import type { LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

const identity = (each: { name: string; version: string; architecture: string }, header: string) =>
  `${each.name} ${each.version} (${each.architecture}), header ${header}`;

const differs = (problems: readonly string[]): MkbaseError =>
  new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `rpm's database does not hold exactly the locked packages:\n${problems
      .slice(0, 20)
      .map((each) => `  ${each}`)
      .join('\n')}`,
    hint: 'Run with --progress plain to see what rpm says; --no-cache resolves anew.',
  });

function installed(bytes: Buffer): Set<string> {
  try {
    return new Set(
      installedHeaders(bytes).map((header) => identity(recordOf(header), header.digest())),
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw differs([error.message]);
  }
}

/**
 * Refuses a tree whose database of rpm, in a folder, differs from the lock by name, version, architecture or
 * the digest of a header. Throws BUILD_OUTPUT.
 */
export async function checkInstalled(
  entries: readonly Entry[],
  database: string,
  { packages }: LockedRpms,
): Promise<void> {
  const path = `${database}/rpmdb.sqlite`;
  const entry = entries.find((each) => each.path === path);
  if (entry?.type !== 'file') throw differs([`there is no /${path}`]);
  const found = installed(await readContent(entry.content));
  const locked = new Set(packages.map((each) => identity(each, each.header)));
  const problems = [
    ...[...locked].filter((each) => !found.has(each)).map((each) => `missing: ${each}`),
    ...[...found].filter((each) => !locked.has(each)).map((each) => `not locked: ${each}`),
  ];
  if (problems.length > 0) throw differs(problems);
}

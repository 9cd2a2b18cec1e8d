import { MkbaseError } from '../../base/errors.ts';
import { parseParagraphs } from '../../packages/deb/index/paragraph.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

const statusFile = 'var/lib/dpkg/status';

/** `name version` of each package that dpkg's record calls installed, and those in another state. */
async function recorded(entries: readonly Entry[]) {
  const entry = entries.find(({ path }) => path === statusFile);
  const text = entry?.type === 'file' ? (await readContent(entry.content)).toString('utf8') : '';
  const installed = new Set<string>();
  const unfinished: string[] = [];
  for (const fields of parseParagraphs(text)) {
    const package_ = `${fields.get('package')} ${fields.get('version')}`;
    if (fields.get('status') === 'install ok installed') installed.add(package_);
    else unfinished.push(`${package_} (${fields.get('status')})`);
  }
  return { installed, unfinished };
}

/** Refuses a tree whose packages are not exactly the locked ones, all of them configured: BUILD_OUTPUT. */
export async function checkInstalled(
  entries: readonly Entry[],
  { packages }: LockedDebs,
): Promise<void> {
  const { installed, unfinished } = await recorded(entries);
  const locked = new Set(packages.map(({ name, version }) => `${name} ${version}`));
  const problems = [
    ...unfinished.map((each) => `not configured: ${each}`),
    ...[...locked].filter((each) => !installed.has(each)).map((each) => `missing: ${each}`),
    ...[...installed].filter((each) => !locked.has(each)).map((each) => `not locked: ${each}`),
  ];
  if (problems.length === 0) return;
  const shown = problems.slice(0, 20).map((each) => `  ${each}`);
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The root filesystem does not hold exactly the locked packages:\n${shown.join('\n')}`,
    hint: 'Run with --progress plain to see what debootstrap and apt say; --no-cache resolves anew.',
  });
}

import { MkbaseError } from '../../base/errors.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import type { LockedRelease } from './locked-rootfs.ts';

/** Far more than a version or an architecture takes. */
const maxBytes = 256;

/**
 * A signature covers an archive but not its name: a mirror could pass off an older release, or
 * another architecture, as the one asked for. What stands inside must agree. Throws SOURCE_CORRUPT.
 */
export async function checkAlpine(
  entries: readonly Entry[],
  name: string,
  { version, arch }: LockedRelease,
): Promise<void> {
  await expectLine(entries, 'etc/alpine-release', version, name);
  await expectLine(entries, 'etc/apk/arch', arch, name);
}

async function expectLine(
  entries: readonly Entry[],
  path: string,
  expected: string,
  name: string,
): Promise<void> {
  const entry = entries.find((each) => each.path === path);
  const small = entry?.type === 'file' && entry.size <= maxBytes;
  const found = small ? (await readContent(entry.content)).toString('latin1').trim() : undefined;
  if (found === expected) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${name} says ${JSON.stringify(found ?? '(nothing)')} in /${path}, where ${expected} is expected.`,
    hint: 'The mirror serves one release in place of another: use another one with --mirror, or pin anew with `mkbase update`.',
  });
}

import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { defaultUbuntuMirrors } from '../../../packages/deb/archive/ubuntu-mirrors.ts';
import { debMembers } from '../../../packages/deb/unpack/deb.ts';
import { contentOf, spoolMember } from '../../../packages/deb/unpack/deb-member.ts';
import type { ResolveContext } from '../../contract.ts';
import type { DebootstrapSource } from '../schema.ts';

/** The program, which is also the name of its package. */
const program = 'debootstrap';

/** Many times what the package unpacks to. */
const limits = { maxBytes: 64 * 1024 ** 2, maxEntries: 10_000 };

/** Reads the text of the program out of its package. Errors: those of fetching, ARCHIVE_REFUSED. */
async function programText({ builderPackage, folder }: ResolveContext, io: Io): Promise<string> {
  const own = await mkdtemp(join(folder, 'tool-'));
  let text = '';
  for await (const member of debMembers(await builderPackage(program, io), `${program}.deb`)) {
    const file = join(own, `${member.name}.tar`);
    const entries = await spoolMember(member, file, `${program}.deb`, limits, io);
    if (member.name === 'data') {
      text = (await contentOf(entries, `usr/sbin/${program}`))?.toString() ?? '';
    }
  }
  return text;
}

/**
 * Returns the distribution's own mirror as debootstrap names it for suites with known rules. The builder need not
 * be made for it. Errors: BUILD_OUTPUT where the program names none, those of programText.
 */
export async function ownMirror(
  { distro }: DebootstrapSource,
  platform: Platform,
  context: ResolveContext,
  io: Io,
): Promise<string> {
  if (distro === 'ubuntu') return defaultUbuntuMirrors(platform).main;
  const [, mirror] =
    /^DEF_MIRROR="(https?:\/\/[^\s"@]+)"$/m.exec(await programText(context, io)) ?? [];
  if (mirror !== undefined) return mirror;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message:
      'The debootstrap of the builder names no mirror of its own. Expected DEF_MIRROR="URL".',
    hint: 'Use the toolchain that ships with mkbase, or pin anew with `mkbase update`.',
  });
}

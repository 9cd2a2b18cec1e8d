import { MkbaseError } from '../../../base/errors.ts';
import type { Universe } from '../../../packages/deb/index/universe.ts';
import type { DebootstrapSource } from '../schema.ts';

/** Packages that are not essential by their own word, and without which nothing can be installed. */
const needed = ['apt', 'dpkg'];

/** Refuses to leave out a package without which the root filesystem does not work. Throws PACKAGE_CONFLICT. */
export async function refuseExcluded(
  { exclude }: DebootstrapSource,
  universe: Universe,
): Promise<void> {
  for (const name of Object.keys(exclude)) {
    const found = await universe.find(name);
    const isEssential = found?.fields.get('essential') === 'yes';
    if (!isEssential && !needed.includes(name)) continue;
    throw new MkbaseError({
      code: 'PACKAGE_CONFLICT',
      message: `${name} cannot be left out: it is ${isEssential ? 'essential' : 'what installs the others'}.`,
      hint: 'Take it out of "exclude"; what an image does not need of it can be dropped with "slim".',
      about: [name],
    });
  }
}

/** Refuses a choice in which something that is to be left out came along. Throws PACKAGE_CONFLICT. */
export function requireExcluded(
  { exclude }: DebootstrapSource,
  chosen: readonly { readonly name: string }[],
): void {
  const found = chosen.find(({ name }) => Object.hasOwn(exclude, name));
  if (found === undefined) return;
  throw new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `${found.name} cannot be left out: a package of the base set, or one in "packages", depends on it.`,
    hint: 'Take it out of "exclude", or leave out what depends on it as well.',
    about: [found.name],
  });
}

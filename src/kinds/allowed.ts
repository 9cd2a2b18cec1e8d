import { toByteString } from '../base/byte-string.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { programsOf } from './static/script.ts';

/** Set-user-id, set-group-id and sticky. */
const specialBits = 0o7000;

/**
 * What of a build's result may be special: of a program only the bits that the recipe gave it; of
 * signed packages and published archives, and of what the recipe's own commands make, all that they
 * bring, each of it reported.
 */
export function allowedBy({ name, from, run }: Recipe): 'listed' | readonly string[] {
  if (run.length > 0) return 'listed';
  switch (from.kind) {
    case 'debs':
    case 'minirootfs':
    case 'debootstrap':
    case 'apk':
      return 'listed';
    case 'static':
      return programsOf(name, from.static)
        .filter(({ mode }) => (mode & specialBits) !== 0)
        .map(({ path }) => toByteString(path.slice(1)));
  }
}

import { alpmInputs, alpmSignatures } from '../../packages/alpm/alpm-inputs.ts';
import {
  alpmName,
  type LockedAlpms,
  lockedAlpms,
  snapshotDay,
} from '../../packages/alpm/locked-alpm.ts';
import type { Kind } from '../contract.ts';
import { type PacmanSource, pacman as schema } from './schema.ts';
import { starter } from './starter.ts';

/** The toolchain that has pacman. */
const builder = 'pacman';

/** `from: { pacman: … }`: Arch Linux of one day. */
export const pacman: Kind<PacmanSource, LockedAlpms> = {
  name: 'pacman',
  schema,
  paths: { 'keys.*': 'key' },
  builder: () => builder,
  // Every compiler's toolchain has what its steps call, but not pacman.
  tools: ['pacman-package-manager'],
  packages: {
    form: () => alpmName,
    join: (source, packages) => ({
      ...source,
      packages: [...new Set([...source.packages, ...packages])],
    }),
  },
  release: (source) => ({
    form: snapshotDay,
    current: source.snapshot,
    with: (snapshot) => ({ ...source, snapshot }),
  }),
  lockSchema: lockedAlpms,
  inputs: alpmInputs,
  indexes: alpmSignatures,
  date: ({ date }) => date,
  distribution: ({ distro }) => distro,
  platforms: () => ['linux/amd64'],
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};

import { platforms } from '../../base/platform.ts';
import type { Dialect } from './dialect.ts';

/** podman, as of 4.3. */
export const podman: Dialect = {
  name: 'podman',
  // podman hands the host's proxy variables, which may hold passwords, to every container.
  runOptions: ['--http-proxy=false'],
  // Else podman lays file systems of its own over /tmp, /run and /var/tmp, and adds variables.
  stepOptions: ['--read-only', '--read-only-tmpfs=false', '--unsetenv-all'],
  // A tmpfs starts with a copy of what the image has there, and is owned like it.
  tmpfsOptions: ['notmpcopyup'],
  // Its init is a package of its own (catatonit), which is often not there.
  init: false,
  // `rm --force` of a container that is just starting forgets it and leaves it running (4.3.1);
  // `kill` refuses until it runs, and `run --rm` then removes it.
  killArguments: ['kill'],
  removeArguments: ['rm', '--force', '--time', '0'],
  untagArguments: ['untag'],
  importInstructions: new Set([
    'CMD',
    'ENTRYPOINT',
    'ENV',
    'EXPOSE',
    'LABEL',
    'STOPSIGNAL',
    'USER',
    'VOLUME',
    'WORKDIR',
  ]),
  importQuoting: 'literal',
  importOptions: (platform) => {
    const { ociArchitecture, ociVariant } = platforms[platform];
    const variant = ociVariant === undefined ? [] : ['--variant', ociVariant];
    return ['--quiet', '--os', 'linux', '--arch', ociArchitecture, ...variant];
  },
  noSuchImage: /image not known|no such image/i,
  halfStored: /locating item named "manifest"|layer not known/i,
};

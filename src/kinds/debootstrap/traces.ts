import type { Traces } from '../../steps/clamp-times.ts';

/**
 * Paths that tell when or where a step ran, each with the reason. They are dropped as soon as a step left them, so that
 * its result is the same whenever it is made; the policy drops them from the image in any case.
 */
export const traces: Traces = {
  'var/cache/ldconfig/aux-cache':
    'holds inode numbers and times of libraries; ldconfig makes it anew',
  'var/cache/apt/pkgcache.bin': 'holds times of files of the build; apt makes it anew',
  'var/cache/apt/srcpkgcache.bin': 'holds times of files of the build; apt makes it anew',
  'var/log/alternatives.log': 'says when which alternative was chosen',
  'var/log/dpkg.log': 'says when which package was configured',
  'var/log/apt/history.log': 'says when which command ran',
  'var/log/apt/term.log': 'says when which command ran',
};

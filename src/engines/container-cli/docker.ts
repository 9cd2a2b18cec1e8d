import { platforms } from '../../base/platform.ts';
import { engineName } from '../engine.ts';
import type { Dialect } from './dialect.ts';

/** Docker, as of Engine 20.10: the first whose `run` knows `--pull never`. */
export const docker: Dialect = {
  name: engineName.docker,
  runOptions: [],
  stepOptions: ['--read-only'],
  tmpfsOptions: [],
  init: true,
  killArguments: ['rm', '--force'],
  removeArguments: ['rm', '--force'],
  untagArguments: ['image', 'rm', '--no-prune'],
  importInstructions: new Set([
    'CMD',
    'ENTRYPOINT',
    'ENV',
    'EXPOSE',
    'HEALTHCHECK',
    'LABEL',
    'ONBUILD',
    'STOPSIGNAL',
    'USER',
    'VOLUME',
    'WORKDIR',
  ]),
  importQuoting: 'escaped',
  importOptions: (platform) => ['--platform', platforms[platform].name],
  noSuchImage: /no such image|no such object/i,
};

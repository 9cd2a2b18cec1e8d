// The time that smoke tests of an image take.
import { bare, onNamespace, timed, writeFiles } from './workbench.mjs';

const recipeWith = (tests, turn) =>
  `name: tested
extends: debian-slim
files: [{ path: /turn, content: "${turn}" }]
${tests === 0 ? '' : `test:\n${'  - { run: [cat, /turn] }\n'.repeat(tests)}`}`;

/** Builds an image that is new each time with so many tests; returns seconds. */
function building(folder, tests, turn) {
  writeFiles('tested', { 'recipe.yaml': recipeWith(tests, `${tests} in ${turn}`) });
  return timed(onNamespace('namespace', folder, '--output', 'type=rootfs'));
}

const smoke = {
  title: 'One smoke test on debian-slim on the namespace engine',
  ...{ pairs: 5, most: 0.3, apart: true },
  prepare() {
    const folder = writeFiles('tested', { 'recipe.yaml': recipeWith(0, 'before') });
    building(folder, 1, 'before');
    let one;
    return {
      sides: [
        {
          name: 'the only test (a build with one, less a build with none)',
          run(turn) {
            const none = building(folder, 0, turn);
            one = building(folder, 1, turn);
            return one - none;
          },
        },
        {
          name: 'each further test (a build with five, less a build with one, by 4)',
          run: (turn) => (building(folder, 5, turn) - one) / 4,
        },
      ],
    };
  },
};

/** Seconds that verifying may take besides what depends on the size. */
const allowance = 1;

/** The time that it takes to verify a build, against reading its bytes once. */
const verify = {
  title: '`mkbase verify` of debian as an OCI archive, against sha256sum of the same files',
  ...{ pairs: 5, promise: 2 },
  prepare() {
    const out = writeFiles('verified', {});
    timed([
      ...onNamespace('namespace', 'debian', '--no-test', '--output', 'type=oci'),
      '--out',
      out,
    ]);
    const verifying = bare('namespace', 'verify', out);
    return {
      sides: [
        { name: `mkbase verify, less ${allowance} s`, run: () => timed(verifying) - allowance },
        {
          name: 'sha256sum',
          run: () => timed(['sh', '-c', `find "$0" -type f -exec sha256sum {} +`, out]),
        },
      ],
    };
  },
};

export const forms = { 'smoke-test': smoke, verify };

// Peak resident memory of mkbase's own process, in megabytes.
import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  forget,
  forgetNodes,
  mkbase,
  onNamespace,
  peak,
  remove,
  timed,
  writeFiles,
} from './workbench.mjs';

const measured = (title, argv, before, prepare = () => {}) => ({
  ...{ title: `Peak memory: ${title}`, unit: 'MB', pairs: 3, most: 150 },
  prepare() {
    prepare();
    return { sides: [{ name: 'mkbase', before, run: () => peak(argv) }] };
  },
});

const cold = (title, argv, cache) => measured(title, argv, () => forget(cache));

/** On the namespace engine, with nothing but what the recipe names taken from before. */
const coldOnNamespace = (title, ...words) =>
  measured(title, onNamespace('memory-cold', ...words, '--output', 'type=rootfs'), () =>
    remove('memory-cold', 'mkbase-out'),
  );

const recipe =
  'name: big\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n';

/** A root filesystem of so many megabytes, which are new in each turn. */
function ofSize(megabytes, output) {
  const folder = join('big', String(megabytes));
  const write = () => {
    const path = join(writeFiles(folder, { 'recipe.yaml': recipe }), 'big');
    rmSync(path, { force: true });
    for (let left = megabytes; left > 0; left -= 50) {
      appendFileSync(path, randomBytes(Math.min(left, 50) * 1e6));
    }
  };
  const argv = mkbase('memory', `./${folder}`, '--output', `type=${output}`);
  return measured(`a root filesystem of ${megabytes} MB, ${output}`, argv, write);
}

const warm = mkbase('debian', 'debian', '--no-test');

export const forms = {
  ...Object.fromEntries(
    [1, 200, 2000].flatMap((size) =>
      ['import', 'oci'].map((output) => [`memory-${size}-${output}`, ofSize(size, output)]),
    ),
  ),
  'memory-hello': cold('hello, everything cold, docker', mkbase('first', 'hello'), 'first'),
  'memory-debian': cold('debian, everything cold, docker', mkbase('cold', 'debian'), 'cold'),
  'memory-debian-warm': measured(
    'debian, inputs and builder warm, docker',
    warm,
    () => forgetNodes('debian'),
    () => timed(warm),
  ),
  'memory-debian-namespace': coldOnNamespace('debian, everything cold, namespace', 'debian'),
  'memory-python-namespace': coldOnNamespace(
    'python-hello with its resolution, everything cold, namespace',
    'python-hello',
  ),
};

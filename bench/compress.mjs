// A large layer compressed, against the same program by hand on the same tar.
import { join } from 'node:path';
import { onNamespace, peak, shell, timed, writeFiles } from './workbench.mjs';

const recipe =
  'name: packed\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n';

const byHand = {
  gzip: 'pigz -6 -c "$1" >"$1.packed"',
  zstd: 'zstd -6 -qc "$1" >"$1.packed"',
  xz: 'xz -6 -c "$1" >"$1.packed"',
};

/** The first megabytes of this machine's programs and documents: what a root filesystem holds. */
const programs =
  'exec >"$1"; head -c 64 /dev/urandom; tar -cf - -C / usr/bin usr/lib usr/share 2>/dev/null | head -c "$2"';

/**
 * Writes a recipe with so many megabytes; new ones in each turn, since what was compressed before is found
 * again. A process of its own writes them: this one's memory would count as that of what it starts.
 */
function freshFile(name, megabytes) {
  const folder = writeFiles(name, { 'recipe.yaml': recipe });
  timed(shell(programs, join(folder, 'big'), String(megabytes * 1e6)));
  return folder;
}

const buildOf = (folder, form) =>
  onNamespace('packed', folder, '--output', `type=rootfs,dest=packed.${form},compression=${form}`);

const ratio = (form, megabytes) => ({
  title: `A root filesystem of ${megabytes} MB made and compressed with ${form}, against the program by hand`,
  ...{ pairs: 3, promise: 1.2 },
  prepare() {
    const name = `packed-${form}`;
    const folder = freshFile(name, megabytes);
    timed(buildOf(folder, form));
    return {
      sides: [
        {
          name: 'mkbase',
          before: () => freshFile(name, megabytes),
          run: () => timed(buildOf(folder, form)),
        },
        { name: byHand[form], run: () => timed(shell(byHand[form], join(folder, 'big'))) },
      ],
    };
  },
});

const memory = {
  ...{ title: 'Peak memory: 200 MB compressed with gzip', unit: 'MB', pairs: 3, most: 150 },
  prepare() {
    const folder = freshFile('packed-memory', 200);
    const before = () => freshFile('packed-memory', 200);
    return { sides: [{ name: 'mkbase', before, run: () => peak(buildOf(folder, 'gzip')) }] };
  },
};

export const forms = {
  'compress-gzip': ratio('gzip', 100),
  'compress-zstd': ratio('zstd', 100),
  'compress-xz': ratio('xz', 30),
  'memory-compress': memory,
};

// A large layer compressed, against the same program by hand on the same tar.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onNamespace, peak, shell, timed, writeFiles } from './workbench.mjs';

const recipe =
  'name: packed\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n';

/** The first megabytes of this machine's programs and documents: what a root filesystem holds. */
const programs = (megabytes) => {
  const script = 'tar -cf - -C / usr/bin usr/lib usr/share 2>/dev/null | head -c "$1" || :';
  const size = megabytes * 1e6;
  return execFileSync('sh', ['-c', script, 'sh', String(size)], { maxBuffer: 2 * size });
};

const byHand = {
  gzip: 'pigz -6 -c "$1" >"$1.packed"',
  zstd: 'zstd -6 -qc "$1" >"$1.packed"',
  xz: 'xz -6 -c "$1" >"$1.packed"',
};

/** New bytes in each turn, since what was compressed before is found again. */
const freshFile = (name, content) =>
  writeFiles(name, { 'recipe.yaml': recipe, big: Buffer.concat([randomBytes(64), content]) });

const buildOf = (folder, form) =>
  onNamespace('packed', folder, '--output', `type=rootfs,dest=packed.${form},compression=${form}`);

const ratio = (form, megabytes) => ({
  title: `A root filesystem of ${megabytes} MB made and compressed with ${form}, against the program by hand`,
  ...{ pairs: 3, promise: 1.2 },
  prepare() {
    const content = programs(megabytes);
    const name = `packed-${form}`;
    const folder = freshFile(name, content);
    timed(buildOf(folder, form));
    return {
      sides: [
        {
          name: 'mkbase',
          before: () => freshFile(name, content),
          run: () => timed(buildOf(folder, form)),
        },
        { name: byHand[form], run: () => timed(shell(byHand[form], join(folder, 'big'))) },
      ],
    };
  },
});

const memory = {
  ...{ title: 'Peak memory: 200 MB compressed with zstd', unit: 'MB', pairs: 3, most: 150 },
  prepare() {
    const content = programs(200);
    const folder = freshFile('packed-memory', content);
    const before = () => freshFile('packed-memory', content);
    return { sides: [{ name: 'mkbase', before, run: () => peak(buildOf(folder, 'zstd')) }] };
  },
};

export const forms = {
  'compress-gzip': ratio('gzip', 100),
  'compress-zstd': ratio('zstd', 100),
  'compress-xz': ratio('xz', 30),
  'memory-compress': memory,
};

// Peak resident memory of mkbase's own process.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from './measure.mjs';
import { forget, mkbase, peak, work } from './workbench.mjs';

const say = (what, argv) => console.log(`  ${what}: ${peak(argv).toFixed(0)} MB`);

function sizes() {
  console.log('\nPeak resident memory of mkbase, of which at most 150 MB is promised');
  for (const size of ['1M', '200M', '2G']) {
    const folder = join(work, `memory-${size}`);
    mkdirSync(folder);
    seconds(['sh', '-c', `head -c ${size} /dev/urandom >"$1"`, 'sh', join(folder, 'big')]);
    writeFileSync(
      join(folder, 'recipe.yaml'),
      'name: big\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n',
    );
    for (const output of ['import', 'oci']) {
      say(`${size} rootfs, ${output}`, mkbase('memory', folder, '--output', `type=${output}`));
    }
    rmSync(folder, { recursive: true });
    rmSync(join(work, 'mkbase-out'), { recursive: true, force: true });
    seconds(['docker', 'rmi', '-f', 'mkbase/big']);
  }
  forget('first');
  say('hello from an empty cache', mkbase('first', 'hello'));
}

function distributions() {
  forget('debian');
  console.log('\nPeak resident memory of mkbase for whole distributions; promised 150 MB');
  say('debian, everything cold', mkbase('debian', 'debian'));
  say('python-hello', mkbase('debian', 'python-hello'));
}

export const benches = { 'memory-sizes': sizes, 'memory-debian': distributions };

// The time that it takes to verify a build, against reading its bytes once.
import { join } from 'node:path';
import { inTurn } from './measure.mjs';
import { mkbase, root, shell, timed, work } from './workbench.mjs';

const allowance = 1;

function debian() {
  const out = join(work, 'verify-out');
  timed(mkbase('verify', 'debian', '--output', 'type=oci', '--out', out));
  const cache = `XDG_CACHE_HOME=${join(work, 'verify')}`;
  const verify = ['env', cache, process.execPath, join(root, 'dist/cli.js'), 'verify', out];
  const sums = shell('find "$1" -type f -exec sha256sum {} +', out);
  inTurn(
    'Verifying debian as an OCI archive, against sha256sum of the same files',
    5,
    2,
    { name: `mkbase verify, less ${allowance} s`, run: () => timed(verify) - allowance },
    { name: 'sha256sum', run: () => timed(sums) },
  );
}

export const benches = { verify: debian };

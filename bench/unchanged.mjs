// A build of which nothing has changed since the last one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './measure.mjs';
import { helloCopy, helloSource, mkbase, timed, work } from './workbench.mjs';

function hello() {
  const folder = helloCopy('unchanged', { tests: true });
  const context = join(work, 'context');
  mkdirSync(context);
  timed(mkbase('edit', folder));
  writeFileSync(join(context, 'hello'), helloSource);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n');
  for (const [name, buildkit] of [
    ['BuildKit', '1'],
    ['the legacy builder', '0'],
  ]) {
    const peer = ['env', `DOCKER_BUILDKIT=${buildkit}`, '/usr/bin/docker', 'build', '-q', context];
    timed(peer);
    inTurn(
      `Unchanged, against docker build with ${name}`,
      15,
      1,
      { name: 'mkbase ./hello', run: () => timed(mkbase('edit', folder)) },
      { name: `docker build, ${name}`, run: () => timed(peer) },
    );
  }
}

function debian() {
  const build = () => timed(mkbase('debian', 'debian'));
  build();
  const times = Array.from({ length: 9 }, build).sort((a, b) => a - b);
  console.log('\n`mkbase debian`, packages warm and nothing changed; promised under 0.3 s');
  console.log(`  ${times[4].toFixed(2)} s (${times[0].toFixed(2)}–${times[8].toFixed(2)})`);
}

export const benches = { 'unchanged-hello': hello, 'unchanged-debian': debian };

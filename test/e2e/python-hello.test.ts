import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { workFolder } from './support/work-folder.ts';

const folder = workFolder('python-hello');
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
const missing = everySetting.find(({ title }) => title === 'docker')?.missing;

/** What the server answers once it listens. */
async function answer(url: string): Promise<string> {
  for (let turn = 0; turn < 100; turn++) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return response.text();
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} does not answer`);
}

describe.skipIf(missing)(`python-hello${missing ? ` [left out: ${missing}]` : ''}`, () => {
  test('answers a request on the port that it exposes, as its own user', async () => {
    const args = ['python-hello', '--engine', 'docker', '--tag', 'mkbase/python-hello:served'];
    expect(await mkbase(args, { cwd: folder() })).toMatchObject({ code: 0 });
    const id = docker('run', '--detach', '--rm', '--publish-all', 'mkbase/python-hello:served');
    try {
      const port = docker('port', id, '8080/tcp').split('\n')[0]?.split(':').at(-1);
      expect(await answer(`http://127.0.0.1:${port}/`)).toBe('Hello from mkbase\n');
      expect(docker('exec', id, 'id', '-u')).toBe('10001');
      expect(docker('exec', id, 'sh', '-c', 'ls /usr/share/doc/python3-flask')).toBe('copyright');
    } finally {
      docker('kill', id);
    }
  });
});

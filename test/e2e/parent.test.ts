import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder.ts';
import { ask, type Builder, builders } from './support/builders.ts';
import { mkbase } from './support/mkbase.ts';

const work = folderForEachTest();
const parent = 'mkbase/parent';
const child = 'mkbase/child-by-test';

const recipe = `name: parent
from:
  debs: { packages: [busybox-static] }
files: [{ path: /usr/bin/sh, symlink: busybox }]
accounts: { users: [{ name: app, uid: 10001 }] }
image:
  env: { GREETING: "from the parent" }
  user: app
  cmd: [sh, -c, "busybox cat /srv/*"]
`;

const dockerfile = (from: string) => `FROM ${from}
USER 0
RUN busybox mkdir -p /srv && echo "$GREETING" > /srv/1-run
COPY copied /srv/2-copied
USER app
`;

/** Builds the recipe into the builder's engine and an image on top of it; returns what that says. */
async function grandchild({ engine, ...by }: Builder): Promise<string> {
  writeFileSync(join(work(), 'recipe.yaml'), recipe);
  const run = await mkbase(['./recipe.yaml', '--engine', engine], { cwd: work() });
  expect(run).toMatchObject({ code: 0 });
  const context = join(work(), 'context');
  mkdirSync(context);
  writeFileSync(join(context, 'copied'), 'copied\n');
  writeFileSync(join(context, 'Dockerfile'), dockerfile(parent));
  ask({ engine, ...by }, ['build', '-q', '--tag', child, context]);
  return ask({ engine, ...by }, ['run', '--rm', child]);
}

for (const { name, builder, missing } of builders) {
  describe.skipIf(missing)(`an image of mkbase as a parent, with ${name}`, () => {
    test('runs commands, takes files and hands on its config; its history says where it is from', async () => {
      const by = builder!;
      try {
        expect(await grandchild(by)).toBe('from the parent\ncopied');
        const format = ['--no-trunc', '--format', '{{.Comment}}'];
        const comments = ask(by, ['history', ...format, child]).split('\n');
        expect(comments.at(-1)).toMatch(/^mkbase: recipe parent, lock sha256:[0-9a-f]{64}\b/);
      } finally {
        ask(by, ['rmi', '-f', child, parent]);
      }
    });
  });
}

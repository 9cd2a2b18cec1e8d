import { test, expect } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { observe } from '../support/observed-run.ts';
test('x', async () => {
  const f = busyboxRecipe(mkdtempSync('/tmp/abuse/t-'));
  for (const e of ['docker','podman','namespace']) {
  const t=Date.now();
  const r = await observe([f, '--engine', e], { cwd: f });
  console.log(e, Date.now()-t, r.code, r.stdout, r.stderr.slice(-3000));
  }
});

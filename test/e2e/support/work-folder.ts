import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach } from 'vitest';

/** A folder for each test, which an ordinary user can write to as well; it is gone afterwards. */
export function workFolder(name: string): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `mkbase-${name}-`));
    chmodSync(folder, 0o777);
    return () => rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}

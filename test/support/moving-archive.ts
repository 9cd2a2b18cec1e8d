import { createReadStream } from 'node:fs';
import { cp, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { TestArchive } from './debian-archive.ts';
import { temporaryFolder } from './folder.ts';
import type { Handler } from './http-server.ts';
import { serving } from './store.ts';

interface State {
  /** As a state's name has it: `20260910T081541Z`. */
  readonly taken: string;
  readonly folder: string;
}

const stampOf = (time: Date): string => time.toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * Serves an archive as a mirror that moves on (below `/debian`) and the archive of its past states (below
 * `/archive/debian/<time>`), which answers with the last state up to a time, as snapshot.debian.org does.
 */
export async function movingArchive(archive: TestArchive) {
  const states: State[] = [];
  const fileOf = (path: string): string | undefined => {
    const [, past, rest = ''] = /^\/archive\/debian\/(\d{8}T\d{6}Z)\/(.*)$/.exec(path) ?? [];
    if (past === undefined) return join(archive.folder, path.replace(/^\/debian\//, ''));
    const state = states.filter(({ taken }) => taken <= past).at(-1);
    return state && join(state.folder, rest);
  };
  const handler: Handler = async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    const file = fileOf(path);
    const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || !found?.isFile()) return response.writeHead(404).end('not found');
    response.writeHead(200, { 'content-length': found.size });
    return createReadStream(file).pipe(response);
  };
  const { url } = await serving(handler);
  return {
    /** Names mirror and archive of past states, as the environment of a run does. */
    env: {
      MKBASE_DEBIAN_MIRROR: `${url}/debian`,
      MKBASE_DEBIAN_SECURITY_MIRROR: `${url}/debian`,
      MKBASE_SNAPSHOT_MIRROR: `${url}/archive`,
    },
    /** Keeps the archive as it is, as a state that was taken at that time. */
    async keep(taken: Date): Promise<void> {
      const folder = temporaryFolder();
      await cp(archive.folder, folder, { recursive: true });
      states.push({ taken: stampOf(taken), folder });
    },
  };
}

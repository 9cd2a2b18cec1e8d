#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './store/cache-folder.ts';

/** Since Node 22.1: compiled code is kept between runs. Has to come before the import it is to help. */
const { enableCompileCache } = nodeModule as {
  readonly enableCompileCache?: (folder: string) => unknown;
};
enableCompileCache?.(join(cacheFolder(process.env), 'node'));

const { main } = await import('./commands/main.ts');
await main(process.argv.slice(2));

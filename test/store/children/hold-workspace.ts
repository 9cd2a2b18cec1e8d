import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openWorkspace } from '../../../src/store/workspace.ts';

const { folder } = await openWorkspace(process.argv[2] ?? '');
await mkdir(join(folder, 'tree', 'below'), { recursive: true });
process.stdout.write(`${basename(folder)}\n`);
setInterval(() => undefined, 1000);

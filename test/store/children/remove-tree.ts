import { removeTree } from '../../../src/store/remove-tree.ts';

process.stdout.write(`${await removeTree(process.argv[2] ?? '')}\n`);
